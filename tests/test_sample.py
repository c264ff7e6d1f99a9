"""Random samples: exact, in order, the same for the same seed, and each row as likely."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import korpus
from korpus.errors import KorpusError, UsageError
from tests.support import SAMPLE, lines, records
from tests.support import korpus as run

ROWS = [{"id": str(n), "text": "가", "g": "abc"[n % 3]} for n in range(90)]


@given(st.integers(1, 100), st.integers(0, 5))
def test_a_number(size: int, seed: int) -> None:
    found = [int(record["id"]) for record in korpus.sample(ROWS, size, seed=seed)]
    assert len(found) == min(size, 90) and found == sorted(set(found))


@given(st.floats(0.001, 1), st.lists(st.sampled_from("abcd"), max_size=50))
def test_a_share_of_each_group(share: float, groups: list[str]) -> None:
    rows = [{"id": str(n), "g": group} for n, group in enumerate(groups)]
    found = list(korpus.sample(rows, share, by="g"))
    assert len(found) == round(len(rows) * share)
    assert found == [row for row in rows if row in found]
    taken = Counter(row["g"] for row in found)
    for group, size in Counter(groups).items():
        assert abs(taken[group] - size * share) < 1


def test_each_row_is_as_likely() -> None:
    for size in (30, 1 / 3):
        counts = Counter(
            r["id"] for seed in range(300) for r in korpus.sample(ROWS, size, seed=seed)
        )
        assert len(counts) == 90 and min(counts.values()) > 60 and max(counts.values()) < 140


@pytest.mark.parametrize("size", ["7", "0.1"])
def test_the_seed_decides(size: str, tmp_path: Path) -> None:
    found = [run("sample", size, SAMPLE, "--seed", seed).stdout for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]
    assert len(records(found[0])) == {"7": 7, "0.1": 21}[size]
    piped = run("sample", size, "--seed", "1", stdin=SAMPLE.read_bytes())
    assert piped.stdout == found[0]


def test_so_many_of_each_value() -> None:
    done = run("sample", "2", "--by", "g", stdin=lines(*ROWS, {"id": "x", "g": ""}))
    assert Counter(r["g"] for r in records(done.stdout)) == {"a": 2, "b": 2, "c": 2, "": 1}
    assert "korpus: 1 group with fewer than 2 rows: all were taken (no value)" in done.stderr
    assert "korpus: took 7 of 91 rows" in done.stderr


def test_groups_that_are_too_small_for_a_share() -> None:
    rows = [*ROWS, {"id": "x", "g": "d"}]
    done = run("sample", "0.1", "--by", "g", stdin=lines(*rows))
    assert Counter(r["g"] for r in records(done.stdout)) == {"a": 3, "b": 3, "c": 3}
    assert "1 group too small for this share: no row taken (d)" in done.stderr


def test_months_and_years() -> None:
    dates = ["2019-05-03", "2019.05.04", "20190601", "2020. 1. 1."]
    rows = [{"id": str(n), "date": date} for n, date in enumerate(dates)]
    assert len(list(korpus.sample(rows, 1, by="date:month"))) == 3
    assert len(list(korpus.sample(rows, 1, by="date:year"))) == 2
    assert len(list(korpus.sample([{"id": "1", "date": "201905"}], 1, by="date:month"))) == 1
    done = run("sample", "1", "--by", "date:decade", stdin=lines(*rows))
    assert done.returncode == 2 and "date:decade: 'decade' is neither a period" in done.stderr


def test_fewer_rows_than_asked_for() -> None:
    done = run("sample", "100", stdin=lines(*ROWS))
    assert len(records(done.stdout)) == 90
    assert "korpus: only 90 rows: all were taken" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x"], "SIZE x is not a number"),
        (["0"], "the sample size must be a positive number, or a share up to 1"),
        (["1.5"], "the sample size must be a positive number, or a share up to 1"),
        (["0.0"], "the sample size must be a positive number, or a share up to 1"),
    ],
)
def test_sizes_that_are_none(arguments: list[str], message: str) -> None:
    done = run("sample", *arguments, stdin=lines(*ROWS))
    assert done.returncode == 2 and f"korpus: error: {message}" in done.stderr


def test_columns_that_make_no_groups(tmp_path: Path) -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("h", {}, "has no column 'h'"),
        ("l", {"l": ["a"]}, "l is a list or an object, which makes no group"),
        ("g:year", {"g": "어제"}, "g '어제' is not a date"),
        ("h:year", {}, "has no column 'h'"),
    ]
    for by, more, message in cases:
        done = run("sample", "1", "--by", by, stdin=lines({"id": "7", **more}))
        assert (
            done.returncode == 1
            and f"document '7'{'' if 'has' in message else ':'} {message}" in (done.stderr)
        )


def test_from_python() -> None:
    once = (dict(row) for row in ROWS)
    found = korpus.sample(once, 0.5)
    assert len(list(found)) == 45 and found.again
    number = korpus.sample((dict(row) for row in ROWS), 5)
    assert len(list(number)) == 5
    with pytest.raises(KorpusError):
        list(number)
    with pytest.raises(UsageError):
        korpus.sample(ROWS, 0)
