"""Hannanum, through konlpy, with its 22 tags (its 9 do not separate verbs and adjectives)."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import konlpy_analyzer
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer

_MORPHEME = re.compile(r"(.+?)/(\w+)\+?")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Hannanum on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Hannanum

    tag = java_object(Hannanum()).simplePos22

    def pos(text: str) -> list[tuple[str, str]]:
        """Parse Hannanum's lines as konlpy does: a word, its morphemes, a blank line."""
        pairs: list[tuple[str, str]] = []
        is_word = True
        for line in str(tag(text)).strip().splitlines():
            if line and not is_word:
                pairs += _MORPHEME.findall(line.strip())
            is_word = not line
        return pairs

    return konlpy_analyzer(name, analysis, pos)
