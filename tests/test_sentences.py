"""Sentences, through Kiwi."""

import csv
import gzip
from itertools import islice
from pathlib import Path
from unicodedata import normalize

import pytest

import korpus
from korpus.documents import kiwi
from tests.support import korpus as run
from tests.support import lines, records

pytestmark = pytest.mark.xdist_group("taggers")


def test_they_are_what_kiwi_gives(shared_reviews: Path) -> None:
    from kiwipiepy import Kiwi

    with gzip.open(shared_reviews, "rt") as file:
        texts = [row["text"] for row in islice(csv.DictReader(file), 1000)]
    direct = [
        (f"{number}#{at}", one.text, one.start, one.end)
        for number, found in enumerate(Kiwi(num_workers=2).split_into_sents(texts), 1)
        for at, one in enumerate(found, 1)
    ]
    found = [(r["id"], r["text"], r["start"], r["end"]) for r in korpus.sentences(texts)]
    assert [row for row in found if row[1]] == direct


def test_offsets_are_those_of_the_document() -> None:
    text = "😀 좋다. 나는 학교에 갔다! ㅋㅋ\n\n끝"
    found = list(korpus.sentences([text, ""]))
    assert [record["id"] for record in found][-1] == "2#1"
    for record in found[:-1]:
        assert text[record["start"] : record["end"]] == record["text"]
    assert found[-1] == {"id": "2#1", "text": "", "document": "2", "start": 0, "end": 0}
    apart = normalize("NFD", text)  # is composed first: so are its places
    assert list(korpus.sentences([apart, ""])) == found


def test_long_documents_are_split_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "나는 학교에 갔다. 밥을 먹었다.\n" * 20
    whole = [(r["text"], r["start"], r["end"]) for r in korpus.sentences([text])]
    whole_parts = kiwi.parts
    monkeypatch.setattr(kiwi, "parts", lambda text: whole_parts(text, 50))
    assert [(r["text"], r["start"], r["end"]) for r in korpus.sentences([text])] == whole
    assert len(whole) == 40


def test_the_command(tmp_path: Path) -> None:
    stdin = lines(
        {"id": "7", "text": normalize("NFD", "좋다. 나쁘다."), "start": "그때", "평점": 5},
        {"id": "8", "text": " "},
    )
    expected = [
        *(
            {
                "id": "7#1",
                "text": "좋다.",
                "document": "7",
                "start": 0,
                "end": 3,
                "start_": "그때",
                "평점": 5,
            },
        ),
        *(
            {
                "id": "7#2",
                "text": "나쁘다.",
                "document": "7",
                "start": 4,
                "end": 8,
                "start_": "그때",
                "평점": 5,
            },
        ),
        *({"id": "8#1", "text": "", "document": "8", "start": 0, "end": 0},),
    ]
    done = run("sentences", "-o", tmp_path / "out.jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert records((tmp_path / "out.jsonl").read_text()) == expected
    assert "split 2 documents into 2 sentences" in done.stderr
    assert "1 document blank: kept, as an empty sentence" in done.stderr
    assert "now composed in 1 document" in done.stderr
    table = run("sentences", "-f", "csv", stdin=stdin).stdout.splitlines()
    assert table[0].startswith("id,text,document,start,end") and len(table) == 4


def test_bad_rows_are_set_aside(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(lines({"id": "1", "text": "좋다. 나쁘다."}) + "broken\n")
    done = run("sentences", source, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 3
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
