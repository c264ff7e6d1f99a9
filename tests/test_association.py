import math

import numpy
import pytest
from nltk.metrics import BigramAssocMeasures
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from korpus.statistics.association import MEASURES, expected

# joint, a, b, total: attraction, repulsion, independence, always and never together, one unit.
TABLES = [
    (110, 2552, 221, 31777),
    (8, 15828, 4675, 14307668),
    (20, 42, 20, 14307668),
    (1, 500, 400, 1000),
    (20, 40, 50, 100),
    (30, 30, 30, 100),
    (0, 3, 4, 100),
    (5, 10, 5, 10),
    (1, 1, 1, 1),
]
ARRAYS = [numpy.array(column) for column in zip(*TABLES, strict=True)]


def measured(name: str) -> "numpy.ndarray":
    return MEASURES[name].function(*ARRAYS)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("g2", "likelihood_ratio"),
        ("chi2", "chi_sq"),
        ("t", "student_t"),
        ("pmi", "pmi"),
        ("dice", "dice"),
        ("jaccard", "jaccard"),
    ],
)
def test_equals_nltk(ours: str, theirs: str) -> None:
    found = measured(ours)
    for value, (joint, a, b, total) in list(zip(found, TABLES, strict=True))[:6]:
        wanted = getattr(BigramAssocMeasures, theirs)(joint, (a, b), total)
        assert abs(value) == pytest.approx(abs(wanted), rel=1e-9, abs=1e-9)


def test_equals_scipy() -> None:
    for joint, a, b, total in TABLES[:6]:
        table = [[joint, a - joint], [b - joint, total - a - b + joint]]
        for name, lambda_ in (("g2", "log-likelihood"), ("chi2", "pearson")):
            wanted = chi2_contingency(table, correction=False, lambda_=lambda_)
            value = float(MEASURES[name].function(joint, a, b, total))
            assert abs(value) == pytest.approx(wanted.statistic, rel=1e-9, abs=1e-9)
            assert expected(joint, a, b, total) == pytest.approx(wanted.expected_freq[0, 0])
        phi = association(numpy.array(table), method="cramer")
        forward, back = (
            float(MEASURES[name].function(joint, a, b, total))
            for name in ("delta_p", "delta_p_back")
        )
        assert math.sqrt(forward * back) == pytest.approx(phi, rel=1e-9, abs=1e-9)


def test_published_values() -> None:
    """Of Dunning (1993, "the swiss") and Manning & Schütze (1999, 5.3 and 5.4)."""
    the, swiss, neither = 2442, 111, 29114
    cells = (110, 110 + the, 110 + swiss, 110 + the + swiss + neither)
    assert round(float(MEASURES["g2"].function(*cells)), 2) == 270.72
    new_companies = (8, 15828, 4675, 14307668)
    assert round(float(MEASURES["t"].function(*new_companies)), 4) == 0.9999
    assert round(float(MEASURES["chi2"].function(*new_companies)), 2) == 1.55
    ayatollah_ruhollah = (20, 42, 20, 14307668)
    assert round(float(MEASURES["pmi"].function(*ayatollah_ruhollah)), 2) == 18.38


def test_direction_is_a_sign() -> None:
    """A ranking has attraction first, repulsion last."""
    for name in ("g2", "chi2", "t", "pmi", "npmi", "delta_p", "delta_p_back"):
        attraction, repulsion, independence = measured(name)[[0, 3, 4]]
        assert repulsion < 0 <= abs(independence) < 1e-12 < attraction, name


def test_definitions_at_the_edges() -> None:
    always, never, of_all, single = ({n: measured(n)[i] for n in MEASURES} for i in (5, 6, 7, 8))
    for name in ("npmi", "dice", "delta_p", "delta_p_back", "min_sensitivity", "jaccard", "cosine"):
        assert always[name] == pytest.approx(1), name
    assert always["logdice"] == 14
    assert never["pmi"] == never["t"] == never["logdice"] == -math.inf and never["npmi"] == -1
    assert never["g2"] < 0 and never["dice"] == never["cosine"] == 0
    assert of_all["g2"] == of_all["chi2"] == of_all["delta_p"] == of_all["delta_p_back"] == 0
    assert single["npmi"] == 1 and single["g2"] == single["pmi"] == single["delta_p"] == 0
    assert not any(math.isnan(measure.function(0, 0, 0, 0)) for measure in MEASURES.values())
