"""KOMORAN, through konlpy."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer, without_surrogates
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer
from korpus.analyzers.user_dictionaries import komoran_dictionary

# A list of tokens as Java prints it. No form contains a space: words end at spaces.
_TOKEN = re.compile(r"Token \[morph=(.*?), pos=(\w+), beginIndex=\d+, endIndex=\d+\]")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load KOMORAN on the JVM. The tokens of a text come from Java as one string, for speed."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Komoran

    dictionary = komoran_dictionary(analysis.words) if analysis.words else None
    tag = java_object(Komoran(userdic=str(dictionary)) if dictionary else Komoran()).analyze

    def pos(text: str) -> list[tuple[str, str]]:
        return _TOKEN.findall(str(tag(text).getTokenList().toString()))

    return konlpy_analyzer(name, analysis, without_surrogates(pos))
