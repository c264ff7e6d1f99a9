"""Conditions: what they mean for numbers, dates, text and missing values, and where they fail."""

import io
import json
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

import korpus
from korpus.documents import where
from korpus.errors import KorpusError, UsageError
from tests.support import SAMPLE, lines, records
from tests.support import korpus as run

VALUES = [
    *("", "3", "3.0", "03", "영화", "2019", "2019.05", "2019.5", "2019-05", "20190503"),
    *("2019-05-03", "2019. 5. 3.", "2020", "2019년", "20190504", "2019.0"),
]


def kept(condition: str, *values: object) -> list[int]:
    """The numbers of those values of a column x that meet a condition."""
    rows = [{"id": str(number), "x": value} for number, value in enumerate(values)]
    return [int(row["id"]) for row in where(rows, condition)]


def ids(condition: str, rows: list[dict[str, object]]) -> str:
    numbered = [{"id": str(number), **row} for number, row in enumerate(rows)]
    return "".join(row["id"] for row in where(numbered, condition))


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        # Numbers, also as text, with commas, and too long for a float.
        ("x > 8", ["9", "10", 9, 8, 8.5, "8", "1,000", " 9 "], [0, 1, 2, 4, 6, 7]),
        ("x = 8", ["8", "8.0", 8, 8.0, "08", "80", "팔"], [0, 1, 2, 3, 4]),
        ("x != 8", ["8", 8.0, "9", "팔"], [2, 3]),
        ("x >= -1.5", ["-2", "-1.5", "+1", "1e3"], [1, 2, 3]),
        (f"x > {10**25}", [str(10**25 + 1), str(10**25), "9" * 400], [0]),
        ("x < 5", ["nan", "inf", "1_0", "½", "3", True, float("-inf")], [4]),
        # Dates in the forms that people write, compared as far as the condition says.
        ("x < 2020", ["2019-12-31", "2020-01-01", "2019.12.31", "20191231"], [0, 2, 3]),
        ("x <= 2019", ["2019-12-31 23:59", "2020. 1. 1.", "2019년 12월 31일", 20200101], [0, 2]),
        ("x = 2019-05", ["2019-05-03", "2019/5/3", "20190503", "2019.05", "2019-06"], [0, 1, 2, 3]),
        ("x >= 2019.05.03", ["2019-05-02", "2019.05.03. 오후 3:12", "20190504", "2018"], [1, 2]),
        ("x > 20190503", ["2019-05-04", "2019-05-03", 20190504], [0, 2]),
        ("x > '2019-05-03 14:00'", ["2019-05-03T14:01:00Z", "2019-05-03 오후 1:59"], [0]),
        ("x > '2019-05-03 14:00'", ["20190503140100", "201905031359", "2019-05-03 15시"], [0, 2]),
        ("x = 2019-05", ["201905", "2019050314", "201913", "2019-05-03 24:00"], [0, 1]),
        ("x = 2019.05", ["2019.05", "20190503", "2019-05-03", "2019.5", "2019.06"], [0, 1, 2]),
        ("x = 2019-05-03", ["2019-05", "2019-05-03", "5월 3일"], [1]),
        ("x < 2019-05", ["2018", "2019", "2019-13-01", "19.05.03"], [0]),
        ("x > 2018.0", ["20150322", "2017"], [0]),  # numbers
        # Text.
        ("x = 영화", ["영화", normalize("NFD", "영화"), "영화 "], [0, 1]),
        ("x ~ 화", ["영화", normalize("NFD", "영화"), "영하"], [0, 1]),
        ("x ~ 하", [normalize("NFD", "한"), "하나"], [1]),
        ("x !~ 화", ["영화", "여행", 3], [1, 2]),
        ("x ~ /^영.$/", ["영화", "영화관", normalize("NFD", "영화")], [0, 2]),
        ("x ~ /IPHONE (x|y)/i", ["iPhone x", "iphone"], [0]),
        ("x ~ '/a/b/'", ["url/a/b/c", "ab"], [0]),
        ("x < 나", ["가", "나", "다"], [0]),
        ("x in (영화, 3, '여행 기')", ["영화", "3", 3.0, "여행 기", "여행"], [0, 1, 2, 3]),
        ("x not in (영화, 여행)", ["영화", "책", None], [1]),
        ("x = true", [True, False, "true"], [0, 2]),
        ("x = “영화 둘”", ["영화 둘", "영화"], [0]),
        # Lists pass if an item does.
        ("x = 배송", [["배송", "빠르다"], ["배송비"], "배송"], [0, 2]),
        ("x ~ 배송", [["배송비"], ["값"], []], [0]),
        ("x != 배송", [["배송"], ["배송비"]], [1]),
        ("x > 3", [[4], {"a": 4}, 4], [2]),
        # Missing values meet no condition but the first of these.
        ("x = ''", ["", None, " ", float("nan"), 0, "가"], [0, 1, 2, 3]),
        ("x != ''", ["", None, 0, "가"], [2, 3]),
        ("x != 3", ["", None, "4"], [2]),
        ("not x > 3", ["", "모름", "2", "4"], [2]),
    ],
)
def test_values(condition: str, values: list[object], expected: list[int]) -> None:
    assert kept(condition, *values) == expected


@given(
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
    st.lists(st.sampled_from(VALUES), max_size=4),
)
def test_in_is_equal_to_one_of_them(given_values: list[str], values: list[str]) -> None:
    quoted = [f"'{value}'" for value in given_values]
    tests = " or ".join(f"x = {value}" for value in quoted)
    assert kept(f"x in ({', '.join(quoted)})", *values) == kept(tests, *values)


def test_many_values_are_fast() -> None:
    values = ", ".join(map(str, range(1000)))
    assert kept(f"x in ({values})", *map(str, range(20_000))) == list(range(1000))


def test_and_or_not_with_unknown_values() -> None:
    rows = [{"a": a, "b": b} for a in ("1", "2", "") for b in ("1", "2", "")]
    assert ids("a = 1 and b = 1", rows) == "0"
    assert ids("a = 1 or b = 1", rows) == "012" + "36"
    assert ids("not (a = 1 and b = 1)", rows) == "13457"
    assert ids("not (a = 1 or b = 1)", rows) == "4"
    assert ids("a = 1 or a = 2 and b = 2", rows) == "0124"
    assert ids("(a = 1 or a = 2) AND NOT b = 2", rows) == "03"


def test_columns_quoted_and_decomposed() -> None:
    row = {"id": "1", "평점 (5점)": "4", normalize("NFD", "별점"): "3", "a`b": "1"}
    for condition in (
        "`평점 (5점)` = 4",
        '"평점 (5점)" > 3',
        "별점 = 3",
        normalize("NFD", "별점 = 3"),
        "`a``b` = 1",
    ):
        assert list(where([row], condition)) == [row], condition


def test_the_text_column_of_other_names(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("본문,별점\n배송이 빨라요,5\n그냥,4\n", encoding="cp949")
    done = run("where", "text ~ 배송 and 별점 >= 5", source)
    assert records(done.stdout) == [{"id": "1", "본문": "배송이 빨라요", "별점": "5"}]
    assert "a.csv: no column id: the number of the row is the id" in done.stderr


def test_tokens_stay_as_they_are() -> None:
    record = {
        "id": "7",
        "text": "나는",
        "tokens": ["나", "는"],
        "tags": ["NP", "JX"],
        "analyzer": "mecab",
        "spans": [[0, 1], [1, 2]],
        "rating": 9,
    }
    done = run("where", "tokens = 나 and tags ~ J", stdin=lines(record, {**record, "tokens": []}))
    assert records(done.stdout) == [record]


def test_tables_stay_as_they_are(tmp_path: Path) -> None:
    table, output = tmp_path / "freq.csv", tmp_path / "out.csv"
    table.write_text("term,tag,count\n장면,NNG,35\n하다,VV,9\n")
    assert run("where", "count > 10", table, "-o", output).returncode == 0
    assert output.read_text() == "term,tag,count\n장면,NNG,35\n"


def test_files_of_a_folder_keep_their_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,본문\n7,나라\n")
    (tmp_path / "b.csv").write_text("term,count\n나,3\n")
    done = run("where", "본문 ~ 나 or count > 2", tmp_path)
    assert records(done.stdout) == [
        {"id": "7", "source": "a.csv", "본문": "나라"},
        {"id": "2", "source": "b.csv", "term": "나", "count": "3"},
    ]
    assert " -c " not in done.stderr


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id,x,date\n1,9,20190503\n2,,2019-05-04\n3,모름,2021\n4,1,2019.05.03\n")
    done = run("where", "x > 3 and date < 2020", source)
    assert [record["id"] for record in records(done.stdout)] == ["1"]
    assert done.stderr.splitlines() == [
        "korpus: kept 1 of 4 rows",
        "korpus: x: no value in 1 row, left out",
        "korpus: date: numbers such as 20190503 are taken for dates beside a year; 2019.0 is a "
        "number",
    ]
    done = run("where", "x > 3", source)
    assert "korpus: x: a value that cannot be compared in 1 row, left out ('모름' …)" in done.stderr


def test_a_missing_column_is_an_error(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("old")
    done = run("where", "ratng > 3 or id = 1", SAMPLE, "-o", output)
    assert done.returncode == 1
    error, hint = done.stderr.splitlines()[-2:]
    assert error == "korpus: error: there is no column 'ratng'"
    assert "id" in hint and "rating" in hint
    assert "korpus: the first row has no column ratng; it has id, " in done.stderr
    assert output.read_text() == "old"
    with pytest.raises(KorpusError, match="there is no column 'y'"):
        kept("y = 1", 1)


def test_a_column_that_only_some_records_have() -> None:
    rows = [{"id": "1"}, {"id": "2", "reply": "가"}]
    done = run("where", "reply ~ 가", stdin=lines(*rows))
    assert done.returncode == 0 and records(done.stdout) == rows[1:]
    assert "reply: no value in 1 row" in done.stderr


@pytest.mark.parametrize(
    ("condition", "where_it_fails"),
    [
        ("", "'' is not complete: expected the name of a column"),
        ("rating", "'rating' is not complete: expected one of ="),
        ("rating >", "'rating >' is not complete: expected a value"),
        ("rating >> 8", "at '> 8' (character 9): expected a value"),
        ("rating > 8 and", "is not complete: expected the name of a column"),
        ("text ~ 배송 빨라", "at '빨라' (character 11): expected and, or, or the end"),
        ("(rating > 8", "is not complete: expected )"),
        ("rating > 8)", "at ')' (character 11): expected and, or, or the end"),
        ("rating in 8", "at '8' (character 11): expected ("),
        ("rating not 8", "at '8' (character 12): expected in"),
        ("text ~ ''", "at \"''\" (character 8): the value is empty"),
        ("text ~ '배송", 'at "\'배송" (character 8): expected a value'),
        ("date < 2019-13", "there is no date '2019-13'"),
        ("date >= '2019. 2. 30.'", "there is no date '2019. 2. 30.'"),
        ("text ~ /(/", "/(/ is no regular expression"),
        ("(" * 51 + "a = 1" + ")" * 51, "too many parentheses"),
        ("not " * 51 + "a = 1", "too many parentheses"),
        ("__import__('os')", "at \"('os')\" (character 11): expected one of ="),
    ],
)
def test_where_a_condition_fails(condition: str, where_it_fails: str) -> None:
    done = run("where", condition, SAMPLE)
    assert done.returncode == 2 and done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert where_it_fails in error and hint.startswith("hint: ")


def test_numbers_beside_a_word_are_said() -> None:
    rows = lines({"id": "1", "n": 3}, {"id": "2", "n": "나"})
    done = run("where", "n >= 가", stdin=rows)
    assert [row["id"] for row in records(done.stdout)] == ["2"]
    assert "n: has numbers, but was compared as text ('3', '가')" in done.stderr
    assert "as text" not in run("where", "n = 가 or n > 2", stdin=rows).stderr


def test_a_slow_regular_expression_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("korpus.documents.patterns.SECONDS", 0.1)
    with pytest.raises(KorpusError, match="takes more than"):
        kept(r"x ~ /^(\w|\w\w)+$/", "가" * 60 + "!")


def test_several_processes_give_the_same(tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    rows = [{"id": str(n), "x": n % 7, "y": None if n % 11 else 3} for n in range(40_000)]
    source.write_text(lines(*rows))
    found = [run("where", "x < 3 and y != 4", source, "-j", jobs) for jobs in (1, 2)]
    assert found[0].stdout == found[1].stdout
    assert found[0].stderr.splitlines()[:-1] == found[1].stderr.splitlines()[:-1]
    assert "y: no value in " in found[0].stderr


@given(st.text(max_size=30))
def test_any_text_is_a_condition_or_a_usage_error(text: str) -> None:
    try:
        list(where([{"id": "1", "text": "가"}], text))
    except UsageError as error:
        assert error.hint
    except KorpusError as error:
        assert "there is no column" in error.message


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_numbers_compare_as_numbers(value: float, other: int) -> None:
    if len(str(abs(other))) not in (4, 8):  # may be dates
        assert bool(kept(f"x < '{other}'", value)) == (value < other)


def test_from_python() -> None:
    import pandas

    frame = pandas.read_csv(io.StringIO("text,rating\n좋다,9\n나쁘다,\n"))
    assert [record["text"] for record in korpus.where(frame, "rating >= 8")] == ["좋다"]
    assert json.loads(lines(*korpus.where(["가", "나"], "text = 나")))["id"] == "2"
