"""The stage dedupe: documents → documents without those that repeat another."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple
from unicodedata import normalize

from korpus.checks import check_choice, check_least
from korpus.documents.characters import usual_width
from korpus.documents.comparisons import as_text
from korpus.documents.near import Candidates
from korpus.documents.periods import period
from korpus.documents.pictographs import PICTURES
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    lazily,
    readable_again,
)

logger = logging.getLogger("korpus")

KEEP = ("first", "longest", "earliest")
DATE_COLUMNS = (
    *("date", "datetime", "created_at", "createdAt", "published_at", "publishedAt", "time", "at"),
    *("일자", "날짜", "작성일", "등록일", "작성일시", "등록일시", "발행일", "일시"),
)
_ALL, _EXACT, _NEAR, _SHORT, _UNDATED = "documents", "exact", "near", "short", "undated"
_MEANING = f"+#<>=%×÷−{PICTURES}"  # C++ is not C#, nor -5 5
_SIGN = re.compile(f"[{_MEANING}]")
_MINUS = re.compile(r"(?<![^\s(\[])-(?=\d)")
_OTHER = rf"(?:[^\w{_MEANING}]|_)+"
_BETWEEN = re.compile(rf"(?<!\d){_OTHER}|{_OTHER}(?!\d)")  # 1.5 is not 15
_LATEST = (9999,)


class Duplicate(NamedTuple):
    """A document that repeats another: their places in the input, and how alike they are."""

    document: int
    kept: int
    similarity: float


def dedupe(
    documents: DocumentSource,
    *,
    column: str | None = None,
    near: float | None = None,
    keep: str = "first",
    min_length: int = 10,
    date_column: str | None = None,
    groups: Callable[[Record], None] | None = None,
    counts: Counts | None = None,
) -> Records:
    """Remove documents that repeat another. Reads them twice; those of a generator are held.

    Two texts are the same if they have the same letters, digits, signs with a meaning (+ - # < > =
    % × ÷) and emoji: case, width, spaces and punctuation do not count.
    Parameters: `column`, that of the text; `near`, also remove texts of which at least this share
    of all runs of three syllables is the same (0.8); `keep`, which of them stays: `first`,
    `longest`, or `earliest` by `date_column` (default: date, 일자, 날짜 …).
    Texts with fewer letters and digits than `min_length` are not compared, as many write 굿; 0
    compares all that are not blank. `groups`: a function called with a row for each document of a
    group: `group` (the id of the one that stays), `id`, `kept`, `similarity`, `text`. `counts`: a
    Counter to fill for `log_dropped`, which otherwise is called at the end.

    Columns in: `id`, `text`. Out: the same, in the order of the input. With `near` each removed
    document is that similar to one that stays; texts of more than 512 characters are compared by
    their MinHash (standard error 0.04). Holds 100 bytes per document, with `near` 700.
    Raises UsageError for a bad option, KorpusError if there is no column with dates.
    """
    check_choice("--keep", keep, KEEP)
    if near is not None and not 0.3 <= near <= 1:
        raise UsageError(
            _("{option} {value} is not from 0.3 to 1").format(option="--near", value=f"{near:g}"),
            _("0.8: four of five runs of three syllables are the same"),
        )
    check_least("--min-length", min_length, 0, _("0 compares all texts"))
    if date_column is not None and keep != "earliest":
        raise UsageError(
            _("--date-column is for --keep earliest"), _("add --keep earliest, or leave it out")
        )
    stage = partial(_deduped, near, keep, min_length, date_column, groups, counts)
    return lazily(as_records(documents, column), stage)


def log_dropped(counts: Counts, min_length: int = 10) -> None:
    """Log how many documents were removed, and how many were not compared."""
    if counts[_SHORT]:
        logger.info(
            _("%s with fewer than %d letters: kept; --min-length 0 compares them"),
            plural(counts[_SHORT], "document"),
            min_length,
        )
    if counts[_UNDATED]:
        logger.info(
            _("%s without a date: taken as the latest"), plural(counts[_UNDATED], "document")
        )
    removed = [_("%s the same") % f"{counts[_EXACT]:,}"]
    if counts[_NEAR]:
        removed.append(_("%s nearly the same") % f"{counts[_NEAR]:,}")
    logger.info(
        _("removed %s of %s: %s"),
        f"{counts[_EXACT] + counts[_NEAR]:,}",
        plural(counts[_ALL], "document"),
        ", ".join(removed),
    )


def normalised(text: str) -> str:
    """What is compared of a text: letters, digits and signs, in one case and width."""
    text = usual_width(normalize("NFC", text)).casefold()
    return _BETWEEN.sub("", _MINUS.sub("−", text) if "-" in text else text)


def _deduped(
    near: float | None,
    keep: str,
    min_length: int,
    date_column: str | None,
    groups: Callable[[Record], None] | None,
    counts: Counts | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    own = Counts() if counts is None else counts
    records = readable_again(documents)
    found = _Pass(near, keep, min_length, date_column, own)
    for record in records:
        found.add(record)
    duplicates = {one.document: one for one in found.duplicates()}
    kept = {one.kept for one in duplicates.values()}
    rows: dict[int, list[Record]] = {}
    ids: dict[int, str] = {}
    for number, record in enumerate(records):
        one = duplicates.get(number)
        if groups is not None and (one is not None or number in kept):
            ids[number] = record["id"]
            row = {"group": "", "id": record["id"], "kept": one is None}
            row |= {"similarity": one.similarity if one else 1.0, "text": record["text"]}
            rows.setdefault(one.kept if one else number, []).append(row)
        if one is None:
            yield record
    if groups is not None:
        for first in sorted(rows):
            for row in sorted(rows[first], key=lambda row: not row["kept"]):
                groups({**row, "group": ids[first]})
    if counts is None:
        log_dropped(own, min_length)


class _Pass:
    """The first pass: what is compared of each document."""

    def __init__(
        self, near: float | None, keep: str, min_length: int, column: str | None, counts: Counts
    ) -> None:
        self.keep, self.min_length, self.column, self.counts = keep, min_length, column, counts
        self.first: dict[int, int] = {}  # digest: the preferred document, as a number here
        self.repeated: list[tuple[int, int]] = []  # a document that is not preferred, its digest
        self.digests: list[int] = []
        self.keys: dict[int, Any] = {}
        self.number = 0
        self.has_dates = False  # whether some document has the column
        self.undated: Record | None = None  # the first without the column of dates
        self.places: list[int] = []  # of the distinct texts, in the input
        self.near = Candidates(near) if near is not None else None

    def add(self, record: Record) -> None:
        """Add the next document."""
        number = self.number
        self.number += 1
        self.counts[_ALL] += 1
        text = normalised(record["text"])
        if len(_SIGN.sub("", text)) < self.min_length:
            self.counts[_SHORT] += 1
            return
        if not text:
            text = "".join(record["text"].split())
            if not text:
                return
        digest = int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=16).digest())
        known = self.first.get(digest)
        if known is None:
            self.first[digest] = number
            if self.near is not None:
                self.places.append(number)
                self.digests.append(digest)
                self.near.add(text)
        if self.keep != "first":
            self.keys[number] = key = self._key(record)
            if known is not None and key < self.keys[known]:
                self.first[digest], number = number, known
        if known is not None:
            self.repeated.append((number, digest))
            self.keys.pop(number, None)

    def _key(self, record: Record) -> Any:
        """Sort key: the smallest is kept; ties keep the first."""
        if self.keep == "longest":
            return -len(record["text"])
        if self.column is None:
            self.column = next((name for name in DATE_COLUMNS if name in record), None)
        if self.column is None or self.column not in record:
            self.undated = self.undated or record
            self.counts[_UNDATED] += 1
            return _LATEST
        self.has_dates = True
        key = period(as_text(record[self.column]) or "") or _LATEST
        self.counts[_UNDATED] += key == _LATEST
        return key

    def duplicates(self) -> Iterator[Duplicate]:
        """All documents that repeat another that is kept. Raises KorpusError if none has a date."""
        if self.undated is not None and not self.has_dates:
            message = _("document {id!r} has no column with its date")
            columns = ", ".join(map(str, self.undated))
            raise KorpusError(
                message.format(id=self.undated["id"]),
                _("name it with --date-column: its columns are {names}").format(names=columns),
            )
        nearly: dict[int, tuple[int, float]] = {}  # a preferred document of its text: kept, share
        if self.near is not None:
            stands_for = [self.first[digest] for digest in self.digests]
            order = range(len(stands_for))
            if self.keep != "first":
                order = sorted(order, key=lambda at: (self.keys[stands_for[at]], stands_for[at]))  # type: ignore[assignment]
            for at, like, share in self.near.duplicates(order):
                nearly[stands_for[at]] = stands_for[like], share
                yield Duplicate(stands_for[at], stands_for[like], share)
            self.counts[_NEAR] += len(nearly)
        for number, digest in self.repeated:
            kept = self.first[digest]
            self.counts[_EXACT] += 1
            yield Duplicate(number, *nearly.get(kept, (kept, 1.0)))
