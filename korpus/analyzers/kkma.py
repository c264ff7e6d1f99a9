"""Kkma, through konlpy."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer, without_surrogates
from korpus.analyzers.table import Analysis, Analyzer

# Kkma's time doubles with each single letter that may be an ending: 16 ㄷ in a row take seven
# seconds. So longer runs are split. ㅋ, ㅎ, ㅜ, ㅠ and ㅡ, which people repeat, are not endings.
_ENDINGS = re.compile("[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ]{10}(?=[ㄱ-ㅊㅌㅍㅏ-ㅛㅝ-ㅟㅢㅣ])")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Kkma on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Kkma

    tag = Kkma().pos

    def pos(text: str) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = tag(_ENDINGS.sub(r"\g<0> ", text))
        return pairs

    return konlpy_analyzer(name, analysis, without_surrogates(pos))
