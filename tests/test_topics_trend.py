"""topics trend: shares of topics over time."""

import csv
import io
from pathlib import Path

import numpy
import pytest

from korpus.errors import KorpusError, UsageError
from korpus.models import TopicModel, lsa, plsa, topics_trend
from tests.support import korpus, lines

MONTHS, EACH = 8, 6


def records() -> list[dict[str, object]]:
    """Documents of three months and more: 국물 rises month by month, in group 나 only."""
    found: list[dict[str, object]] = []
    for n in range(MONTHS * EACH):
        month, group = n // EACH, "가나"[n % 2]
        many = 1 + (month if group == "나" else (n * 7 // 2) % 3)
        tokens = ["국물"] * many + ["의사"] * (12 - many)
        found.append(
            {
                "id": str(n),
                "일자": f"2025-{1 + month:02}-{1 + n % EACH:02}",
                "언론사": group,
                "점수": n % 10,
                "tokens": tokens,
                "tags": ["NNG"] * 12,
            }
        )
    return found


@pytest.fixture(scope="module")
def model() -> TopicModel:
    """Topics that are the two words, so that shares are known."""
    fitted = plsa(records(), k=2, keep="일자,언론사,점수")
    tokens: list[list[str]] = [row["tokens"] for row in records()]  # type: ignore[misc]
    counts = numpy.array([[found.count(term) for term in fitted.terms] for found in tokens])
    fitted.topic_term = numpy.eye(2)
    fitted.document_topic = (counts / 12).astype(numpy.float32)
    return fitted


@pytest.fixture(scope="module")
def path(model: TopicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trend") / "plsa.safetensors"
    model.save(file)
    return file


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_tests_are_those_of_pymannkendall(model: TopicModel) -> None:
    import pymannkendall

    trends = topics_trend(model, date="일자")
    for row in trends.table():
        shares = [p["share"] for p in trends.series() if p["topic"] == row["topic"]]
        theirs = pymannkendall.original_test(shares)
        assert (row["z"], row["p"]) == pytest.approx((theirs.z, theirs.p), rel=1e-9)
        assert row["slope"] == pytest.approx(theirs.slope, rel=1e-9)


def test_shares_are_means_of_documents_with_their_interval(model: TopicModel) -> None:
    from scipy.stats import sem, t

    for row in topics_trend(model, date="일자", by="언론사").series():
        shares = [
            float(model.document_topic[place, row["topic"] - 1])
            for place, found in enumerate(records())
            if found["언론사"] == row["언론사"] and str(found["일자"]).startswith(row["일자_month"])
        ]
        assert row["documents"] == len(shares) == EACH // 2
        assert row["share"] == pytest.approx(numpy.mean(shares), abs=1e-9)
        half = t.ppf(0.975, len(shares) - 1) * sem(shares)
        assert row["high"] - row["share"] == pytest.approx(half, abs=1e-9)


def test_hot_and_cold_topics_by_group(path: Path, tmp_path: Path) -> None:
    series, plot = tmp_path / "s.csv", tmp_path / "p.svg"
    options = ["--date", "일자", "--by", "언론사", "--series", series, "--plot", plot]
    done = korpus("topics", "trend", path, *options)
    assert (done.returncode, done.stderr) == (0, "")
    rows = rows_of(done.stdout)
    assert list(rows[0]) == [
        *("topic", "terms", "언론사", "documents", "share"),
        *("trend", "z", "p", "q", "tau", "slope"),
    ]
    shown = [(row["terms"], row["언론사"], row["trend"]) for row in rows]
    assert (shown[0], shown[-1]) == (("국물", "나", "hot"), ("의사", "나", "cold"))
    assert [trend for _terms, group, trend in shown if group == "가"] == ["", ""]
    assert float(rows[0]["slope"]) == pytest.approx(1 / 12, abs=1e-6)
    assert len(rows_of(series.read_text())) == 2 * 2 * MONTHS
    assert "국물" in plot.read_text(encoding="utf-8")
    wide = korpus("topics", "trend", path, *options[:4], "--series", series, "--wide")
    assert wide.stdout == done.stdout
    table = rows_of(series.read_text())
    assert list(table[0]) == ["일자_month", "언론사", "documents", "topic_1", "topic_2"]
    assert len(table) == 2 * MONTHS
    assert all(float(row["topic_1"]) + float(row["topic_2"]) == pytest.approx(1) for row in table)


def test_bins_quarters_and_documents_given_again(path: Path) -> None:
    options = ["--date", "일자", "--every", "quarter", "--by", "점수:0-4,5-9"]
    kept = korpus("topics", "trend", path, *options)
    assert {row["점수"] for row in rows_of(kept.stdout)} == {"0-4", "5-9"}
    again = korpus("topics", "trend", path, "-", *options, stdin=lines(*records()))
    assert (again.returncode, again.stdout) == (0, kept.stdout)


def test_what_is_left_out_is_said(path: Path) -> None:
    given = [dict(row) for row in records() if "-03-" not in str(row["일자"])]
    given[0]["일자"] = ""
    done = korpus("topics", "trend", path, "-", "--date", "일자", stdin=lines(*given))
    assert done.returncode == 0
    for message in (
        f"{EACH} documents of the model not among those given: left out",
        f"{EACH + 1} documents without a date left out",
        "1 period without documents",
    ):
        assert f"korpus: {message}\n" in done.stderr, done.stderr


def test_few_periods_have_no_test(model: TopicModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "korpus")
    trends = topics_trend(model, date="일자", every="year")
    assert "1 period: no test of trends, which needs 3" in caplog.text
    rows = list(trends.table())
    assert [row["topic"] for row in rows] == [1, 2]
    assert {row[name] for row in rows for name in ("trend", "z", "p", "q", "slope")} == {None}


def test_errors(model: TopicModel, path: Path) -> None:
    done = korpus("topics", "trend", path, "--date", "날짜")
    assert done.returncode == 2 and "the model has kept no column '날짜'" in done.stderr
    assert "it has kept: 일자, 언론사, 점수\n" in done.stderr
    done = korpus("topics", "trend", path, "--date", "일자", "--wide")
    assert done.returncode == 2 and "--wide does nothing without --series" in done.stderr
    with pytest.raises(KorpusError, match="언론사 '가' is not a date"):
        topics_trend(model, date="언론사")
    with pytest.raises(UsageError, match="--every"):
        topics_trend(model, date="일자", every="decade")
    with pytest.raises(UsageError, match="an lsa model has dimensions"):
        topics_trend(lsa(records(), k=1, keep="일자"), date="일자")
    undated = [{**row, "일자": None} for row in records()]
    with pytest.raises(KorpusError, match="no document has a date and a topic"):
        topics_trend(model, undated, date="일자")
