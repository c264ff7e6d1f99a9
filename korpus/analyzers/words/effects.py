"""What a word table did: how often each of its words was kept whole, merged and dropped."""

import logging

from korpus.analyzers.words.table import Word, WordTable
from korpus.messages import _, listed, plural
from korpus.records import Counts

logger = logging.getLogger("korpus")

# Counted with the form. PIECES: kept whole, though it was several tokens or part of one; TORN: in
# the text where a token starts, but the tokens have other borders.
KEPT, MERGED, DROPPED, PIECES, TORN = "kept ", "merged ", "dropped ", "pieces ", "torn "
_SHOWN = 5


def log_words(table: WordTable, counts: Counts) -> None:
    """Log what a word table did, and which of its words had no effect."""
    found = [effects(word, counts) for word in table.words]
    logger.info(
        _("word table: %s kept whole, %s merged, %s dropped"),
        *(f"{sum(numbers):,}" for numbers in zip(*found, strict=True)),
    )
    idle = [word for word, its in zip(table.words, found, strict=True) if not any(its)]
    if idle:
        shown = (f"{word.form} ({why_idle(word, table, counts)})" for word in idle)
        logger.info(
            _("%s had no effect: %s"),
            plural(len(idle), "table word"),
            listed(shown, _SHOWN),
        )


def why_idle(word: Word, table: WordTable, counts: Counts) -> str:
    """Why a word had no effect."""
    if longer := table.longer.get(word.form):
        return _("only in {words}").format(words=", ".join(longer[:3]))
    if counts[TORN + word.form]:
        return _("the analyzer splits it otherwise, or it is part of other words")
    return _("never occurs as a word")


def effects(word: Word, counts: Counts) -> tuple[int, int, int]:
    """How often a word was kept whole, merged and dropped: one of these for each occurrence."""
    kept = 0 if word.becomes or word.drop else counts[KEPT + word.form]
    return kept, counts[MERGED + word.form], counts[DROPPED + word.form]
