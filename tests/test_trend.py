import csv
import io
import itertools
import math
import re
from pathlib import Path
from typing import Any

import numpy
import pymannkendall
import pytest
import scipy.stats
from statsmodels.stats.proportion import proportion_confint

from korpus.statistics.significance import wilson
from korpus.statistics.trends import bursts, mann_kendall, sen_slope
from korpus.tokens import trend
from korpus.views import plot_trend
from tests.support import korpus, lines, records

RANDOM = numpy.random.default_rng(0)


def rows_of(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def documents(*words: str) -> list[dict[str, Any]]:
    """A document per month of 2025 with these tokens."""
    return [
        {
            "id": str(month),
            "date": f"2025-{month:02}-15",
            "tokens": text.split(),
            "tags": ["N"] * len(text.split()),
        }
        for month, text in enumerate(words, 1)
    ]


RISING = documents(
    "가 나 나 나", "가 나 나 나", "가 가 나 나", "", "가 가 가 나", "가 가 가 가", "가 가 가 가"
)


def test_mann_kendall_and_sen_against_pymannkendall() -> None:
    values = RANDOM.integers(0, 5, size=(50, 14)).astype(float)
    values[0] = 1.0
    found, slopes = mann_kendall(values), sen_slope(values, numpy.arange(14))
    for place, row in enumerate(values):
        expected = pymannkendall.original_test(row)
        ours = (found.z[place], found.p[place], slopes[place])
        assert ours == pytest.approx((expected.z, expected.p, expected.slope), abs=1e-9)


def test_tau_b_against_scipy() -> None:
    values = RANDOM.integers(0, 5, size=(50, 14)).astype(float)
    values[0] = 1.0
    expected = [scipy.stats.kendalltau(numpy.arange(14), row).statistic for row in values]
    assert mann_kendall(values).tau == pytest.approx(expected, abs=1e-9, nan_ok=True)
    assert numpy.isnan(expected[0])


def test_sen_over_a_gap() -> None:
    row = [1.0, 2.0, numpy.nan, 7.0, 3.0]
    expected = pymannkendall.original_test(row).slope
    times = numpy.array([0, 1, 3, 4])
    assert sen_slope(numpy.array([row])[:, times], times) == pytest.approx(expected)


def cheapest(counts: list[int], totals: list[int]) -> tuple[int, ...]:
    """The cheapest of all sequences of states, by Kleinberg's costs with factorials."""
    base = sum(counts) / sum(totals)
    shares = (base, min(2 * base, 0.99999))
    batches = sum(total > 0 for total in totals)

    def cost(states: tuple[int, ...]) -> float:
        found = 0.0
        for before, state, count, total in zip((0, *states), states, counts, totals, strict=False):
            found += math.log(batches) * max(state - before, 0)
            likely = shares[state] ** count * (1 - shares[state]) ** (total - count)
            found -= math.log(math.comb(total, count) * likely)
        return found

    return min(itertools.product((0, 1), repeat=len(counts)), key=lambda states: cost(states))


def test_bursts_against_all_sequences_of_states() -> None:
    totals = RANDOM.integers(40, 60, size=8)
    counts = RANDOM.integers(1, 8, size=(60, 8))
    counts[:, 3:6] *= RANDOM.integers(1, 6, size=(60, 1))
    totals[6], counts[:, 6] = 0, 0
    found = bursts(counts, totals).states
    assert found.any(axis=1).sum() > 20
    for place, row in enumerate(counts):
        assert tuple(found[place]) == cheapest(row.tolist(), totals.tolist())


def test_bursts_of_nothing_and_of_everything() -> None:
    totals = numpy.array([5, 5, 5])
    assert not bursts(numpy.array([[0, 0, 0], [5, 5, 5]]), totals).states.any()


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (10, 10), (70, 5000)])
def test_intervals_against_statsmodels(count: int, total: int) -> None:
    ends = [float(end) for end in wilson(numpy.array(count), numpy.array(total))]
    assert ends == pytest.approx(proportion_confint(count, total, method="wilson"), abs=1e-9)


def test_hot_terms_first_and_periods_without_tokens() -> None:
    done = korpus("trend", "--date", "date", "--min-count", 1, stdin=lines(*RISING))
    rows = rows_of(done.stdout)
    assert [(row["term"], row["trend"], row["count"]) for row in rows] == [
        ("가", "hot", "15"),
        ("나", "cold", "9"),
    ]
    shares = [0.25, 0.25, 0.5, math.nan, 0.75, 1.0, 1.0]
    expected = pymannkendall.original_test(shares)
    assert float(rows[0]["z"]) == pytest.approx(expected.z)
    assert float(rows[0]["slope"]) == pytest.approx(expected.slope)
    assert "1 period without documents or tokens" in done.stderr


def test_the_series_has_every_period(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    source = [RISING[0], RISING[2], RISING[5]]
    arguments = ["--date", "date", "--term", "가,없음", "--series", path]
    done = korpus("trend", *arguments, stdin=lines(*source))
    rows = rows_of(path.read_text())
    assert [row["date_month"] for row in rows[:6]] == [f"2025-0{n}" for n in range(1, 7)]
    assert [row["share"] for row in rows[:6]] == ["0.25", "", "0.5", "", "", "1.0"]
    assert [row["total"] for row in rows[:6]] == ["4", "0", "4", "0", "0", "4"]
    never = [row for row in rows if row["term"] == "없음"]
    assert len(never) == 6 and {row["count"] for row in never} == {"0"}
    assert "without occurrences: 없음" in done.stderr


@pytest.mark.parametrize(
    ("every", "dates", "expected"),
    [
        ("week", "2024-12-29 2025-01-08 2025-01-15", "2024-W52 2025-W01 2025-W02 2025-W03"),
        ("quarter", "2024-11-29 2025-02-08 2025-09-15", "2024-Q4 2025-Q1 2025-Q2 2025-Q3"),
        ("year", "2021-11-29 2023-02-08 2022-09-15", "2021 2022 2023"),
        ("day", "2024-02-28 2024-02-29 2024-03-02", "2024-02-28 2024-02-29 2024-03-01 2024-03-02"),
    ],
)
def test_all_periods_from_the_first_to_the_last(every: str, dates: str, expected: str) -> None:
    source = [{"id": "1", "d": date, "tokens": ["가"], "tags": ["N"]} for date in dates.split()]
    found = trend(source, date="d", every=every, term="가").series()
    assert [row[f"d_{every}"] for row in found] == expected.split()


def test_shares_of_documents() -> None:
    found = trend(RISING, date="date", unit="documents", term="나").series()
    assert [row["total"] for row in found] == [1] * 7
    assert [row["share"] for row in found] == [1, 1, 1, 0, 1, 0, 0]


def test_concepts_are_shares_of_documents() -> None:
    source = [
        {"id": str(n), "date": f"2025-0{n}-01", "가격": n > 2, "배송": value}
        for n, value in enumerate(["1", 0, None, "0"], 1)
    ]
    done = korpus("trend", "--date", "date", "--concept", "가격,배송", stdin=lines(*source))
    assert [(row["term"], row["count"]) for row in rows_of(done.stdout)] == [
        ("가격", "2"),
        ("배송", "1"),
    ]
    assert [row["share"] for row in trend(source, date="date", concept="가격").series()] == [
        0,
        0,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--every", "decade"], "--every decade is unknown", 2),
        (["--unit", "words"], "--unit words is unknown", 2),
        (["--term", "가", "--concept", "나"], "--term and --concept cannot both be given", 2),
        (["--date", "id"], "id '1' is not a date", 1),
        (["--date", "day"], "has no column 'day'", 1),
        (["--concept", "가격"], "has no column '가격'", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("trend", "--date", "date", *arguments, stdin=lines(*RISING))
    assert done.returncode == code and message in done.stderr and done.stdout == ""


def test_few_periods_are_not_tested() -> None:
    done = korpus(
        "trend", "--date", "date", "--every", "year", "--min-count", 1, stdin=lines(*RISING)
    )
    row = rows_of(done.stdout)[0]
    assert (row["term"], row["count"], row["z"], row["trend"]) == ("가", "15", "", "")
    assert "1 period: no test of trends, which needs 3" in done.stderr
    empty = korpus(
        "trend", "--date", "date", stdin=lines({"id": "1", "date": "", "tokens": ["가"]})
    )
    assert empty.returncode == 1 and "there is no trend to see" in empty.stderr


def test_documents_without_a_date_are_said() -> None:
    source = [*RISING, {"id": "9", "date": "", "tokens": ["가"], "tags": ["N"]}]
    done = korpus("trend", "--date", "date", "--min-count", 1, stdin=lines(*source))
    assert "1 document without a date left out" in done.stderr
    assert rows_of(done.stdout)[0]["count"] == "15"


@pytest.mark.parametrize("choice", [["--min-count", 6], ["--min-count", 1, "--top", 2], []])
def test_documents_without_a_date_choose_no_terms(choice: list[Any]) -> None:
    undated = [{"id": str(n), "date": "", "tokens": ["나", "다"], "tags": ["N"] * 2} for n in "xyz"]
    arguments = ["trend", "--date", "date", *choice]
    done = korpus(*arguments, stdin=lines(*RISING, *undated * 9))
    assert done.stdout == korpus(*arguments, stdin=lines(*RISING)).stdout
    assert [row["term"] for row in rows_of(done.stdout)] == ["가", "나"]


@pytest.mark.parametrize("column", ["date", "등록 일"])
def test_rows_with_a_bad_date_can_be_left_out_as_the_hint_says(column: str) -> None:
    good = [{column if key == "date" else key: r[key] for key in r} for r in RISING]
    bad = [{**good[0], column: value} for value in ("어제", "2025-13-01", "99", "12345")]
    source = lines(*bad[:2], *good, *bad[2:])
    done = korpus("trend", "--date", column, stdin=source)
    condition = re.search(r"to leave such rows out: korpus where '(.*)'", done.stderr)
    assert done.returncode == 1 and condition
    kept = korpus("where", condition[1], stdin=source)
    assert records(kept.stdout) == good
    assert korpus("trend", "--date", column, stdin=kept.stdout).returncode == 0


def test_a_date_without_a_month_asks_for_longer_periods() -> None:
    done = korpus("trend", "--date", "date", stdin=lines(*RISING, {**RISING[0], "date": "2025"}))
    assert "date '2025' is not a date" in done.stderr and "longer period, as year" in done.stderr


def test_a_wrong_date_does_not_make_a_million_periods() -> None:
    source = [*RISING, {"id": "9", "date": "0001-01-01", "tokens": ["가"], "tags": ["N"]}]
    done = korpus("trend", "--date", "date", "--every", "day", stdin=lines(*source))
    assert done.returncode == 1
    assert "from 0001-01-01 to 2025-07-15 are more than 10,000 periods" in done.stderr


def test_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "t.svg"
    arguments = ["--date", "date", "--min-count", 1, "--plot", path]
    assert korpus("trend", *arguments, stdin=lines(*RISING)).returncode == 0
    assert all(f">{term}<" in path.read_text() for term in "가나")
    assert "longer intervals are cut" not in path.read_text()


def test_long_intervals_do_not_hide_the_shares(tmp_path: Path) -> None:
    """A period with one token has an interval up to 79 %."""
    path = tmp_path / "t.svg"
    source = documents("가 " + "나 " * 49, "가 가 " + "나 " * 48, "다", "가 " + "나 " * 49)
    arguments = ["--date", "date", "--term", "가", "--plot", path]
    assert korpus("trend", *arguments, stdin=lines(*source)).returncode == 0
    assert "longer intervals are cut at the top" in path.read_text()
    picture = plot_trend(trend(source, date="date", term="가")).to_dict()
    band = picture["concat"][0]["layer"][0]
    assert band["encoding"]["y"]["scale"]["domain"] == [0, 4 * 0.04] and band["mark"]["clip"]
