"""Feelings by a lexicon: negation, degrees, aspects; lexicons read, learned and grown."""

import csv
import re
from pathlib import Path
from typing import Any

import numpy
import pytest

import korpus as api
from korpus.models.sentiment import Lexicon, read_lexicon
from korpus.models.sentiment.grow import trained
from korpus.models.word2vec_model import WordVectors
from tests.classified import document
from tests.support import in_terminal, korpus, lines

LEXICON = "좋다\t1\n재미있다\t2\n나쁘다\t-2\n별로/MAG\t-1\n"


def tokens(number: int, pairs: str, **columns: Any) -> dict[str, Any]:
    """A document of token/TAG."""
    split = [pair.rpartition("/") for pair in pairs.split()]
    made = document(number, " ".join(token for token, _slash, _tag in split), **columns)
    return {**made, "tags": [tag for _token, _slash, tag in split]}


def feelings(records: list[dict[str, Any]], path: Path, *more: object) -> list[dict[str, str]]:
    done = korpus("sentiment", "--lexicon", path, *more, stdin=lines(*records))
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(done.stdout.splitlines()))


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    path = tmp_path / "lexicon.tsv"
    path.write_text(LEXICON)
    return path


def test_negation_and_degrees(lexicon: Path) -> None:
    records = [
        tokens(1, "배우/NNG 좋다/VA"),
        tokens(2, "배우/NNG 좋다_않다/VA+NEG"),
        tokens(3, "안_나쁘다/VA+NEG"),
        tokens(4, "정말/MAG 배우/NNG 좋다/VA"),
        tokens(5, "조금/MAG 나쁘다/VA"),
        tokens(6, "별로/NNG 배우/NNG"),
        tokens(7, ""),
    ]
    found = feelings(records, lexicon)
    assert [float(row["score"]) for row in found] == [1, -1, 2, 1.5, -1, 0, 0]
    assert [row["sentiment"] for row in found] == [
        *("positive", "negative", "positive", "positive", "negative", "neutral", "neutral")
    ]
    assert found[1]["words"] == "좋다_않다(-1)" and found[3]["positive"] == "1.5"


def test_sentences_aspects_and_places(lexicon: Path, tmp_path: Path) -> None:
    text = "화질이 좋다. 배송은 나쁘다."
    record = {
        **tokens(1, "화질/NNG 좋다/VA 배송/NNG 나쁘다/VA"),
        "text": text,
        "spans": [[0, 2], [4, 6], [8, 10], [12, 15]],
        "positions": [0, 1, 2, 3],
        "sentence_starts": [0, 8],
    }
    found = feelings([record], lexicon, "--by", "sentence")
    assert [(row["sentence"], row["sentiment"]) for row in found] == [
        ("1", "positive"),
        ("2", "negative"),
    ]
    assert found[1]["words"] == "나쁘다[12:15](-2)"
    aspects = tmp_path / "aspects.csv"
    aspects.write_text("aspect,word\n화면,화질\n배송,배송 택배\n가격,가격\n")
    found = feelings([record], lexicon, "--aspects", aspects)
    assert {row["aspect"]: row["score"] for row in found} == {"화면": "1.0", "배송": "-2.0"}
    # Without places a document is one sentence: words are about the nearest mention.
    plain = {name: record[name] for name in ("id", "text", "tokens", "tags")}
    assert feelings([plain], lexicon, "--aspects", aspects) == [
        {**row, "words": row["words"].split("[")[0] + row["words"][-4:]} for row in found
    ]


def test_texts_on_a_terminal(lexicon: Path, tmp_path: Path) -> None:
    source = tmp_path / "t.jsonl"
    record = {**tokens(7, "배송/NNG 나쁘다/VA"), "text": "배송이 나쁘다", "spans": [[0, 2], [4, 7]]}
    source.write_text(lines(record))
    code, shown = in_terminal("sentiment", source, "--lexicon", lexicon)
    assert code == 0 and "7  negative (-2.00)" in shown and "배송이" in shown
    done = korpus("sentiment", source, "--lexicon", lexicon)
    assert done.stdout.startswith("id,sentiment,score")


def test_lexicons_of_several_layouts() -> None:
    knu = "\ufeff가난\t-2\n(^^)\t1\n가치 있다\t2\n"
    assert read_lexicon(knu).words == {"가난": -2, "(^^)": 1, "가치 있다": 2}
    headed = "word,tag,polarity\n좋다,VA,긍정\n싫다,VA,부정\n"
    assert read_lexicon(headed).words == {"좋다": 1, "싫다": -1}


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the lexicon has no words"), ("좋다\t1\n싫다\tx\n", "line 2 of the lexicon has no word")],
)
def test_a_lexicon_without_words(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text(text)
    done = korpus("sentiment", "--lexicon", path, stdin=lines(tokens(1, "좋다/VA")))
    assert done.returncode == 1 and message in done.stderr


def test_a_lexicon_is_learned_from_ratings(tmp_path: Path) -> None:
    records = [
        tokens(n, f"영화/NNG {'좋다' if n % 2 else '나쁘다'}/VA", rating=9 if n % 2 else 2)
        for n in range(40)
    ]
    path = tmp_path / "words.tsv"
    done = korpus("sentiment", "--learn", "rating", "--save-lexicon", path, stdin=lines(*records))
    assert done.returncode == 0, done.stderr
    saved = read_lexicon(path.read_text())
    assert saved.words.keys() == {"좋다/VA", "나쁘다/VA"}
    found = [row["sentiment"] for row in csv.DictReader(done.stdout.splitlines())]
    assert found == ["negative", "positive"] * 20
    again = feelings(records, path)
    assert [row["sentiment"] for row in again] == found
    done = korpus("sentiment", "--learn", "rating", stdin=lines(*records[:1]))
    assert done.returncode == 1 and "fewer than two ratings" in done.stderr


def vectors() -> WordVectors:
    """Vectors of two bundles of words, around 최고 and around 최악, and one between them."""
    words = ["최고", "근사", "멋", "최악", "끔찍", "한심", "영화"]
    angles = [0.0, 0.1, 0.2, 1.5, 1.4, 1.3, 0.75]
    made = numpy.array([[numpy.cos(a), numpy.sin(a)] for a in angles], numpy.float32)
    provenance: Any = dict.fromkeys(("analyzer", "analysis"))
    provenance |= {"documents": 1, "tokens": 1, "digest": ""}
    counts = numpy.ones(len(words), numpy.int64)
    return WordVectors(terms=words, options={}, provenance=provenance, vectors=made, counts=counts)


def test_what_a_lexicon_cannot_see_is_said(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text("좋다\t1\n가치 있다\t2\n좋다\t-1\n")
    plain = {"analyzer": "kiwi", "analysis": "--lemma"}
    records = [{**tokens(1, "안/MAG 좋다/VA"), **plain}, {**tokens(2, "영화/NNG"), **plain}]
    said = korpus("sentiment", "--lexicon", path, stdin=lines(*records)).stderr
    assert "1 word of the lexicon with several polarities, the last counts: 좋다" in said
    assert "1 word of the lexicon with a space" in said and "가치 있다" in said
    assert "1 of 2 documents without a word of the lexicon: neutral" in said
    assert "2 documents not analysed by morph --join negation" in said
    joined = [{**record, "analysis": "--join negation"} for record in records]
    done = korpus("sentiment", "--lexicon", path, stdin=lines(*joined))
    assert "--join negation" not in done.stderr


def test_documents_without_a_rating_are_counted() -> None:
    records = [
        tokens(n, f"{'좋다' if n % 2 else '나쁘다'}/VA", rating=[2, 9, "없음", ""][n % 4])
        for n in range(40)
    ]
    done = korpus("sentiment", "--learn", "rating", stdin=lines(*records))
    said = "20 documents without a rating in rating: nothing learned from them ('없음', '')"
    assert done.returncode == 0 and said in done.stderr


def test_a_lexicon_is_grown_from_seeds() -> None:
    records = [
        tokens(n, "최고/NNG 근사/NNG 멋/NNG 최악/NNG 끔찍/NNG 한심/NNG 영화/NNG") for n in range(5)
    ]
    found = api.sentiment(records, vectors=vectors(), positive=["최고"], negative=["최악"])
    words = {row["word"]: row["polarity"] for row in found.words}
    assert words["최고/NNG"] >= 1 and words["최악/NNG"] <= -1
    assert all(words.get(f"{word}/NNG", 0) >= 0 for word in ("근사", "멋"))
    assert all(words.get(f"{word}/NNG", 0) <= 0 for word in ("끔찍", "한심"))
    assert "영화/NNG" not in words
    with pytest.raises(api.KorpusError, match="no seed word of --positive occurs 5 times"):
        api.sentiment(records, vectors=vectors(), positive=["없음"], negative=["최악"])


def test_documents_weigh_the_words_of_a_grown_lexicon() -> None:
    good, bad = tokens(1, "최고/NNG 꿀잼/NNG"), tokens(2, "최악/NNG 노잼/NNG")
    seeds = Lexicon({"최고/NNG": 1.0, "최악/NNG": -1.0})
    found = trained([good, bad] * 500, seeds).words
    assert found["꿀잼/NNG"] == pytest.approx(numpy.log(501 / 1), abs=1e-9)
    assert found["노잼/NNG"] == pytest.approx(-numpy.log(501 / 1), abs=1e-9)
    assert trained([good, bad] * 5, seeds).words == seeds.words  # too few documents


def test_options_that_exclude_each_other(lexicon: Path) -> None:
    empty = lines(tokens(1, ""))
    done = korpus("sentiment", "--lexicon", lexicon, "--learn", "rating", stdin=empty)
    assert done.returncode == 2 and "not several of these" in done.stderr
    done = korpus("sentiment", "--lexicon", lexicon, "--by", "word", stdin=empty)
    assert done.returncode == 2 and "--by word is unknown" in done.stderr


@pytest.mark.parametrize("suffix", [".xlsx", ".jsonl", ".parquet", ".tsv", ".csv"])
def test_a_lexicon_that_was_saved_is_read_again(suffix: str, lexicon: Path, tmp_path: Path) -> None:
    saved = tmp_path / f"saved{suffix}"
    documents = lines({"id": "1", "tokens": ["좋다", "별로"], "tags": ["VA", "MAG"]})
    first = korpus("sentiment", "--lexicon", lexicon, "--save-lexicon", saved, stdin=documents)
    again = korpus("sentiment", "--lexicon", saved, stdin=documents)
    assert again.returncode == 0, again.stderr
    assert again.stdout == first.stdout


def test_groups_and_their_picture(lexicon: Path, tmp_path: Path) -> None:
    feelings = [("1", "좋다"), ("1", "별로"), ("2", "좋다"), ("10", "배송")]
    documents = lines(
        *(
            {"id": str(n), "rating": rating, "tokens": [word, "배송"], "tags": ["VA", "NNG"]}
            for n, (rating, word) in enumerate(feelings)
        )
    )
    aspects, picture = tmp_path / "a.csv", tmp_path / "p.svg"
    aspects.write_text("aspect,word\n배송,배송\n", encoding="utf-8")
    plain = ["sentiment", "--lexicon", lexicon]
    done = korpus(*plain, "--group", "rating", "--plot", picture, stdin=documents)
    assert [row["group"] for row in csv.DictReader(done.stdout.splitlines())] == [
        "1",
        "1",
        "2",
        "10",
    ]
    missing = {"id": "5", "rating": None, "tokens": ["배송"], "tags": ["NNG"]}
    more = korpus(*plain, "--group", "rating", stdin=documents + lines(missing))
    assert "1 document without a value of rating" in more.stderr
    labels = re.findall(r">(\d+ \(\d+\))<", picture.read_text("utf-8"))
    assert labels == ["1 (2)", "2 (1)", "10 (1)"]
    korpus(*plain, "--aspects", aspects, "--plot", picture, stdin=documents)
    assert ">배송 (4)<" in picture.read_text("utf-8")
    empty = korpus(*plain, "--plot", picture, stdin="")
    assert (
        empty.returncode == 1 and "there is nothing to draw: the table has no rows" in empty.stderr
    )
