"""Documents → tokens: one file per analyzer, and a table of their names."""

from korpus.analyzers.again import morph_again
from korpus.analyzers.agree import agree
from korpus.analyzers.morph import log_counts, morph
from korpus.analyzers.table import ANALYZERS, entry, load, versions
from korpus.analyzers.words.check import NO_EFFECT, words_check, words_report
from korpus.analyzers.words.table import Word, WordTable, word_table

__all__ = [
    "ANALYZERS",
    "NO_EFFECT",
    "Word",
    "WordTable",
    "agree",
    "entry",
    "load",
    "log_counts",
    "morph",
    "morph_again",
    "versions",
    "word_table",
    "words_check",
    "words_report",
]
