"""Hannanum, through konlpy, with its 22 tags: the 9 do not tell verbs from adjectives."""

from functools import partial

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer
from korpus.analyzers.table import Analysis, Analyzer


def load(name: str, analysis: Analysis) -> Analyzer:
    """Hannanum on the JVM."""
    jvm.start()
    from konlpy.tag import Hannanum

    return konlpy_analyzer(name, analysis, partial(Hannanum().pos, ntags=22))
