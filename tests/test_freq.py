import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.errors import KorpusError, UsageError
from korpus.files import read
from korpus.tokens import freq
from tests.support import TOKENS, korpus, lines, records

TWO = lines(
    {
        "id": "1",
        "rating": 10,
        "date": "2025-01-31",
        "tokens": ["가", "가", "나"],
        "tags": ["N"] * 3,
    },
    {"id": "2", "rating": 9, "date": "2025-02-01", "tokens": ["가", "다"], "tags": ["V", "N"]},
)


def test_rows_and_totals() -> None:
    done = korpus("freq", stdin=TWO)
    assert done.stdout == (
        "term,tag,count,df,share\n가,N,2,1,0.4\n가,V,1,1,0.2\n나,N,1,1,0.2\n다,N,1,1,0.2\n"
    )
    assert "2 documents, 5 tokens, 4 types, type-token ratio 0.800" in done.stderr


def test_top() -> None:
    assert korpus("freq", "--top", 1, stdin=TWO).stdout.splitlines()[1:] == ["가,N,2,1,0.4"]


def test_by_column_sorts_numbers_as_numbers() -> None:
    rows = korpus("freq", "--by", "rating", stdin=TWO).stdout.splitlines()
    assert rows[0] == "rating,term,tag,count,df,share,df_share,group_documents,group_tokens"
    assert [row.split(",")[0] for row in rows[1:]] == ["9", "9", "10", "10"]
    assert rows[1] == "9,가,V,1,1,0.5,1.0,1,2"


def test_by_month_and_year() -> None:
    rows = korpus("freq", "--by", "date:month", "--top", 1, stdin=TWO).stdout.splitlines()
    assert rows == [
        "date_month,term,tag,count,df,share,df_share,group_documents,group_tokens",
        "2025-01,가,N,2,1,0.6666666666666666,1.0,1,3",
        "2025-02,가,V,1,1,0.5,1.0,1,2",
    ]
    assert (
        korpus("freq", "--by", "date:year", stdin=TWO).stdout.splitlines()[1]
        == "2025,가,N,2,1,0.4,0.5,2,5"
    )


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("2025-03-01", "2025-03"),
        ("2025.3.1", "2025-03"),
        ("20250301", "2025-03"),
        ("2025년 3월 1일", "2025-03"),
        ("2025/12", "2025-12"),
        ("201903", "2019-03"),
        ("20250301143000", "2025-03"),
        ("2025-03-01 ~ 2025-03-05", "2025-03"),
        ("2025. 3. 1. 오후 3:05", "2025-03"),
        ("", ""),
    ],
)
def test_dates_as_people_write_them(date: str, month: str) -> None:
    record = {"id": "1", "date": date, "tokens": ["가"], "tags": ["N"]}
    assert next(iter(freq([record], by="date:month")))["date_month"] == month


def test_values_that_are_not_text_keep_their_names() -> None:
    record = {"tokens": ["가"], "tags": ["N"]}
    values: list[object] = [3.0, 4.5, None, True, " 가 "]
    rows = freq([{"id": "1", "x": value, **record} for value in values], by="x")
    assert [row["x"] for row in rows] == ["3.0", "4.5", "True", "가", ""]


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--by", "raiting"], "has no column 'raiting'", 1),
        (["--by", "date:fortnight"], "'fortnight' is neither a period nor bins", 2),
        (["--by", "rating:10-1"], "'10-1' is neither a period nor bins", 2),
        (["--by", "rating:1-5,7-9"], "document '1': rating '10' is in none of the bins", 1),
        (["--by", "date:1-5"], "date '2025-01-31' is not a number", 1),
        (["--min-count", "0"], "--min-count 0 is less than 1", 2),
        (["--wide", "mean", "--by", "rating"], "--wide mean is unknown", 2),
        (["--wide", "count"], "a column per group, but no --by is given", 2),
        (["--by", "rating:month"], "rating '10' is not a date", 1),
        (["--top", "0"], "less than 1", 2),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("freq", *arguments, stdin=TWO)
    assert done.returncode == code and message in done.stderr and "hint: " in done.stderr
    assert done.stdout == ""


def test_counts_are_those_of_counter(sample_tokens: Path) -> None:
    documents = list(read(sample_tokens))
    pairs = [list(zip(d["tokens"], d["tags"], strict=True)) for d in documents]
    counts = Counter(pair for document in pairs for pair in document)
    frequencies = Counter(pair for document in pairs for pair in set(document))
    total = counts.total()
    rows = freq(iter(documents))
    assert {(r["term"], r["tag"]): (r["count"], r["df"], r["share"]) for r in rows} == {
        pair: (count, frequencies[pair], count / total) for pair, count in counts.items()
    }


@given(st.lists(st.lists(st.sampled_from("가나다라"), max_size=8), max_size=8))
def test_shares_sum_to_one_in_descending_order(documents: list[list[str]]) -> None:
    rows = list(
        freq({"id": str(i), "tokens": d, "tags": ["N"] * len(d)} for i, d in enumerate(documents))
    )
    assert sum(row["count"] for row in rows) == sum(map(len, documents))
    assert not rows or abs(sum(row["share"] for row in rows) - 1) < 1e-12
    assert [-row["count"] for row in rows] == sorted(-row["count"] for row in rows)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet", "xlsx", "md"])
def test_table_formats(tmp_path: Path, suffix: str) -> None:
    import pandas

    path = tmp_path / f"table.{suffix}"
    assert korpus("freq", "-o", path, stdin=TWO).returncode == 0
    expected = pandas.read_csv(io.StringIO(korpus("freq", stdin=TWO).stdout))
    if suffix == "md":
        assert path.read_text().splitlines()[:3] == [
            "| term | tag | count | df | share |",
            "| --- | --- | --- | --- | --- |",
            "| 가 | N | 2 | 1 | 0.4 |",
        ]
        return
    found = {
        "csv": pandas.read_csv,
        "tsv": lambda p: pandas.read_csv(p, sep="\t"),
        "jsonl": lambda p: pandas.read_json(p, lines=True),
        "parquet": pandas.read_parquet,
        "xlsx": pandas.read_excel,
    }[suffix](path)
    pandas.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_aligned_table_counts_wide_characters() -> None:
    done = korpus("freq", "-f", "table", stdin=TWO)
    assert done.stdout.splitlines()[:2] == [
        "term  tag  count  df  share",
        "가    N        2   1    0.4",
    ]


def test_terms_that_need_quotes() -> None:
    record = {"id": "1", "tokens": ['",\n'], "tags": ["SY"]}
    rows = list(csv.reader(io.StringIO(korpus("freq", stdin=lines(record)).stdout)))
    assert rows[1][0] == '",\n'


def test_missing_tags_are_empty() -> None:
    assert (
        korpus("freq", stdin='{"id":"1","tokens":["가"]}\n').stdout.splitlines()[1] == "가,,1,1,1.0"
    )


def test_quiet_says_nothing() -> None:
    assert korpus("freq", "-q", stdin=TOKENS).stderr == ""
    assert korpus("-q", "freq", stdin=TOKENS).stderr == ""


def test_table_from_python() -> None:
    table = freq(records(TWO), top=2)
    assert len(list(table)) == len(list(table)) == len(table.to_pandas()) == 2
    assert list(table.to_pandas().columns) == ["term", "tag", "count", "df", "share"]
    with pytest.raises(UsageError):
        freq(records(TWO), top=0)
    with pytest.raises(KorpusError):
        freq([{"id": "1", "text": "가"}])


def test_groups_called_nan_have_a_place() -> None:
    groups = ["10", "nan", "2", "가", "NaN", "1", "inf", "-1.5"]
    expected = ["-1.5", "1", "2", "10", "NaN", "inf", "nan", "가"]
    for order in (groups, groups[::-1], sorted(groups)):
        records = [
            {"id": "1", "tokens": ["물"], "tags": ["NNG"], "group": group} for group in order
        ]
        assert [row["group"] for row in freq(records, by="group")] == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("quarter", ["2024-Q4", "2025-Q1"]),
        ("week", ["2024-W52", "2025-W01"]),  # 30 December 2024 is in the first week of 2025
        ("day", ["2024-12-29", "2024-12-30", "2025-01-01"]),
    ],
)
def test_by_quarter_week_and_day(unit: str, expected: list[str]) -> None:
    days = ["2025-01-01", "2024-12-29", "2024년 12월 30일"]
    records = [{"id": "1", "date": day, "tokens": ["가"], "tags": ["N"]} for day in days]
    table = freq(records, by=f"date:{unit}")
    assert [row[f"date_{unit}"] for row in table] == expected


def test_by_bins_in_their_order_with_sizes() -> None:
    ratings = [10, 2, "7.5", 1, -3, None, 9]
    records = [
        {"id": str(n), "rating": rating, "tokens": ["가"] * n, "tags": ["N"] * n}
        for n, rating in enumerate(ratings)
    ]
    rows = list(freq(records, by="rating:8-,5-7.9,-4"))
    assert [(row["rating"], row["count"], row["df"]) for row in rows] == [
        ("8-", 6, 1),
        ("5-7.9", 2, 1),
        ("-4", 8, 3),
        ("", 5, 1),
    ]
    assert [row["group_documents"] for row in rows] == [2, 1, 3, 1]
    assert [row["group_tokens"] for row in rows] == [6, 2, 8, 5]
    assert [row["df_share"] for row in rows] == [0.5, 1, 1, 1]


def test_by_two_columns() -> None:
    rows = korpus("freq", "--by", "rating", "--by", "date:year", "--top", 1, stdin=TWO).stdout
    assert [row.split(",")[:4] for row in rows.splitlines()] == [
        ["rating", "date_year", "term", "tag"],
        ["9", "2025", "가", "V"],
        ["10", "2025", "가", "N"],
    ]


def test_chosen_terms_have_a_row_in_each_group() -> None:
    done = korpus("freq", "--by", "rating", "--term", "나,가/V", "--term", "없음", stdin=TWO)
    assert [row.split(",")[:5] for row in done.stdout.splitlines()[1:]] == [
        ["9", "가", "V", "1", "1"],
        ["9", "나", "N", "0", "0"],
        ["9", "없음", "", "0", "0"],
        ["10", "나", "N", "1", "1"],
        ["10", "가", "V", "0", "0"],
        ["10", "없음", "", "0", "0"],
    ]
    assert "1 chosen term without occurrences: 없음" in done.stderr


def test_min_count_is_of_all_groups() -> None:
    done = korpus("freq", "--by", "rating", "--min-count", 2, stdin=TWO)
    assert [row.split(",")[:4] for row in done.stdout.splitlines()[1:]] == [["10", "가", "N", "2"]]
    assert "--min-count 2: 3 terms left out" in done.stderr


@pytest.mark.parametrize(
    ("value", "first"),
    [
        ("count", "가,N,2,0,2"),
        ("df", "가,N,1,0,1"),
        ("share", "가,N,0.4,0.0,0.6666666666666666"),
        ("df_share", "가,N,0.5,0.0,1.0"),
    ],
)
def test_wide(value: str, first: str) -> None:
    rows = korpus("freq", "--by", "rating", "--wide", value, stdin=TWO).stdout.splitlines()
    assert rows[:2] == ["term,tag,total,9,10", first]


def test_wide_columns_have_names_of_their_own() -> None:
    records = [
        {"id": "1", "a": a, "b": "x", "tokens": ["가"], "tags": ["N"]} for a in ("term", "", "총")
    ]
    table = freq(records, by=["a"], wide="count")
    assert table.columns == ["term", "tag", "total", "term_", "총", "no value"]
    assert freq(records, by=["a", "b"], wide="count").columns[3:] == [
        "term · x",
        "총 · x",
        "no value · x",
    ]


def test_a_group_without_tokens_has_no_shares() -> None:
    records = [{"id": "1", "a": "x", "tokens": [], "tags": []}]
    assert list(freq(records, by="a")) == []
    row = next(iter(freq(records, by="a", term="가")))
    assert (row["count"], row["share"], row["df_share"]) == (0, None, 0)
