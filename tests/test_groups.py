"""Groups of documents by a column: missing values have one name and are counted."""

import csv
import io
from pathlib import Path

import pytest

from tests.support import korpus, lines

VALUES = ["b", None, "a", " ", "b"]
GIVEN = lines(
    *(
        {"id": str(n), "tokens": ["가", "나", "다"][: n + 1], "tags": ["N"] * min(n + 1, 3), "g": g}
        for n, g in enumerate(VALUES)
    )
)


@pytest.mark.parametrize(
    "line",
    [
        "freq --by g",
        "freq --by id --by g --wide count",
        "keyness --by g --min-count 1",
        "lexical --by g",
        "lexical --by g --dispersion",
        "tfidf --by g",
        "network --by g",
        "correspondence --by g --min-count 1",
    ],
)
def test_documents_without_a_group_are_counted(line: str) -> None:
    done = korpus(*line.split(), stdin=GIVEN)
    assert done.returncode == 0, done.stderr
    said = "2 documents without a value of g: a group of their own (no value)"
    assert done.stderr.count(said) == 1


@pytest.mark.parametrize(
    "line",
    [
        "freq --by g",
        "keyness --by g",
        "lexical --by g",
        "tfidf --by g",
        "network --by g",
        "keywords --by g",
        "classify train --label g",
    ],
)
def test_a_list_is_no_group(line: str) -> None:
    record = {"id": "1", "text": "가", "tokens": ["가"], "tags": ["N"], "g": ["가", "나"]}
    done = korpus(*line.split(), stdin=lines(record))
    assert done.returncode == 1, done.stdout
    assert "document '1': g is a list or an object, which makes no group" in done.stderr


def test_they_have_one_name(tmp_path: Path) -> None:
    wide = korpus("freq", "--by", "g", "--wide", "count", stdin=GIVEN).stdout
    assert "no value" in next(csv.reader(io.StringIO(wide)))
    assert ",no value," in korpus("network", "--by", "g", stdin=GIVEN).stdout
    picture = tmp_path / "x.svg"
    korpus("keyness", "--by", "g", "--min-count", 1, "--plot", picture, stdin=GIVEN)
    assert "g no value" in picture.read_text()
    korpus("correspondence", "--by", "g", "--min-count", 1, "--plot", picture, stdin=GIVEN)
    assert "no value" in picture.read_text()


ANSWERS = ["매우 그렇다", "그렇다", "보통", "아니다", "전혀 아니다", None]
SCALE = "전혀 아니다, 아니다,보통,그렇다,매우 그렇다"
ANSWERED = lines(
    *(
        {"id": str(n), "tokens": ["가"] * (n % 3 + 1), "tags": ["N"] * (n % 3 + 1), "o": q, "a": a}
        for n, (q, a) in enumerate((q, f"{10 * n}대") for n, q in enumerate(ANSWERS * 2))
    )
)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("freq --by o", "o"),
        ("lexical --by o", "o"),
        ("crosstab o --by a", "value"),
        ("crosstab a --by o", "o"),
        ("keyness --by o --min-count 1", "o"),
        ("correspondence --by o --min-count 1", "name"),
    ],
)
def test_order_puts_answers_in_the_order_of_the_scale(line: str, column: str) -> None:
    done = korpus(*line.split(), "--order", SCALE, stdin=ANSWERED)
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    names = [name for name in dict.fromkeys(row[column] for row in rows) if name in ANSWERS]
    assert names == ANSWERS[4::-1]
    assert "--order: no document has" not in done.stderr


def test_names_that_no_group_has_are_said_and_others_follow() -> None:
    done = korpus("freq", "--by", "o", "--order", "보통,보텅", "--wide", "df", stdin=ANSWERED)
    assert "--order: no document has 보텅" in done.stderr
    groups = ["보통", "그렇다", "매우 그렇다", "아니다", "전혀 아니다", "no value"]
    assert next(csv.reader(io.StringIO(done.stdout)))[3:] == groups


def test_numbers_in_names_count_by_value() -> None:
    done = korpus("freq", "--by", "a", "--wide", "df", stdin=ANSWERED)
    ages = [f"{10 * n}대" for n in range(12)]
    assert next(csv.reader(io.StringIO(done.stdout)))[3:] == ages
