"""Kkma, through konlpy."""

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer, without_surrogates
from korpus.analyzers.table import Analysis, Analyzer


def load(name: str, analysis: Analysis) -> Analyzer:
    """Kkma on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Kkma

    return konlpy_analyzer(name, analysis, without_surrogates(Kkma().pos))
