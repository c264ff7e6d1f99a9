"""Tokens of real reviews are those of the libraries.

But for two rules of korpus, which are applied here to the text and to the library's tokens: mecab
gets single letters (ㅋㅋ) apart from syllables, and the end of a syllable alone (U+11AB) is ㄴ.
"""

import csv
import gzip
import json
import re
from itertools import islice
from pathlib import Path

import pytest

from korpus.analyzers import jvm, morph
from tests.support import SHARED, korpus

REVIEWS = SHARED / "reviews.csv.gz"
COUNTS = {"mecab": 5000, "kiwi": 1500, "okt": 500}

pytestmark = [
    pytest.mark.skipif(not REVIEWS.is_file(), reason=f"no {REVIEWS}"),
    pytest.mark.xdist_group("taggers"),
]

LETTERS_APART = re.compile("(?<=[가-힣])(?=[ㄱ-ㅣ])|(?<=[ㄱ-ㅣ])(?=[가-힣])")
FINALS = {
    0x11A8 + number: letter
    for number, letter in enumerate("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
}

Pairs = list[tuple[str, str]]


def reviews(count: int) -> list[dict[str, str]]:
    with gzip.open(REVIEWS, "rt", encoding="utf-8", newline="") as stream:
        return list(islice(csv.DictReader(stream), count))


def mecab(texts: list[str]) -> list[Pairs]:
    from mecab import MeCab

    tagger = MeCab()
    apart = (LETTERS_APART.sub(" ", text) for text in texts)
    return [[(form.strip(), tag) for form, tag in tagger.pos(text)] for text in apart]


def kiwi(texts: list[str]) -> list[Pairs]:
    from kiwipiepy import Kiwi

    found = Kiwi().tokenize(texts)
    return [[(token.form, token.tag) for token in tokens] for tokens in found]


def okt(texts: list[str]) -> list[Pairs]:
    jvm.start()
    from konlpy.tag import Okt

    tagger = Okt()
    return [tagger.pos(text) for text in texts]


LIBRARIES = {"mecab": mecab, "kiwi": kiwi, "okt": okt}


@pytest.mark.parametrize("analyzer", list(COUNTS))
def test_tokens_are_those_of_the_library(analyzer: str, tmp_path: Path) -> None:
    """Kiwi and okt, which start slowly, in this process; mecab in two others.

    tests/test_workers.py compares what two processes give with what one gives.
    """
    rows = reviews(COUNTS[analyzer])
    theirs = LIBRARIES[analyzer]([row["text"] for row in rows])
    pairs = [[(form.translate(FINALS), tag) for form, tag in tokens] for tokens in theirs]
    if analyzer == "mecab":
        source, output = tmp_path / "reviews.jsonl", tmp_path / "tokens.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        done = korpus("morph", source, "-j", 2, "-o", output)
        assert done.returncode == 0, done.stderr
        records = map(json.loads, output.read_text(encoding="utf-8").splitlines())
    else:
        records = iter(morph(rows, analyzer))
    found = [list(zip(r["tokens"], r["tags"], strict=True)) for r in records]
    different = [
        at for at, (ours, theirs) in enumerate(zip(found, pairs, strict=True)) if ours != theirs
    ]
    assert len(found) == len(pairs) == COUNTS[analyzer]
    assert not different, (found[different[0]], pairs[different[0]])
