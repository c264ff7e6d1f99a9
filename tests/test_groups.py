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


def test_they_have_one_name(tmp_path: Path) -> None:
    wide = korpus("freq", "--by", "g", "--wide", "count", stdin=GIVEN).stdout
    assert "no value" in next(csv.reader(io.StringIO(wide)))
    assert ",no value," in korpus("network", "--by", "g", stdin=GIVEN).stdout
    picture = tmp_path / "x.svg"
    korpus("keyness", "--by", "g", "--min-count", 1, "--plot", picture, stdin=GIVEN)
    assert "g: no value" in picture.read_text()
    korpus("correspondence", "--by", "g", "--min-count", 1, "--plot", picture, stdin=GIVEN)
    assert "no value" in picture.read_text()
