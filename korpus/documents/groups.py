"""Groups of records by the value of a column, and shares of groups."""

import logging
import random
from array import array
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.documents.cuts import UNITS, Bins, NotCut, cut_of
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, listed, plural
from korpus.records import Record, split_names

logger = logging.getLogger("korpus")

NO_VALUE = "no value"  # the name of the group of missing values where a table needs one
_REMEMBERED = 1 << 12  # values


class Groups:
    """Numbers the groups of records in the order in which they appear.

    `by`: a column; or a column and how its values are cut: dates as `date:month` (year, quarter,
    month, week, day), numbers as `rating:1-4,5-7,8-10`; None for one group. Missing values are a
    group of their own, called "" (see `shown`). `text_of`: makes text of a value; None if it makes
    no group. Lists and objects make none.
    """

    def __init__(self, by: str | None, text_of: Callable[[Any], str | None] = as_text) -> None:
        self.numbers: dict[str, int] = {} if by else {"": 0}
        self.by = by
        self._text_of = text_of
        self._column = Column(by or "")
        before, _colon, after = (by or "").rpartition(":")
        self._cut_column, self._cut = Column(before), lru_cache(_REMEMBERED)(_cutter(by, after))

    @property
    def names(self) -> list[str]:
        """The names of the groups so far."""
        return list(self.numbers)

    def number(self, record: Record) -> int:
        """The number of a record's group. Raises KorpusError if the record lacks the column."""
        if self.by is None:
            return 0
        return self.numbers.setdefault(self.name(record), len(self.numbers))

    def name(self, record: Record) -> str:
        """The name of a record's group. Raises KorpusError if the record lacks the column."""
        key = self._column.key(record)
        is_cut = key is None and self._cut_column.name != ""
        if is_cut:
            key = self._cut_column.key(record)
        if key is None:
            is_known = cut_of((self.by or "").rpartition(":")[2]) is not None
            raise no_column(record, self._cut_column.name if is_known else self.by)
        value = record[key]
        if is_missing(value):
            return ""
        text = None if isinstance(value, list | dict) else self._text_of(value)
        if text is None:
            raise KorpusError(
                _("document {id!r}: {column} is a list or an object, which makes no group").format(
                    id=record.get("id"), column=key
                ),
                _("choose another column"),
            )
        if not is_cut:
            return normalize("NFC", text.strip())
        try:
            return self._cut(text.strip())
        except NotCut as problem:
            reason, hint = problem.args
            message = _("document {id!r}: {problem}").format(
                id=record.get("id"), problem=reason.format(column=key, value=text)
            )
            plain = key.isidentifier() and key.lower() not in ("and", "or", "not", "in")
            quoted = key if plain else "`{}`".format(key.replace("`", "``"))
            raise KorpusError(message, hint.format(quoted=quoted)) from None


def no_column(record: Record, name: str | None) -> KorpusError:
    """The error for a document without a column."""
    return KorpusError(
        _("document {id!r} has no column {column!r}").format(id=record.get("id"), column=name),
        _("its columns are {columns}").format(columns=", ".join(record)),
    )


def heading(by: str, taken: Container[str] = ()) -> str:
    """The column of a table for the groups of `by`: date_month for date:month, else its name.

    `taken`: columns of the table, which the name may not repeat.
    """
    name = by.rpartition(":")[0] if isinstance(cut_of(by.rpartition(":")[2]), Bins) else by
    name = (name or by).replace(":", "_")
    return f"{name}_" if name in taken else name


def _cutter(by: str | None, text: str) -> Callable[[str], str]:
    """What cuts values as `text` says. Raises UsageError when it is used, if that says nothing."""

    def unknown(_value: str) -> str:
        raise UsageError(
            _("{by}: {text!r} is neither a period nor bins").format(by=by, text=text),
            _("one of: {names}; or bins such as 1-4,5-7,8-10").format(names=", ".join(UNITS)),
        )

    return cut_of(text) or unknown


def quotas(sizes: list[int], size: int | float, seed: int) -> list[int]:
    """How many of each group to take, in proportion to `sizes`, by largest remainders.

    `size`: their number in all, or as a float their share. Chance decides between equal remainders.
    """
    dice = random.Random(seed).random
    total = sum(sizes)
    share = size if isinstance(size, float) else min(1.0, size / total) if total else 0.0
    wanted = round(total * share) if isinstance(size, float) else min(size, total)
    exact = [count * share for count in sizes]
    found = [int(number) for number in exact]
    rest = sorted(range(len(sizes)), key=lambda n: (found[n] - exact[n], dice()))
    for group in rest[: wanted - sum(found)]:
        found[group] += 1
    return found


def chosen(codes: "array[int]", sizes: list[int], wanted: list[int], seed: int) -> bytearray:
    """Choose rows at random, so many of each group: 1 for a row that is chosen, else 0.

    `codes`: the group of each row. `sizes`: how many rows each group has.
    """
    dice = random.Random(seed).random
    left, needed = list(sizes), list(wanted)
    found = bytearray(len(codes))
    for row, code in enumerate(codes):
        if dice() * left[code] < needed[code]:
            found[row] = 1
            needed[code] -= 1
        left[code] -= 1
    return found


def named(names: Iterable[str], most: int = 5) -> str:
    """The first names of groups, for messages."""
    return listed(map(shown, names), most)


def shown(group: str) -> str:
    """The name of a group in messages and pictures; that of missing values is empty."""
    return group or _("no value")


def names_in_order(order: str | Sequence[str], groups: Collection[str]) -> list[str]:
    """The names that --order lists, in composed form. Logs those that no group has."""
    names = [normalize("NFC", name) for name in split_names(order)]
    if unknown := [name for name in dict.fromkeys(names) if name not in groups]:
        logger.info(_("--order: no document has %s"), ", ".join(unknown))
    return names


def log_missing(by: str, documents: int) -> None:
    """Log how many documents have no value in a column, and are a group of their own."""
    if documents:
        logger.info(
            _("%s without a value of %s: a group of their own (no value)"),
            plural(documents, "document"),
            by,
        )
