"""Topics whose shares depend on metadata."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import BayesianRidge

from korpus.errors import KorpusError
from korpus.files import load
from korpus.models import StmModel, stm, topics_effects, topics_trend
from korpus.records import Record
from korpus.statistics.logistic_normal import Prior, batches, laplace
from korpus.statistics.shrinkage import shrunk_regression
from tests.support import fresh, korpus, lines
from tests.test_models import _changed

PRESSES = {"가": 0.8, "나": -0.8}  # of η of the first topic


def planted(documents: int = 400) -> list[Record]:
    """Three topics of 20 words; the first depends on the press, and rises by the year."""
    random = numpy.random.default_rng(0)
    found = []
    for number in range(documents):
        press, year = str(random.choice(list(PRESSES))), int(random.integers(5))
        eta = random.normal([PRESSES[press] + 0.4 * (year - 2), 0, 0], 1)
        shares = numpy.exp(eta) / numpy.exp(eta).sum()
        words = [f"w{t}-{random.integers(20):02}" for t in random.choice(3, 40, p=shares)]
        date = f"{2000 + year}-05-03"
        found.append({"id": str(number), "press": press, "date": date, "tokens": words})
    return found


@pytest.fixture(scope="module")
def model() -> StmModel:
    return stm(planted(), formula="press + date", k=3)


def first(model: StmModel) -> int:
    return int(model.topic_term[:, model.terms.index("w0-00")].argmax())


def test_recovers_planted_topics_and_effects(model: StmModel) -> None:
    for topic in range(3):
        own = [place for place, term in enumerate(model.terms) if term.startswith(f"w{topic}")]
        assert model.topic_term[:, own].sum(axis=1).max() > 0.97
    others = [topic for topic in range(3) if topic != first(model)]
    effects = model.coefficients[first(model)] - model.coefficients[others]
    assert effects[:, 1] == pytest.approx([-1.6, -1.6], abs=0.3)  # 나, beside 가
    assert effects[:, 2] == pytest.approx([0.4, 0.4], abs=0.06)  # a year
    factor = model.factor - model.factor[first(model)]
    variances = (factor[others] ** 2).sum(axis=1)  # of a difference: 1 + 1
    assert variances == pytest.approx([2, 2], abs=0.5)


def test_effects_and_trends_of_its_topics(model: StmModel) -> None:
    """The true difference of shares, by simulation, is in the interval of the regression."""
    random = numpy.random.default_rng(1)
    eta = random.normal(0, 1, (40_000, 3))
    eta[:, 0] += 0.4 * (numpy.arange(40_000) % 5 - 2)
    shares = []
    for shift in PRESSES.values():
        moved = numpy.exp(eta + numpy.array([shift, 0, 0]))
        shares.append((moved[:, 0] / moved.sum(axis=1)).mean())
    rows = list(topics_effects(model, formula="press + date").table())
    (row,) = (r for r in rows if r["topic"] == first(model) + 1 and r["effect"] == "press: 나")
    assert row["low"] < shares[1] - shares[0] < row["high"]
    trends = list(topics_trend(model, date="date", every="year").table())
    assert trends[0]["topic"] == first(model) + 1 and trends[0]["slope"] > 0.03


def test_draws_have_the_spread_of_the_posterior(model: StmModel) -> None:
    rows = numpy.arange(400) < 5
    draw = model.posterior(rows, numpy.random.default_rng(0))
    assert draw is not None
    logs = numpy.log([draw() for _draw in range(4000)])
    eta = logs[:, :, :-1] - logs[:, :, -1:]
    factor = (model.spread[:-1] - model.spread[-1:])[:, :, rows]
    for number in range(5):
        expected = factor[:, :, number] @ factor[:, :, number].T
        assert numpy.cov(eta[:, number].T) == pytest.approx(expected, rel=0.1, abs=0.01)


def test_mode_and_evidence_of_one_document() -> None:
    """Beside SciPy's maximum, and the Hessian of the density by differences."""
    random = numpy.random.default_rng(0)
    topics = random.dirichlet(numpy.full(12, 0.3), 4)
    counts = csr_matrix(random.poisson(1.2, (7, 12)).astype(float) * (numpy.arange(7) > 0)[:, None])
    root = random.normal(size=(3, 3))
    prior = Prior(random.normal(size=(7, 3)), root @ root.T + numpy.eye(3))
    inverse = numpy.linalg.inv(prior.covariance)
    seen = 0
    for batch in batches(counts, 4):
        found = laplace(batch, topics.T, prior)
        for place, row in enumerate(batch.rows):
            own, mean = counts[row].toarray()[0], prior.means[row]

            def loss(eta: Any, own: Any = own, mean: Any = mean) -> float:
                weights = numpy.exp([*eta, 0])
                words = own @ numpy.log(weights / weights.sum() @ topics)
                return float((eta - mean) @ inverse @ (eta - mean) / 2 - words)

            theirs = minimize(loss, mean, method="BFGS", options={"gtol": 1e-8})
            mode = found.modes[place]
            assert mode == pytest.approx(theirs.x, abs=1e-5)
            steps = numpy.eye(3) * 1e-3
            hessian = [
                [
                    (
                        loss(mode + a + b)
                        - loss(mode + a - b)
                        - loss(mode - a + b)
                        + loss(mode - a - b)
                    )
                    / 4e-6
                    for b in steps
                ]
                for a in steps
            ]
            assert numpy.linalg.inv(hessian) == pytest.approx(found.covariances[place], rel=1e-3)
            ratio = numpy.linalg.det(prior.covariance) * numpy.linalg.det(hessian)
            assert found.evidence[place] == pytest.approx(-theirs.fun - numpy.log(ratio) / 2, 1e-4)
            assert found.expected[place].sum() == pytest.approx(own.sum())
            seen += 1
    assert seen == 7


def test_shrunk_regression_is_bayesian_ridge() -> None:
    random = numpy.random.default_rng(0)
    design = numpy.hstack([numpy.ones((80, 1)), random.normal(size=(80, 4)) * [1, 7, 1, 1]])
    outcomes = design @ random.normal(size=(5, 3)) / 5 + random.normal(size=(80, 3))
    found = shrunk_regression(design, outcomes)
    scales = design[:, 1:].std(axis=0)
    for ours, values in zip(found.T, outcomes.T, strict=True):
        theirs = BayesianRidge(
            max_iter=10_000, tol=1e-14, alpha_1=0, alpha_2=0, lambda_1=0.5, lambda_2=0.5
        ).fit(design[:, 1:] / scales, values)
        assert ours == pytest.approx([theirs.intercept_, *theirs.coef_ / scales], abs=1e-9)


def test_infer_equals_the_fit_and_takes_the_mean_prior(model: StmModel, tmp_path: Path) -> None:
    path = tmp_path / "stm.safetensors"
    model.save(path)
    fitted = [dict(row) for row in model.documents_table()]
    for row in fitted:
        del row["press"], row["date"]
    inferred = [dict(row) for row in load(path).transform(planted())]
    assert [(row["id"], row["topic"]) for row in inferred] == [
        (row["id"], row["topic"]) for row in fitted
    ]
    weights = [[row["weight"] for row in rows] for rows in (inferred, fitted)]
    assert weights[0] == pytest.approx(weights[1], abs=1e-6)
    word = {"tokens": ["w0-00", "w1-00"], "date": "2002-05-03"}
    new = [{"id": press, "press": press, **word} for press in ("가", "나", "다")]
    line = ["infer", path]
    done = korpus(*line, stdin=lines(*new, {"id": "none", "tokens": word["tokens"]}))
    assert done.returncode == 0, done.stderr
    assert "2 documents without a known value of press, date: the mean prior" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    topic = str(first(model) + 1)
    weight = {row["id"]: float(row["weight"]) for row in rows if row["topic"] == topic}
    assert weight["가"] > weight["다"] == weight["none"] > weight["나"]


def test_command(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    line = ["stm", sample_nouns, "--formula", "category + spline(date, 3)", "-k", 3, "-m", path]
    done = korpus(*line, "--iterations", 3)
    assert done.returncode == 0, done.stderr
    assert "not converged after 3 updates" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "rank", "term", "weight", "share"]
    before = path.read_bytes()
    assert fresh(*line, "--iterations", 3).stdout == done.stdout and path.read_bytes() == before
    load(path).save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == before
    for more in (
        ["topics", path],
        ["topics", "effects", path, "--formula", "category"],
        ["similar", path, "병원"],
        ["infer", path, sample_nouns],
    ):
        assert korpus(*more).returncode == 0


def test_documents_without_a_value_are_left_out() -> None:
    records = [
        {**record, "press": None} if n < 5 else record for n, record in enumerate(planted(40))
    ]
    model = stm(records, formula="press", k=2, iterations=3)
    assert len(model.ids) == 35 and model.ids[0] == "5"


def test_without_a_formula_and_tiny() -> None:
    plain = stm(planted(60), k=3, iterations=5)
    assert plain.coefficients.shape == (3, 1)
    one = stm([{"id": "1", "tokens": ["가"]}], k=1)
    assert [tuple(row.values()) for row in one.topic_terms()] == [(1, 1, "가", 1.0, 1.0)]
    some = [{"id": "1", "tokens": ["가", "나"]}, {"id": "2", "tokens": []}]
    assert numpy.isfinite(stm([*some, *some], k=2).document_topic).all()


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--formula", "day"], "document '1' has no column 'day'", 1),
        (["--formula", "press +"], "something is missing at its end", 2),
        (["--formula", "press"], "are too few for", 1),
        (["--formula", "none"], "no document has topics and all columns", 1),
        (["--iterations", 0], "--iterations 0 is less than 1", 2),
        (["-k", 3], "-k 3 is larger than the number of documents (2)", 1),
    ],
)
def test_errors(arguments: list[Any], message: str, code: int) -> None:
    given = [
        {"id": str(n), "press": "가나"[n - 1], "none": "", "tokens": ["다", "라", "마"]}
        for n in (1, 2)
    ]
    k = [] if "-k" in arguments else ["-k", 1]
    done = korpus("stm", *k, *arguments, stdin=lines(*given))
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.modules["korpus.models.topics.stm"], "_MOST_CELLS", 100)
    with pytest.raises(KorpusError, match="400 documents × 3 topics squared are too many"):
        stm(planted(), k=3)


def _break_formula(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    header["options"]["prevalence"]["formula"] = "press +"


def _break_variables(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    del header["options"]["prevalence"]["variables"]["press"]


def _break_levels(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    header["options"]["prevalence"]["variables"]["press"]["levels"].append("다")


def _break_spread(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["spread"] = arrays["spread"][:, :, 1:]


@pytest.mark.parametrize("change", [_break_formula, _break_variables, _break_levels, _break_spread])
def test_damaged_models_are_refused(change: Any, model: StmModel, tmp_path: Path) -> None:
    path = tmp_path / "stm.safetensors"
    model.save(path)
    path.write_bytes(_changed(path.read_bytes(), change))
    with pytest.raises(KorpusError, match="not a complete stm model"):
        load(path)


def test_few_and_short_documents_are_said(caplog: pytest.LogCaptureFixture) -> None:
    stm(planted(19), k=2, iterations=1)
    assert "19 documents for 2 topics: how they depend on columns" in caplog.text
    caplog.clear()
    stm(planted(20), k=2, iterations=1)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]
    stm([{"id": str(n), "tokens": ["가", "나", "다"]} for n in range(20)], k=2, iterations=1)
    assert "the documents have 3.0 tokens on average" in caplog.text
