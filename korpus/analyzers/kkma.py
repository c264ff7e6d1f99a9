"""Kkma, through konlpy."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import (
    Morphemes,
    in_words,
    konlpy_analyzer,
    without_surrogates,
)
from korpus.analyzers.private import kkma_words
from korpus.analyzers.table import Analysis, Analyzer

# Kkma's time doubles with each single letter that may be an ending: 16 ㄷ in a row take seven
# seconds. So longer runs are split. ㅋ, ㅎ, ㅜ, ㅠ and ㅡ, which people repeat, are not endings.
_ENDINGS = re.compile("[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ]{10}(?=[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ])")


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

    return konlpy_analyzer(
        name, analysis, without_surrogates(with_pieces if analysis.lemma else pos)
    )
