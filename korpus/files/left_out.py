"""Say what a run has left out of the documents that it read, or changed in them."""

import logging

from korpus.files.readers import Reading
from korpus.messages import _, plural

logger = logging.getLogger("korpus")


def log_left_out(reading: Reading) -> None:
    """Log what a run with this reading has counted."""
    counts = reading.counts
    beside = {
        "notes": plural(counts["notes"], "note"),
        "comments": plural(counts["comments"], "comment"),
        "headers": plural(counts["headers"], "page header"),
    }
    for kind, number in beside.items():
        if counts[kind]:
            logger.info(_("%s left out; --include %s reads them"), number, kind)
    table = plural(counts["table"], "table")
    line = plural(counts["notices"], "line")
    head = plural(counts["running head"], "running head")
    messages = [
        ("table", _("%s left out (--tables skip)"), table),
        ("notices", _("%s of photos, emoticons and notices left out; --include notices"), line),
        ("running head", _("%s removed from pages"), head),
    ]
    together = plural(counts["range"], "word range")
    empty = plural(counts["empty node"], "empty node")
    messages += [
        ("range", _("%s (1-2) left out: their words are read"), together),
        ("empty node", _("%s (1.1) left out"), empty),
    ]
    of_rows = {
        "excluded": _("%s marked 분석제외; --drop-excluded leaves them out"),
        "excluded and dropped": _("%s marked 분석제외 left out"),
        "repeated": _("%s repeated; --drop-excluded leaves them out"),
        "repeated and dropped": _("%s repeated left out"),
        "cut": _("%s with 200 characters of text, where BigKinds cuts it"),
        "no text": _("%s without text"),
    }
    messages += [(kind, text, plural(counts[kind], "row")) for kind, text in of_rows.items()]
    for kind, text, number in messages:
        if counts[kind]:
            logger.info(text, number)
    if reading.names:
        names = plural(len(reading.names), "name")
        logger.info(_("%s masked: speakers and @mentions; names elsewhere in the text stay"), names)
    if counts["empty page"]:
        logger.warning(_("%s without text: scanned?"), plural(counts["empty page"], "page"))
