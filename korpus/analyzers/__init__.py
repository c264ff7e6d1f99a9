"""Documents → tokens: one file per analyzer, and a table of their names."""

from korpus.analyzers.morph import log_counts, morph
from korpus.analyzers.table import ANALYZERS, entry, load, versions
from korpus.analyzers.word_table import Word, WordTable, word_table

__all__ = [
    "ANALYZERS",
    "Word",
    "WordTable",
    "entry",
    "load",
    "log_counts",
    "morph",
    "versions",
    "word_table",
]
