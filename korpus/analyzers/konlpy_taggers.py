"""Shared by komoran, kkma and hannanum: konlpy taggers that always split fused words."""

import re
from collections.abc import Callable, Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.lemma import lemmatized
from korpus.analyzers.table import Analysis, Analyzer, Tokens

Pos = Callable[[str], list[tuple[str, str]]]

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_PRIVATE = 0xE000


class JavaError(Exception):
    """Java printed an error."""


def konlpy_analyzer(name: str, analysis: Analysis, pos: Pos) -> Analyzer:
    """Make an analyzer from `pos`, which tags one text. Raises JavaError if Java prints."""
    jvm.printed()  # while loading

    def results(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            pairs = pos(text)
            if message := jvm.printed():
                raise JavaError(message)
            yield [form for form, _ in pairs], [tag for _, tag in pairs]

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        found = results(texts)
        return lemmatized(found, name) if analysis.lemma else found

    return Analyzer(analyze)


def without_surrogates(pos: Pos) -> Pos:
    """Wrap `pos` of an analyzer that splits emoji in half.

    KOMORAN and Kkma split text into Java's 16-bit characters, and half an emoji cannot be returned
    to Python. So each character beyond the basic plane is replaced by one from the private-use
    area, which they tag as a symbol, and put back in the result.
    """

    def safe(text: str) -> list[tuple[str, str]]:
        beyond = sorted(set(_BEYOND_BMP.findall(text)))
        if not beyond:
            return pos(text)
        unused = (code for code in range(_PRIVATE, _PRIVATE + 6400) if chr(code) not in text)
        stand_ins = {ord(char): chr(code) for char, code in zip(beyond, unused, strict=False)}
        back = {ord(private): chr(code) for code, private in stand_ins.items()}
        return [(form.translate(back), tag) for form, tag in pos(text.translate(stand_ins))]

    return safe
