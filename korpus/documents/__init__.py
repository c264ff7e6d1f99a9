"""Documents → documents: cleaning text for analysis, choosing, splitting and joining rows."""

from korpus.documents.gate import Gate, changes
from korpus.documents.head import head
from korpus.documents.join import join
from korpus.documents.parts import parts_of, split
from korpus.documents.sample import sample
from korpus.documents.where import check_columns, log_kept, log_unknown, where

__all__ = [
    "Gate",
    "changes",
    "check_columns",
    "head",
    "join",
    "log_kept",
    "log_unknown",
    "parts_of",
    "sample",
    "split",
    "where",
]
