import csv
import io
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from korpus.analyzers import morph
from korpus.tokens import kwic, stopwords
from korpus.tokens.token_patterns import TokenPattern
from tests.support import in_terminal, korpus, lines, shell

TEXT = "배우들의 연기가 좋았다.\n배우 연기만 봤다. 우리회사 근처 영화관에 또 갔다"
DOCUMENT = {"id": "7", "text": TEXT, "rating": 9}


@pytest.fixture(scope="module")
def tokens() -> str:
    return lines(*morph([DOCUMENT], spans=True))


def rows(pattern: str, *arguments: object, stdin: str) -> list[dict[str, str]]:
    done = korpus("kwic", pattern, *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_lines_are_of_the_original_text(tokens: str) -> None:
    done = korpus("kwic", "연기", "--context", 8, stdin=tokens)
    assert done.stdout.splitlines() == [
        "id,left,keyword,right,tags,rating",
        "7,배우들의 ,연기,가 좋았다. 배,NNG,9",
        "7,좋았다. 배우 ,연기,만 봤다. 우리,NNG,9",
    ]
    assert "2 lines in 1 of 1 document" in done.stderr


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        ("배우", ["배우", "배우"]),
        ("배우/NNG", ["배우", "배우"]),
        ("배우/명사", ["배우", "배우"]),
        ("배우/JX", []),
        ("VV", ["봤", "갔"]),
        ("VV+EP", ["봤", "갔"]),
        ("*/adverb", ["또"]),
        ("lemma:가다", ["갔"]),
        ("lemma:좋다", ["좋"]),
        ("lemma:가르다", []),
        (".*회사$", ["회사"]),
        ("/화관/", ["영화관"]),
        ("영화*", ["영화관"]),
        ("NNG JX VV", ["연기만 봤"]),
        ("배우 연기", ["배우 연기"]),
        ("* 연기", ["의 연기", "배우 연기"]),
        (".", [".", "."]),
        ("없음", []),
    ],
)
def test_patterns(tokens: str, pattern: str, keywords: list[str]) -> None:
    assert [row["keyword"] for row in rows(pattern, "--sort", "text", stdin=tokens)] == keywords


def test_sorting(tokens: str) -> None:
    texts = ["나 가 라", "다 가 나", "나 다 가 가", "가"]
    records = [
        {"id": str(n), "tokens": text.split(), "tags": ["N"] * len(text.split())}
        for n, text in enumerate(texts)
    ]
    around = {
        sort: [(row["left"], row["right"]) for row in kwic(records, "가", sort=sort)]
        for sort in ("right", "left", "text")
    }
    assert around["text"] == [
        ("나", "라"),
        ("다", "나"),
        ("나 다", "가"),
        ("나 다 가", ""),
        ("", ""),
    ]
    assert [right for _left, right in around["right"]] == ["", "", "가", "나", "라"]
    assert [left for left, _right in around["left"]] == ["", "나 다 가", "나", "다", "나 다"]


def test_after_stopwords_the_text_is_whole_and_gaps_count() -> None:
    left = list(stopwords(morph([DOCUMENT], spans=True, pos="noun")))
    (row,) = kwic(left, "배우 연기", context=6)
    assert (row["left"], row["keyword"], row["right"]) == (" 좋았다. ", "배우 연기", "만 봤다. ")
    assert [row["keyword"] for row in kwic(left, "연기")] == ["연기", "연기"]


def test_without_places_the_context_is_tokens() -> None:
    done = korpus("kwic", "연기만", stdin=lines({"id": "1", "tokens": ["배우", "연기만", "봤다"]}))
    assert done.stdout.splitlines()[1] == "1,배우,연기만,봤다,"
    assert (
        "1 document without places: context is the tokens there are; morph --spans" in done.stderr
    )


def test_random_lines_are_repeatable_and_in_order(sample_tokens: Path) -> None:
    some = [
        korpus("kwic", "NNG", sample_tokens, "--random", 9, "--seed", seed, "-q").stdout
        for seed in (1, 1, 2)
    ]
    assert some[0] == some[1] != some[2] and len(some[0].splitlines()) == 10
    rights = [row["right"] for row in csv.DictReader(io.StringIO(some[0]))]
    assert rights == sorted(rights)


def test_the_first_lines_and_how_many_there_are(sample_tokens: Path) -> None:
    every = korpus("kwic", "NNG", sample_tokens).stdout.splitlines()
    done = korpus("kwic", "NNG", sample_tokens, "--top", 3)
    assert done.stdout.splitlines() == every[:4]
    assert f"the first 3 of {len(every) - 1:,} lines (--top)" in done.stderr
    some = korpus("kwic", "NNG", sample_tokens, "--random", 9, "--top", 9)
    assert len(some.stdout.splitlines()) == 10 and "--top" not in some.stderr
    assert korpus("kwic", "NNG", sample_tokens, "--top", 0).returncode == 2


def test_decomposed_text_and_patterns() -> None:
    for form in ("NFC", "NFD"):
        document = {"id": "1", "text": normalize(form, TEXT)}
        (row,) = kwic(morph([document], spans=True), normalize("NFD", "lemma:보다"), context=3)
        assert (row["left"], row["keyword"], row["right"]) == ("기만 ", "봤", "다. ")


def test_on_a_terminal(tokens: str, tmp_path: Path) -> None:
    source = tmp_path / "tokens.jsonl"
    source.write_text(tokens)
    code, shown = in_terminal("kwic", "연기", source, "--context", "4", "-q")
    assert code == 0 and "\x1b[1;31m연기   \x1b[0m  가 좋" in shown
    plain = korpus("kwic", "연기", "--context", 4, "-f", "table", stdin=tokens)
    assert plain.stdout.splitlines() == [
        "id     left  keyword  right    tags  rating",
        "7   우들의   연기     가 좋았  NNG        9",
        "7     배우   연기     만 봤다  NNG        9",
    ]


def test_other_columns_of_some_documents_and_of_our_names() -> None:
    records: list[dict[str, Any]] = [
        {"id": "1", "tokens": ["가"], "tags": ["N"], "left": "L"},
        {"id": "2", "tokens": ["가"], "tags": ["N"], "date": "2025"},
    ]
    table = kwic(records, "가")
    assert table.columns == ["id", "left", "keyword", "right", "tags", "left_", "date"]
    assert [(row["left_"], row["date"]) for row in table] == [("L", None), (None, "2025")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([" "], "the pattern is empty"),
        (["가(나"], "no regular expression"),
        (["가/NIX"], "NIX"),
        (["가", "--sort", "middle"], "--sort middle is unknown"),
        (["가", "--context", "-1"], "--context -1 is less than 0"),
        (["가", "--random", "0"], "--random 0 is less than 1"),
    ],
)
def test_errors(arguments: list[str], message: str, tokens: str) -> None:
    done = korpus("kwic", *arguments, stdin=tokens)
    assert (done.returncode, done.stdout) == (2, "") and message in done.stderr


def test_processes_make_no_difference(tmp_path: Path, sample_tokens: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(sample_tokens.read_text() * 12)
    outputs = {shell(f"korpus kwic NNG {many} -j {jobs}").stdout for jobs in (1, 2)}
    assert len(outputs) == 1 and len(outputs.pop().splitlines()) > 1000


def test_a_pattern_finds_first_tokens() -> None:
    record = {"id": "1", "tokens": ["가", "가", "나"], "tags": ["N", "N", "V"], "analyzer": "mecab"}
    assert TokenPattern("가 가").find(record) == [0]
    assert TokenPattern("가").find({**record, "positions": [0, 2, 3]}) == [0, 1]
    assert TokenPattern("가 가").find({**record, "positions": [0, 2, 3]}) == []


def test_a_picture_shows_where_words_are(tmp_path: Path, tokens: str) -> None:
    picture = tmp_path / "places.svg"
    done = korpus("kwic", "NNG", "--plot", picture, "--random", 1, stdin=tokens)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 2
    assert "배우 (2)" in picture.read_text() and "영화관 (1)" in picture.read_text()
    done = korpus("kwic", "없음", "--plot", picture, stdin=tokens)
    assert done.returncode == 1 and "the pattern was not found" in done.stderr


def test_places_are_counted_in_documents() -> None:
    records = [
        {"id": "1", "tokens": ["나"]},
        {"id": "2", "tokens": ["나", "가"]},
        {"id": "3", "tokens": []},
    ]
    found = kwic(records, "가", sort="left", random_sample=1)
    assert (found.places, found.documents) == ([(1.5, "가")], 3)
