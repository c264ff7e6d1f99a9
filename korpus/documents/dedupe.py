"""The stage dedupe: documents → documents without those that repeat another."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from korpus.checks import check_choice, check_least
from korpus.documents.compared import Compared, no_dates
from korpus.documents.near import Candidates
from korpus.elsewhere import elsewhere
from korpus.errors import UsageError
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
_ALL, _EXACT, _NEAR, _SHORT, _UNDATED = "documents", "exact", "near", "short", "undated"


class Duplicate(NamedTuple):
    """A document that repeats another: their places in the input, and how alike they are."""

    document: int
    kept: int
    similarity: float


@elsewhere
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
    check_dedupe(near, keep, min_length, date_column)
    stage = partial(_deduped, near, keep, min_length, date_column, groups, counts)
    return lazily(as_records(documents, column), stage)


def check_dedupe(near: float | None, keep: str, min_length: int, date_column: str | None) -> None:
    """Raises UsageError for options that `dedupe` does not take."""
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


def found_duplicates(
    near: float, keep: str, documents: Iterable[tuple[int, tuple[int, ...], str]]
) -> dict[int, tuple[int, float]]:
    """The documents that are nearly the same as one that stays, by their numbers: that, the share.

    `documents`: of each text the preferred one: number, key, normalised text.
    """
    candidates = Candidates(near)
    numbers: list[int] = []
    keys: list[tuple[int, ...]] = []
    for number, key, text in documents:
        numbers.append(number)
        keys.append(key)
        candidates.add(text)
    return {
        numbers[at]: (numbers[like], share)
        for at, like, share in candidates.duplicates(_preferred(keep, numbers, keys))
    }


def _preferred(keep: str, numbers: list[int], keys: Sequence[Any]) -> Sequence[int]:
    """The texts in the order in which one is kept rather than the other."""
    if keep == "first":
        return range(len(numbers))
    return sorted(range(len(numbers)), key=lambda at: (keys[at], numbers[at]))


class _Pass:
    """The first pass: what is compared of each document."""

    def __init__(
        self, near: float | None, keep: str, min_length: int, column: str | None, counts: Counts
    ) -> None:
        self.compared, self.counts = Compared(keep, min_length, column), counts
        self.first: dict[int, int] = {}  # digest: the preferred document, as a number here
        self.repeated: list[tuple[int, int]] = []  # a document that is not preferred, its digest
        self.digests: list[int] = []
        self.keys: dict[int, Any] = {}
        self.number = 0
        self.has_dates = False  # whether some document has the column
        self.undated: Record | None = None  # the first without the column of dates
        self.near = Candidates(near) if near is not None else None

    def add(self, record: Record) -> None:
        """Add the next document."""
        number = self.number
        self.number += 1
        self.counts[_ALL] += 1
        found = self.compared.prepared(record)
        self.counts[_SHORT] += found.is_short
        if found.digest is None:
            return
        if self.compared.keep == "earliest":
            self.counts[_UNDATED] += found.is_undated
            if found.has_column:
                self.has_dates = True
            else:
                self.undated = self.undated or record
        digest = int.from_bytes(found.digest)
        known = self.first.get(digest)
        if known is None:
            self.first[digest] = number
            if self.near is not None:
                self.digests.append(digest)
                self.near.add(found.text)
        if self.compared.keep != "first":
            self.keys[number] = found.key
            if known is not None and found.key < self.keys[known]:
                self.first[digest], number = number, known
        if known is not None:
            self.repeated.append((number, digest))
            self.keys.pop(number, None)

    def duplicates(self) -> Iterator[Duplicate]:
        """All documents that repeat another that is kept. Raises KorpusError if none has a date."""
        if self.undated is not None and not self.has_dates:
            raise no_dates(self.undated)
        nearly: dict[int, tuple[int, float]] = {}  # a preferred document of its text: kept, share
        if self.near is not None:
            stands_for = [self.first[digest] for digest in self.digests]
            keys = [] if self.compared.keep == "first" else [self.keys[at] for at in stands_for]
            order = _preferred(self.compared.keep, stands_for, keys)
            for at, like, share in self.near.duplicates(order):
                nearly[stands_for[at]] = stands_for[like], share
                yield Duplicate(stands_for[at], stands_for[like], share)
            self.counts[_NEAR] += len(nearly)
        for number, digest in self.repeated:
            kept = self.first[digest]
            self.counts[_EXACT] += 1
            yield Duplicate(number, *nearly.get(kept, (kept, 1.0)))
