"""What is compared of documents to find those that repeat another."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple
from unicodedata import normalize

from korpus.documents.characters import usual_width
from korpus.documents.comparisons import as_text
from korpus.documents.periods import period
from korpus.documents.pictographs import PICTURES
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record

DATE_COLUMNS = (
    *("date", "datetime", "created_at", "createdAt", "published_at", "publishedAt", "time", "at"),
    *("일자", "날짜", "작성일", "등록일", "작성일시", "등록일시", "발행일", "일시"),
)
_MEANING = f"+#<>=%×÷−{PICTURES}"  # C++ is not C#, nor -5 5
_SIGN = re.compile(f"[{_MEANING}]")
_MINUS = re.compile(r"(?<![^\s(\[])-(?=\d)")
_OTHER = rf"(?:[^\w{_MEANING}]|_)+"
_BETWEEN = re.compile(rf"(?<!\d){_OTHER}|{_OTHER}(?!\d)")  # 1.5 is not 15
_LATEST = (9999,)


class Prepared(NamedTuple):
    """What is compared of a document.

    `text`: normalised. `digest`: None for a text that is not compared. `key`: the smallest of a
    group stays; ties keep the first. `has_column`: whether it has the column of dates.
    """

    text: str
    digest: bytes | None = None
    key: tuple[int, ...] = ()
    is_short: bool = False
    is_undated: bool = False
    has_column: bool = True


@dataclass
class Compared:
    """How documents are compared; for the fields see `dedupe`."""

    keep: str
    min_length: int
    column: str | None

    def prepared(self, record: Record) -> Prepared:
        """What is compared of a document."""
        text = normalised(record["text"])
        if len(_SIGN.sub("", text)) < self.min_length:
            return Prepared(text, is_short=True)
        text = text or "".join(record["text"].split())
        if not text:
            return Prepared(text)
        digest = blake2b(text.encode(errors="replace"), digest_size=16).digest()
        if self.keep == "first":
            return Prepared(text, digest)
        if self.keep == "longest":
            return Prepared(text, digest, (-len(record["text"]),))
        if self.column is None:
            self.column = next((name for name in DATE_COLUMNS if name in record), None)
        if self.column is None or self.column not in record:
            return Prepared(text, digest, _LATEST, is_undated=True, has_column=False)
        key = period(as_text(record[self.column]) or "") or _LATEST
        return Prepared(text, digest, tuple(key), is_undated=key == _LATEST)


def no_dates(record: Record) -> KorpusError:
    """The error for documents of which none has the column of dates; `record`: the first."""
    message = _("document {id!r} has no column with its date")
    return KorpusError(
        message.format(id=record["id"]),
        _("name it with --date-column: its columns are {names}").format(
            names=", ".join(map(str, record))
        ),
    )


def normalised(text: str) -> str:
    """What is compared of a text: letters, digits and signs, in one case and width."""
    text = usual_width(normalize("NFC", text)).casefold()
    return _BETWEEN.sub("", _MINUS.sub("−", text) if "-" in text else text)
