"""The stage space (띄어쓰기): documents → the same with spaces between words."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial

from korpus.documents.kiwi import kiwi, with_results
from korpus.documents.texts import COMPOSED, Rejects, refuse
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    lazily,
    set_aside,
)

logger = logging.getLogger("korpus")

_ALL, _CHANGED, _ADDED, _REMOVED = "documents", "changed", "spaces added", "spaces removed"


def space(
    documents: DocumentSource,
    *,
    column: str | None = None,
    reset: bool = False,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Correct the spacing (띄어쓰기) of documents with Kiwi. Streams.

    Parameters: `column`, that of the text; `reset`, ignore the spaces that are there, which also
    removes wrong ones (line ends stay); without it spaces are mostly added, but Kiwi also removes
    some, as in 2024. 3. 4., and cuts addresses of the web and code. `counts`: a Counter to
    fill for `log_spaced`, which otherwise is called at the end. `rejects`: a function called with
    each document that Kiwi fails at, or in which more than spaces would change.

    Columns in: `id`, `text`. Out: the same; the text is what `Kiwi.space` gives.
    Raises KorpusError, without `rejects`, for the first document that fails.
    """
    return lazily(as_records(documents, column), partial(_counted, reset, counts, rejects))


def log_spaced(counts: Counts) -> None:
    """Log what space changed."""
    log_composed(counts)
    logger.info(
        _("changed %s of %s: %s added, %s removed"),
        f"{counts[_CHANGED]:,}",
        plural(counts[_ALL], "document"),
        plural(counts[_ADDED], "space"),
        f"{counts[_REMOVED]:,}",
    )


def log_composed(counts: Counts) -> None:
    """Log how many texts were composed before Kiwi read them."""
    if counts[COMPOSED]:
        logger.info(
            _("letters that were not composed (NFC): now composed in %s"),
            plural(counts[COMPOSED], "document"),
        )


def _counted(
    reset: bool, counts: Counts | None, rejects: Rejects | None, documents: Iterable[Record]
) -> Iterator[Record]:
    own = Counts() if counts is None else counts
    for record, _parts, results in with_results(
        documents, partial(_spaced, reset), str, own, rejects
    ):
        new = "".join(results)
        own[_ALL] += 1
        if new == record["text"]:
            yield record
        elif "".join(new.split()) != "".join(record["text"].split()):
            reason = _("Kiwi would change more than spaces")
            (rejects or refuse)(set_aside(record, "lost", reason))
        else:
            own[_CHANGED] += 1
            more = new.count(" ") - record["text"].count(" ")
            own[_ADDED] += max(more, 0)
            own[_REMOVED] += max(-more, 0)
            yield {**record, "text": new}
    if counts is None:
        log_spaced(own)


def _spaced(reset: bool, texts: list[str]) -> Iterator[str]:
    """What Kiwi makes of each text. With `reset` it would remove line ends, so each line is one."""
    if not reset:
        yield from kiwi().space(texts)
        return
    lines = [text.split("\n") for text in texts]
    spaced = iter(
        kiwi().space([line for its_lines in lines for line in its_lines], reset_whitespace=True)
    )
    for its_lines in lines:
        yield "\n".join(next(spaced) for _line in its_lines)
