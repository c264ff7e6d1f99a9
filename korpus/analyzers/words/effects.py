"""What a word table did: how often each of its words was kept whole, merged and dropped."""

import logging

from korpus.analyzers.words.table import Word, WordTable
from korpus.messages import _, plural
from korpus.records import Counts

logger = logging.getLogger("korpus")

KEPT, MERGED, DROPPED = "kept ", "merged ", "dropped "  # counted with the form
_SHOWN = 5


def log_words(table: WordTable, counts: Counts) -> None:
    """Log what a word table did, and which of its words had no effect."""
    numbers = {
        what: sum(counts[what + word.form] for word in table.words)
        for what in (KEPT, MERGED, DROPPED)
    }
    logger.info(
        _("word table: %s kept whole, %s merged, %s dropped"),
        *(f"{number:,}" for number in numbers.values()),
    )
    idle = [word.form for word in table.words if not any(effects(word, counts))]
    if idle:
        logger.info(
            _("%s had no effect: %s"),
            plural(len(idle), "table word"),
            ", ".join(idle[:_SHOWN]) + (" …" if len(idle) > _SHOWN else ""),
        )


def effects(word: Word, counts: Counts) -> tuple[int, int, int]:
    """How often a word was kept whole, merged and dropped."""
    return counts[KEPT + word.form], counts[MERGED + word.form], counts[DROPPED + word.form]
