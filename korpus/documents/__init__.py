"""Documents → documents: cleaning, spacing, sentences, duplicates."""

from korpus.documents.clean import boilerplate_hashes, clean, find_boilerplate, log_cleaned
from korpus.documents.dedupe import dedupe, log_dropped
from korpus.documents.differences import Change, changes_by, difference
from korpus.documents.gate import Gate, changes
from korpus.documents.sentences import log_sentences, sentences, sentences_of
from korpus.documents.spacing import log_spaced, space
from korpus.documents.spelling import log_spelled, spell

__all__ = [
    "Change",
    "Gate",
    "boilerplate_hashes",
    "changes",
    "changes_by",
    "clean",
    "dedupe",
    "difference",
    "find_boilerplate",
    "log_cleaned",
    "log_dropped",
    "log_sentences",
    "log_spaced",
    "log_spelled",
    "sentences",
    "sentences_of",
    "space",
    "spell",
]
