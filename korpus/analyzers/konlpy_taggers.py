"""Shared by komoran, kkma and hannanum: konlpy taggers that always split fused words."""

import re
from collections.abc import Callable, Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.lemmas.lemma import Pieces, lemmatized
from korpus.analyzers.table import Analysis, Analyzer, Tokens

# Form and tag of each morpheme of a text, and for lemmas its piece of the text (see `Pieces`).
Morphemes = list[tuple[str, ...]]
Pos = Callable[[str], Morphemes]

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_PRIVATE = 0xE000


class JavaError(Exception):
    """Java printed an error."""


def konlpy_analyzer(name: str, analysis: Analysis, pos: Pos) -> Analyzer:
    """Make an analyzer from `pos`, which tags one text. Raises JavaError if Java prints."""
    jvm.printed()  # while loading

    def results(texts: Iterable[str]) -> Iterator[Morphemes]:
        for text in texts:
            found = pos(text)
            if message := jvm.printed():
                raise JavaError(message)
            yield found

    def pairs(texts: Iterable[str]) -> Iterator[Tokens]:
        for found in results(texts):
            yield [form for form, _ in found], [tag for _, tag in found]

    def pieces(texts: Iterable[str]) -> Iterator[Pieces]:
        for found in results(texts):
            yield (
                [form for form, _, _ in found],
                [tag for _, tag, _ in found],
                [piece for _, _, piece in found],
            )

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        if analysis.lemma:
            return lemmatized(pieces(texts), name, analysis.split_derived, analysis.words)
        return pairs(texts)

    return Analyzer(analyze)


def without_surrogates(pos: Pos) -> Pos:
    """Wrap `pos` of an analyzer that splits emoji in half.

    KOMORAN and Kkma split text into Java's 16-bit characters, and half an emoji cannot be returned
    to Python. So each character beyond the basic plane is replaced by one from the private-use
    area, which they tag as a symbol, and put back in the result.
    """

    def safe(text: str) -> Morphemes:
        beyond = sorted(set(_BEYOND_BMP.findall(text)))
        if not beyond:
            return pos(text)
        unused = (code for code in range(_PRIVATE, _PRIVATE + 6400) if chr(code) not in text)
        stand_ins = {ord(char): chr(code) for char, code in zip(beyond, unused, strict=False)}
        back = {ord(private): chr(code) for code, private in stand_ins.items()}
        found = pos(text.translate(stand_ins))
        return [(form.translate(back), *others) for form, *others in found]

    return safe


def in_words(words: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> Morphemes:
    """The morphemes of words, each with the text of its word as the piece of the first."""
    found: Morphemes = []
    for word, pairs in words:
        piece = f" {word}"
        for form, tag in pairs:
            found.append((form, tag, piece))
            piece = ""
    return found
