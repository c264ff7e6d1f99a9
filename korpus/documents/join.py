"""The stage join: columns of a table put onto documents by id."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from unicodedata import normalize

from korpus.checks import check_choice
from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.records import DocumentSource, Record, Records, as_tokens, lazily, rename_clashes

logger = logging.getLogger("korpus")

_HOW = ("left", "inner")
_MANY = ("error", "first", "all")
_SHOWN = 3  # keys
_FLOAT = re.compile(r"\s*(?:0|[1-9]\d{0,15})\.0\s*", re.ASCII)  # as pandas writes ids


def join(
    documents: DocumentSource,
    table: Iterable[Record],
    *,
    on: str = "id",
    right_on: str | None = None,
    how: str = "left",
    many: str = "error",
) -> Records:
    """Put the columns of a table onto documents, by id. Streams; holds the table.

    Parameters: `table`, rows such as those of `read_table` or of a DataFrame's
    `to_dict("records")`; `on`, the column of the documents that is compared with `right_on` of the
    table (default: the same name); 7 equals "7" and "7.0". `how`: `left` keeps documents without a
    row in the table, with empty columns, `inner` leaves them out. `many`: if a key has several rows
    in the table, `error`, `first` takes the first, `all` repeats the document for each.

    Columns in: `on`. Out: all columns, and those of the table; one that the documents have too gets
    a trailing underscore. Logs the documents without a row, and the rows without a document.
    Raises UsageError for an unknown option, KorpusError for a missing column and repeated keys.
    """
    for option, value, names in (("--how", how, _HOW), ("--many", many, _MANY)):
        check_choice(option, value, names)
    right = _Table(table, right_on or on, many)
    return lazily(as_tokens(documents), partial(_joined, right, Column(on), how))


class _Table:
    """The rows of a table by their key, without the column of the key."""

    def __init__(self, rows: Iterable[Record], on: str, many: str) -> None:
        column = Column(on)
        self.rows: dict[str, list[Record]] = {}
        self.columns: dict[str, None] = {}
        self.number = self.without_key = 0
        self.is_missing = True
        repeated: dict[str, None] = {}
        for row in rows:
            self.number += 1
            key_column = column.key(row)
            self.is_missing &= key_column is None
            key = as_key(row[key_column]) if key_column is not None else None
            self.columns.update(dict.fromkeys(name for name in row if name != key_column))
            if key is None:
                self.without_key += 1
                continue
            found = self.rows.setdefault(key, [])
            if found:
                repeated[key] = None
            if not found or many == "all":
                found.append({name: value for name, value in row.items() if name != key_column})
        if self.number and self.is_missing:
            raise KorpusError(
                _("the table has no column {column!r}").format(column=on),
                _("name it with --right-on: its columns are {columns}").format(
                    columns=", ".join(self.columns)
                ),
            )
        if repeated and many == "error":
            raise KorpusError(
                _("the table has several rows for {keys}").format(
                    keys=listed(map(repr, repeated), _SHOWN)
                ),
                _("--many first takes the first row, --many all repeats the document for each"),
            )
        if repeated and many == "first":
            logger.info(
                _("%s with several rows in the table: the first was taken (%s)"),
                plural(len(repeated), "key"),
                listed(map(repr, repeated), _SHOWN),
            )


def as_key(value: Any) -> str | None:
    """A value as a key: 7, 7.0, "7" and "7.0" are the same. None for a missing value."""
    if is_missing(value):
        return None
    if type(value) is str:
        if _FLOAT.fullmatch(value):
            value = value.partition(".")[0]
        return value.strip() if value.isascii() else normalize("NFC", value.strip())
    return as_text(value)


def _joined(
    right: _Table, column: Column, how: str, documents: Iterable[Record]
) -> Iterator[Record]:
    used: set[str] = set()
    number = unmatched = 0
    names: dict[str, str] = {}
    has_column = False
    nothing: list[Record] = [{}]
    for number, record in enumerate(documents, 1):
        key_column = column.key(record)
        has_column |= key_column is not None
        key = as_key(record[key_column]) if key_column is not None else None
        rows = right.rows.get(key) if key is not None else None
        if number == 1:
            names = _names(record, right)
        if rows is None:
            unmatched += 1
            if how == "inner":
                continue
            rows = nothing
        elif key is not None:
            used.add(key)
        for row in rows:
            added = {ours: row.get(theirs) for theirs, ours in names.items()}
            if added.keys() & record.keys():  # a column that the first document did not have
                added = rename_clashes(added, record)
            yield {**record, **added}
    if number and not has_column:
        raise KorpusError(
            _("there is no column {name!r}").format(name=column.name),
            _("name another with --on"),
        )
    left_over = len(right.rows) - len(used)
    logger.info(_("%s joined"), plural(number - unmatched, "document"))
    if unmatched:
        logger.warning(
            _("%s without a row in the table: left out")
            if how == "inner"
            else _("%s without a row in the table: their new columns are empty"),
            plural(unmatched, "document"),
        )
    if left_over:
        keys = (key for key in right.rows if key not in used)
        logger.warning(
            _("%s of the table without a document (%s)"),
            plural(left_over, "key"),
            listed(map(repr, keys), _SHOWN),
        )
    if right.without_key:
        logger.warning(_("%s of the table without a key"), plural(right.without_key, "row"))


def _names(record: Record, right: _Table) -> dict[str, str]:
    """What each column of the table is called beside those of a document."""
    renamed = rename_clashes(dict.fromkeys(right.columns), record)
    names = dict(zip(right.columns, renamed, strict=True))
    clashes = [f"{theirs} → {ours}" for theirs, ours in names.items() if theirs != ours]
    if clashes:
        logger.info(_("columns of the table that the documents have too: %s"), ", ".join(clashes))
    return names
