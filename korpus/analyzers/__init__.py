"""Documents → tokens: one file per analyzer, and a table of their names."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.analyzers.again import morph_again
    from korpus.analyzers.agree import agree
    from korpus.analyzers.morph import log_counts, morph
    from korpus.analyzers.plain import CHAR, UNTAGGED
    from korpus.analyzers.subword_stages import check_train_subwords, subword_encode, subword_train
    from korpus.analyzers.subwords import INSIDE, SUBWORD, Subwords
    from korpus.analyzers.table import ANALYZERS, entry, is_analyzer, load, versions
    from korpus.analyzers.tree import Parser, Sentence, check_tree, log_trees, tree
    from korpus.analyzers.units import units
    from korpus.analyzers.words.check import NO_EFFECT, words_check, words_report
    from korpus.analyzers.words.table import Word, WordTable, word_table
else:
    load_when_used(__name__)

__all__ = [
    "ANALYZERS",
    "CHAR",
    "INSIDE",
    "NO_EFFECT",
    "SUBWORD",
    "UNTAGGED",
    "Parser",
    "Sentence",
    "Subwords",
    "Word",
    "WordTable",
    "agree",
    "check_train_subwords",
    "check_tree",
    "entry",
    "is_analyzer",
    "load",
    "log_counts",
    "log_trees",
    "morph",
    "morph_again",
    "subword_encode",
    "subword_train",
    "tree",
    "units",
    "versions",
    "word_table",
    "words_check",
    "words_report",
]
