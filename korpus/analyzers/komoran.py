"""KOMORAN, through konlpy."""

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer, without_surrogates
from korpus.analyzers.table import Analysis, Analyzer


def load(name: str, analysis: Analysis) -> Analyzer:
    """KOMORAN on the JVM."""
    jvm.start()
    from konlpy.tag import Komoran

    return konlpy_analyzer(name, analysis, without_surrogates(Komoran().pos))
