"""Kkma, through konlpy."""

import re
from dataclasses import replace

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import (
    Morphemes,
    in_words,
    konlpy_analyzer,
    without_surrogates,
)
from korpus.analyzers.private import kkma_compound, kkma_words
from korpus.analyzers.table import Analysis, Analyzer, Tokens

# Kkma's time doubles with each single letter that may be an ending: 16 ㄷ in a row take seven
# seconds. So longer runs are split. ㅋ, ㅎ, ㅜ, ㅠ and ㅡ, which people repeat, are not endings.
_ENDINGS = re.compile("[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ]{10}(?=[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ])")

_NOUNS = ("NNG", "NNP")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Kkma on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Kkma

    kkma = Kkma()
    tag, words = kkma.pos, kkma_words(kkma)

    def pos(text: str) -> Morphemes:
        pairs: Morphemes = tag(_ENDINGS.sub(r"\g<0> ", text))
        return pairs

    def with_pieces(text: str) -> Morphemes:
        return in_words(words(_ENDINGS.sub(r"\g<0> ", text)))

    found = konlpy_analyzer(
        name, analysis, without_surrogates(with_pieces if analysis.lemma else pos)
    )
    return replace(found, parts=_parts)


def _parts(form: str, tag: str) -> Tokens | None:
    forms = kkma_compound(form) if tag in _NOUNS else []
    return (forms, [tag] * len(forms)) if "".join(forms) == form else None
