"""KOMORAN, through konlpy."""

import re

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import Morphemes, konlpy_analyzer, without_surrogates
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer
from korpus.analyzers.words.dictionaries import komoran_dictionary

# A list of tokens as Java prints it. No form contains a space: words end at spaces.
_TOKEN = re.compile(r"Token \[morph=(.*?), pos=(\w+), beginIndex=\d+, endIndex=\d+\]")
_TOKEN_AND_PLACE = re.compile(r"Token \[morph=(.*?), pos=(\w+), beginIndex=(\d+), endIndex=(\d+)\]")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load KOMORAN on the JVM. The tokens of a text come from Java as one string, for speed."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Komoran

    dictionary = komoran_dictionary(analysis.words) if analysis.words else None
    tag = java_object(Komoran(userdic=str(dictionary)) if dictionary else Komoran()).analyze

    def pos(text: str) -> Morphemes:
        return _TOKEN.findall(str(tag(text).getTokenList().toString()))

    def with_pieces(text: str) -> Morphemes:
        found: Morphemes = []
        end = 0
        for form, its_tag, begin, its_end in _TOKEN_AND_PLACE.findall(
            str(tag(text).getTokenList().toString())
        ):
            first = max(int(begin), end)
            space = " " * (text[first - 1 : first] == " ")
            end = max(int(its_end), end)
            found.append((form, its_tag, space * (first < end) + text[first:end]))
        return found

    return konlpy_analyzer(
        name, analysis, without_surrogates(with_pieces if analysis.lemma else pos)
    )
