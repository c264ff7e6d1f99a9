"""The stage sentences (문장 분리): documents → one document per sentence."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from korpus.documents.kiwi import kiwi, with_results
from korpus.documents.spacing import log_composed
from korpus.documents.texts import Rejects
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    lazily,
    rename_clashes,
)

logger = logging.getLogger("korpus")

_ALL, _FOUND, _BLANK = "documents", "sentences", "blank"
_COLUMNS = ("document", "start", "end")


def sentences(
    documents: DocumentSource,
    *,
    column: str | None = None,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Split documents into sentences (문장 분리) with Kiwi. Streams.

    Parameters: `column`, that of the text; `counts`, a Counter to fill for `log_sentences`, which
    otherwise is called at the end; `rejects`, a function called with each document that Kiwi fails
    at.

    Columns in: `id`, `text`. Out: `id` (7#1, 7#2 …), `text`, `document` (the id of the document),
    `start` and `end` of the sentence in characters of the document, composed (NFC), and all other
    columns. The sentences are those of `Kiwi.split_into_sents`. A blank document gives one empty
    sentence.
    Raises KorpusError, without `rejects`, for the first document that fails.
    """
    records = as_records(documents, column)

    def flat(found: Iterable[Record]) -> Iterator[Record]:
        for its_sentences in sentences_of(found, counts=own, rejects=rejects):
            yield from its_sentences
        if counts is None:
            log_sentences(own)
            own.clear()

    own = Counts() if counts is None else counts
    return lazily(records, flat)


def sentences_of(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects | None = None
) -> Iterator[list[Record]]:
    """The sentences of each document as a list. Streams."""
    return _sentences(documents, Counts() if counts is None else counts, rejects)


def log_sentences(counts: Counts) -> None:
    """Log how many sentences there are."""
    log_composed(counts)
    logger.info(
        _("split %s into %s"), plural(counts[_ALL], "document"), plural(counts[_FOUND], "sentence")
    )
    if counts[_BLANK]:
        logger.info(_("%s blank: kept, as an empty sentence"), plural(counts[_BLANK], "document"))


def _sentences(
    documents: Iterable[Record], counts: Counts, rejects: Rejects | None
) -> Iterator[list[Record]]:
    for record, parts, results in with_results(documents, _split, lambda text: [], counts, rejects):
        offset, spans = 0, []
        for part, found in zip(parts, results, strict=True):
            spans += [(offset + one.start, offset + one.end) for one in found]
            offset += len(part)
        counts[_ALL] += 1
        counts[_FOUND] += len(spans)
        counts[_BLANK] += not spans
        text = record["text"]
        others = {
            k: v for k, v in rename_clashes(record, _COLUMNS).items() if k not in ("id", "text")
        }
        yield [
            {
                "id": f"{record['id']}#{number}",
                "text": text[start:end],
                "document": record["id"],
                "start": start,
                "end": end,
                **others,
            }
            for number, (start, end) in enumerate(spans or [(0, 0)], 1)
        ]


def _split(texts: list[str]) -> Iterator[list[Any]]:
    return kiwi().split_into_sents(texts, return_sub_sents=False)  # type: ignore[no-any-return]
