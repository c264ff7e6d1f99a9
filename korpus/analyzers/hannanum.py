"""Hannanum, through konlpy, with its 22 tags: the 9 do not tell verbs from adjectives."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer

_MORPHEME = re.compile(r"(.+?)/(\w+)\+?")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Hannanum on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Hannanum

    tag = java_object(Hannanum()).simplePos22

    def pos(text: str) -> list[tuple[str, str]]:
        """What Hannanum gives, as konlpy reads it: a word and its morphemes, then a blank line."""
        pairs: list[tuple[str, str]] = []
        word = True
        for line in str(tag(text)).strip().splitlines():
            if line and not word:
                pairs += _MORPHEME.findall(line.strip())
            word = not line
        return pairs

    return konlpy_analyzer(name, analysis, pos)
