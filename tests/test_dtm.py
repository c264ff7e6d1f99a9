"""Topics whose words change over time."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy.optimize import minimize

from korpus.errors import KorpusError, UsageError
from korpus.files import load
from korpus.models import DtmModel, dtm
from korpus.records import Record
from korpus.statistics.random_walk import random_walk
from korpus.views import plot_dtm
from tests.support import korpus, lines
from tests.test_models import _changed

PERIODS = 6


def planted() -> list[Record]:
    """Three topics of 20 words; one word of the first fades, another rises, and so does its share.

    There are no documents of the fifth year.
    """
    random = numpy.random.default_rng(0)
    found = []
    for number in range(600):
        year = int(random.choice([0, 1, 2, 3, 5]))
        share = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)[year]
        weights = random.dirichlet(numpy.multiply([share, (1 - share) / 2, (1 - share) / 2], 0.6))
        words = []
        for topic in random.choice(3, 30, p=weights):
            if topic == 0 and random.random() < 0.3:
                words.append("new" if random.random() < year / 5 else "old")
            else:
                words.append(f"w{topic}-{random.integers(20):02}")
        found.append({"id": str(number), "date": f"{2000 + year}-05-03", "tokens": words})
    return found


@pytest.fixture(scope="module")
def model() -> DtmModel:
    return dtm(planted(), date="date", every="year", k=3)


def drifting(model: DtmModel) -> int:
    return int(model.topic_term[:, model.terms.index("w0-00")].argmax())


def test_recovers_a_planted_drift(model: DtmModel) -> None:
    topic = drifting(model)
    found = model.period_topic_term[topic]
    new, old = (found[:, model.terms.index(word)] for word in ("new", "old"))
    years = numpy.arange(PERIODS)
    assert new == pytest.approx(0.3 * years / 5, abs=0.05)
    assert old == pytest.approx(0.3 * (1 - years / 5), abs=0.05)
    others = [other for other in range(3) if other != topic]
    for other in others:  # what does not drift, stays
        assert abs(numpy.diff(model.period_topic_term[other], axis=0)).max() < 0.03


def test_recovers_shares_of_periods(model: DtmModel) -> None:
    rows = [row for row in model.by_period() if row["topic"] == drifting(model) + 1]
    assert [row["period"] for row in rows] == [str(2000 + year) for year in range(PERIODS)]
    shares = [row["share"] for row in rows]
    assert shares[4] is None and rows[4]["documents"] == 0 and rows[4]["npmi"] is None
    assert shares[:4] + shares[5:] == pytest.approx([0.15, 0.25, 0.35, 0.45, 0.65], abs=0.06)
    assert sum(row["documents"] for row in rows) == 600


def test_random_walk_is_the_mode_of_the_posterior() -> None:
    """Beside SciPy's minimum of the same function."""
    random = numpy.random.default_rng(1)
    counts = random.integers(0, 30, size=(4, 5)).astype(float)
    counts[2] = 0

    def loss(flat: Any) -> float:
        logs = flat.reshape(counts.shape)
        norm = numpy.log(numpy.exp(logs).sum(axis=1, keepdims=True))
        walk = (numpy.diff(logs, axis=0) ** 2).sum() / (2 * 0.05)
        return float(-(counts * (logs - norm)).sum() + walk)

    theirs = minimize(loss, numpy.zeros(counts.size), method="BFGS", options={"gtol": 1e-8})
    ours = random_walk(counts, numpy.zeros(counts.shape), 0.05, steps=200)
    assert loss(ours.ravel()) == pytest.approx(theirs.fun, abs=1e-7)
    shares = [numpy.exp(x) / numpy.exp(x).sum(axis=1, keepdims=True) for x in (
        ours, theirs.x.reshape(counts.shape)
    )]  # fmt: skip
    assert shares[0] == pytest.approx(shares[1], abs=1e-4)


def test_one_period_is_plain_multinomial() -> None:
    counts = numpy.array([[1.0, 2.0, 5.0]])
    found = numpy.exp(random_walk(counts, numpy.zeros((1, 3)), 0.05, steps=60))
    assert found / found.sum() == pytest.approx(counts / 8, abs=1e-9)


def test_infer_equals_the_fit_and_takes_the_nearest_period(model: DtmModel, tmp_path: Path) -> None:
    path = tmp_path / "dtm.safetensors"
    model.save(path)
    again = load(path)
    fitted = [{**row} for row in model.documents_table()]
    assert all(row.pop("date") for row in fitted)
    assert list(again.transform(planted())) == fitted
    word = {"tokens": ["new", "new", "w1-00"]}
    dates = {"a": "2000-01-01", "b": "2005-01-01", "c": "2019-01-01", "d": None}
    new = [{"id": id, "date": date, **word} for id, date in dates.items()]
    done = korpus("infer", path, stdin=lines(*new, {"id": "e", **word}))
    assert done.returncode == 0, done.stderr
    assert "2 documents without a date in date: by the mean topics" in done.stderr
    assert "1 document outside of 2000 to 2005: by the topics of the nearest" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    weight = {(row["id"], row["topic"]): float(row["weight"]) for row in rows}
    topic = str(drifting(model) + 1)
    assert weight["b", topic] == weight["c", topic] > weight["a", topic]
    assert weight["d", topic] == weight["e", topic]


def test_command(sample_nouns: Path, tmp_path: Path) -> None:
    periods, plot, path = (tmp_path / name for name in ("p.csv", "p.svg", "m.safetensors"))
    line = ["dtm", sample_nouns, "--date", "date", "--every", "quarter", "-k", 3, "--top", 2]
    line += ["--iterations", 3, "--periods", periods, "-m", path, "--keep", "category"]
    done = korpus(*line, "--plot", plot)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "period", "rank", "term", "weight", "share"]
    assert len(rows) == 3 * 4 * 2 and rows[-1]["period"] == "2025-Q4"
    found = list(csv.DictReader(periods.open()))
    assert list(found[0]) == ["topic", "period", "documents", "tokens", "share", "npmi"]
    for period in {row["period"] for row in found}:
        shares = [float(row["share"]) for row in found if row["period"] == period]
        assert sum(shares) == pytest.approx(1)
    assert "2025-01" in plot.read_text()
    before = path.read_bytes()
    assert korpus(*line).stdout == done.stdout and path.read_bytes() == before
    assert korpus("topics", path).returncode == 0


def test_documents_without_a_date_are_left_out(tmp_path: Path) -> None:
    dates = ["2025-01-01", None, "", "2025-03-01"]
    records = [
        {"id": str(n), "date": date, "tokens": ["가", f"다{n}"]} for n, date in enumerate(dates)
    ]
    docs = tmp_path / "docs.csv"
    line = ["dtm", "--date", "date", "-k", 1, "--iterations", 2, "--docs", docs]
    done = korpus(*line, stdin=lines(*records))
    assert done.returncode == 0, done.stderr
    assert "2 documents without a date left out" in done.stderr
    assert "1 period without documents" in done.stderr
    assert [row["id"] for row in csv.DictReader(docs.open())] == ["0", "3"]
    assert "다1" not in done.stdout and "2025-02" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--date", "day"], "document '1' has no column 'day'", 1),
        (["--date", "date", "--every", "decade"], "--every decade is unknown", 2),
        (["--date", "date", "--variance", 0], "--variance 0 is not between 0.0001 and 100", 2),
        (["--date", "date", "--iterations", 0], "--iterations 0 is less than 1", 2),
        (["--date", "id"], "is not a date", 1),
        (["--date", "none"], "no document has a date and tokens", 1),
        (["--date", "date", "-k", 3], "-k 3 is larger than the number of documents (2)", 1),
    ],
)
def test_errors(arguments: list[Any], message: str, code: int) -> None:
    record = {"date": "2025-01-01", "none": "", "tokens": ["가", "나", "다"]}
    k = [] if "-k" in arguments else ["-k", 1]
    stdin = lines({"id": "1", **record}, {"id": "2", **record})
    done = korpus("dtm", *k, *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


def test_one_document_and_one_word() -> None:
    model = dtm([{"id": "1", "date": "2025-01-01", "tokens": ["가"]}], date="date", k=1)
    assert [tuple(row.values()) for row in model.evolution()] == [(1, "2025-01", 1, "가", 1.0, 1.0)]
    assert [row["npmi"] for row in model.by_period()] == [None]


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["korpus.models.topics.dtm"], "_MOST_CELLS", 100)
    with pytest.raises(KorpusError, match="3 topics × 6 periods × 62 terms are too many"):
        dtm(planted(), date="date", every="year", k=3)
    with pytest.raises(UsageError, match="--every"):
        dtm(planted(), date="date", every="century")


def _break_periods(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    header["options"]["periods"].pop()


def _break_places(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["document_period"] = arrays["document_period"] + 3


@pytest.mark.parametrize("change", [_break_periods, _break_places])
def test_damaged_models_are_refused(change: Any, model: DtmModel, tmp_path: Path) -> None:
    path = tmp_path / "dtm.safetensors"
    model.save(path)
    path.write_bytes(_changed(path.read_bytes(), change))
    with pytest.raises(KorpusError, match="not a complete dtm model"):
        load(path)


def test_plot_shows_the_words_that_drift(model: DtmModel) -> None:
    text = str(plot_dtm(model).to_dict())
    assert "'new'" in text and "'old'" in text and "→" in text
