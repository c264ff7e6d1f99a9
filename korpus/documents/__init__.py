"""Documents → documents: cleaning, spacing, sentences, duplicates."""

from korpus.documents.clean import boilerplate_hashes, clean, find_boilerplate, log_cleaned
from korpus.documents.differences import Change, changes_by, difference
from korpus.documents.gate import Gate, changes

__all__ = [
    "Change",
    "Gate",
    "boilerplate_hashes",
    "changes",
    "changes_by",
    "clean",
    "difference",
    "find_boilerplate",
    "log_cleaned",
]
