"""What komoran, kkma and hannanum share: konlpy taggers that split fused words by themselves."""

import re
from collections.abc import Callable, Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.lemma import lemmatized
from korpus.analyzers.table import Analysis, Analyzer, Tokens

Pos = Callable[[str], list[tuple[str, str]]]

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_PRIVATE = 0xE000


class JavaError(Exception):
    """Java printed an error in place of a result."""


def konlpy_analyzer(name: str, analysis: Analysis, pos: Pos) -> Analyzer:
    """An analyzer from a konlpy tagger's `pos`."""
    jvm.complaint()  # of loading

    def results(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            pairs = pos(text)
            if printed := jvm.complaint():
                raise JavaError(printed)
            yield [form for form, _ in pairs], [tag for _, tag in pairs]

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        found = results(texts)
        return lemmatized(found, name) if analysis.lemma else found

    return Analyzer(analyze)


def without_surrogates(pos: Pos) -> Pos:
    """`pos` for an analyzer that cuts emoji in two.

    KOMORAN and Kkma split text by Java's 16-bit characters, and half an emoji cannot come back to
    Python. Each character beyond the basic plane goes in as one of the private-use area, which
    they tag as the symbol it is, and comes out as itself.
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
