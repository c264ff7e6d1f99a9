"""The texts of documents, as the stages take them that analyse or compute."""

from collections.abc import Callable, Iterable, Iterator
from unicodedata import is_normalized, normalize

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Counts, Record, set_aside

COMPOSED = "composed"

Rejects = Callable[[Record], None]


def text_of(record: Record) -> str:
    """The text of a document. Raises KorpusError if it has no text."""
    if isinstance(text := record.get("text"), str):
        return text
    raise KorpusError(
        _("document {id!r} has no text to analyse").format(id=record.get("id")),
        _("if it was removed with --drop-text, start from the original documents"),
    )


def composed(
    documents: Iterable[Record], counts: Counts, rejects: Rejects | None
) -> Iterator[Record]:
    """Documents with their texts composed (NFC), and counted as `COMPOSED`. Streams.

    A text with half of an emoji, which UTF-8 cannot hold, is set aside.
    """
    for record in documents:
        text = text_of(record)
        try:
            text.encode()
        except UnicodeEncodeError:
            reason = _("text contains an unpaired surrogate (half of an emoji)")
            (rejects or refuse)(set_aside(record, "surrogates", reason))
            continue
        if not is_normalized("NFC", text):
            counts[COMPOSED] += 1
            record = {**record, "text": normalize("NFC", text)}
        yield record


def refuse(record: Record) -> None:
    """Raises KorpusError for a document that is set aside where nobody takes it."""
    message = _("document {id!r} cannot be analysed: {reason}")
    raise KorpusError(
        message.format(id=record["id"], reason=record["reason"]),
        _("clean its text first: korpus clean"),
    )
