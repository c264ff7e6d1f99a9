"""Documents → documents: cleaning and spacing, sentences, duplicates; choosing and joining rows."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.documents.clean import boilerplate_hashes, clean, find_boilerplate, log_cleaned
    from korpus.documents.dedupe import dedupe, log_dropped
    from korpus.documents.differences import Change, changes_by, difference
    from korpus.documents.gate import Gate, changes
    from korpus.documents.head import head
    from korpus.documents.join import join
    from korpus.documents.parts import parts_of, split
    from korpus.documents.reliability import coder_sheet, codes_by_id, reliability
    from korpus.documents.sample import sample
    from korpus.documents.sentences import log_sentences, sentences, sentences_of
    from korpus.documents.spacing import log_spaced, space
    from korpus.documents.spelling import log_spelled, spell
    from korpus.documents.where import check_columns, log_kept, log_unknown, where
else:
    load_when_used(__name__)

__all__ = [
    "Change",
    "Gate",
    "boilerplate_hashes",
    "changes",
    "changes_by",
    "check_columns",
    "clean",
    "coder_sheet",
    "codes_by_id",
    "dedupe",
    "difference",
    "find_boilerplate",
    "head",
    "join",
    "log_cleaned",
    "log_dropped",
    "log_kept",
    "log_sentences",
    "log_spaced",
    "log_spelled",
    "log_unknown",
    "parts_of",
    "reliability",
    "sample",
    "sentences",
    "sentences_of",
    "space",
    "spell",
    "split",
    "where",
]
