"""Turn rows into documents: which column is the text, which the id."""

import logging
from collections.abc import Callable, Iterator
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row, raw_json
from korpus.files.readers.reading import Reading
from korpus.inputs import TEXT_COLUMNS, is_nested, no_text, path_hint
from korpus.messages import _
from korpus.records import BadRow, Record

logger = logging.getLogger("korpus")

_EXACT = (-(2.0**63), 2.0**64)  # integers in JSON beyond these arrive as floats


class Columns(NamedTuple):
    """The columns of the text (None for a token file without text) and of the id.

    `id`: None leaves the rows as they are. `more`: columns whose text follows that of the first,
    after a blank line.
    """

    text: str | None
    id: str | None
    more: tuple[str, ...] = ()


def as_documents(
    rows: Iterator[Record],
    name: str,
    pick: Callable[[Record], Columns],
    before: int = 0,
    *,
    strict: bool = True,
    is_part: bool = False,
    bad: list[Record] | None = None,
) -> Iterator[Record]:
    """Turn rows into documents. Streams.

    `pick` picks the columns, given the first row that is not bad. `before`: how many documents come
    before, for row numbers as ids. `name` is for messages. Unless `strict`, rows that are no
    documents become bad rows, which come last, or in the list `bad`. `is_part`: these are not all
    rows of the source.
    Raises KorpusError for a missing column, and if the first row that is not bad is no document.
    """
    aside: list[Record] = [] if bad is None else bad
    leading = 0
    refused: KorpusError | None = None
    for first in rows:
        if type(first) is not BadRow:
            break
        leading += 1
        aside.append(first)
        if not is_part:
            refused = refused or KorpusError(first["reason"], first.hint)
    else:
        if refused:
            raise refused
        if not leading:
            logger.info(_("%s is empty: no documents"), name)
        yield from () if aside is bad else aside
        return
    columns = pick(first)
    if columns.id is None:
        for row in chain([first], rows):
            if type(row) is BadRow:
                aside.append(row)
            else:
                yield row
        yield from () if aside is bad else aside
        return
    before += leading
    strict_at = 0 if is_part else before + 1
    usual = columns == Columns("text", "id")
    has_text, only_id = columns.text is not None, columns == Columns(None, "id")
    keys: tuple[str, ...] | None = None
    arrange: Callable[[Record, int], Record] | None = None
    for number, row in enumerate(chain([first], rows), before + 1):
        names = iter(row)
        if (
            usual  # and as korpus writes it: nothing to do
            and next(names, None) == "id"
            and next(names, None) == "text"
            and type(row["text"]) is str
        ):
            if type(row["id"]) is str:
                yield row
                continue
            if type(row["id"]) is int:
                yield {**row, "id": str(row["id"])}
                continue
        if only_id and next(names, None) == "id" and type(row["id"]) is str:
            yield row
            continue
        if tuple(row) != keys:
            keys = tuple(row)
            arrange = _arrangement(keys, columns)
        record = arrange(row, number) if arrange else None
        if record is not None and type(record["id"]) is int:
            record["id"] = str(record["id"])
        if (
            record is None
            or type(record["id"]) is not str
            or (has_text and type(record["text"]) is not str)
        ):
            if type(row) is BadRow:
                aside.append(row)
                continue
            try:
                record = document(row, columns, number, name)
            except KorpusError as error:
                if strict or number == strict_at:
                    raise
                aside.append(bad_row("column", error, None, raw_json(row)))
                continue
        yield record
    yield from () if aside is bad else aside


def _arrangement(keys: tuple[str, ...], columns: Columns) -> Callable[[Record, int], Record] | None:
    """A fast equivalent of `document` for rows with these keys whose text and id are strings.

    It takes the row and its number, which is the id of a row that has none.
    """
    is_numbered = columns.id not in keys and not columns.more and columns.text in keys
    if not is_numbered and not can_be_arranged(columns, keys):
        return None
    example = document(dict(zip(keys, keys, strict=True)), columns, 0, "")
    names = list(example)
    if not is_numbered:
        values = itemgetter(*example.values())
        return lambda row, _number: dict(zip(names, values(row), strict=True))
    if names[1:] == list(keys):
        return lambda row, number: {"id": str(number), **row}
    text, *others = list(example.values())[1:]
    if not others:
        return lambda row, number: {"id": str(number), "text": row[text]}
    values = itemgetter(text, *others)
    return lambda row, number: dict(zip(names, (str(number), *values(row)), strict=True))


def can_be_arranged(columns: Columns, names: tuple[str, ...]) -> bool:
    """Whether rows with columns of these names become documents by a new order alone."""
    if columns.more or columns.id not in names or columns.text == columns.id:
        return False
    return len(names) > 1 if columns.text is None else columns.text in names


def row_columns(row: Record) -> Columns:
    """The columns of a source whose rows stay as they are, by its first row.

    What has a text gets an `id`, the row number, if it has none. Other tables stay without.
    """
    has_text = "tokens" in row or len(row) == 1 or not row.keys().isdisjoint(TEXT_COLUMNS)
    return Columns(None, "id" if "id" in row or has_text else None)


def document(row: Record, columns: Columns, number: int, name: str) -> Record:
    """A row as a document: `id` and `text` first, both strings. Raises KorpusError without text."""
    text_key, id_key, more = columns
    assert id_key is not None
    for key in (text_key, *more):
        if key is not None and key in row and is_nested(row[key]):
            message = _("{name}: document {number}").format(name=name, number=number)
            raise no_text(message, key, row)
        if key is not None and key not in row:
            raise KorpusError(
                _("{name}: document {number} has no column {column!r}").format(
                    name=name, number=number, column=key
                ),
                _its_columns(row),
            )
    given = row.get(id_key)
    if type(given) is float and not _EXACT[0] < given < _EXACT[1]:
        raise KorpusError(
            _("{name}: document {number}: numeric id is too large to be read exactly").format(
                name=name, number=number
            ),
            _('put ids in quotes: {"id": "12345678901234567890123", …}'),
        )
    if is_nested(given):
        raise KorpusError(
            _("{name}: document {number}: its id is a list or an object").format(
                name=name, number=number
            ),
            _("choose another column with --id-column"),
        )
    record: Record = {"id": _string(given) if given is not None else str(number)}
    if text_key is not None:
        texts = [_string(row[key]) for key in (text_key, *more)]
        record["text"] = "\n\n".join(filter(None, texts)) if more else texts[0]
    for key, value in row.items():
        if key in (id_key, text_key) or key in more:
            continue
        while key in record:
            key += "_"
        record[key] = value
    return record


def pick_columns(row: Record, name: str, reading: Reading) -> Columns:
    """The columns of a source, by its first row. Raises KorpusError if one is missing."""
    named = list(dict.fromkeys(reading.columns))
    for wanted in [*named, *([reading.id_column] if reading.id_column else [])]:
        if wanted not in row:
            raise _no_column(name, wanted, row)
    text = named[0] if named else _text_column(row, name)
    return Columns(text, reading.id_column or "id", tuple(named[1:]))


def _text_column(row: Record, name: str) -> str | None:
    """The column that holds the text; None for a token file without text."""
    if isinstance(row.get("tokens"), list):
        return "text" if "text" in row else None
    usual = _usual_text(row)
    if usual is None and "tokens" not in row:
        raise KorpusError(
            _("{name} has no column that usually holds the text").format(name=name),
            _hint_inside(row)
            or _("choose one with -c: its columns are {columns}").format(columns=", ".join(row)),
        )
    if usual not in ("text", None):
        logger.info(_("%s: text is column %r; -c COLUMN overrides"), name, usual)
    return usual


def has_text(row: Record) -> bool:
    """Whether a row has tokens, or a column that usually holds the text."""
    return "tokens" in row or _usual_text(row) is not None


def _usual_text(row: Record) -> str | None:
    usual = next((usual for usual in TEXT_COLUMNS if usual in row), None)
    is_alone = len(row) == 1 and "tokens" not in row
    return next(iter(row)) if usual is None and is_alone else usual


def _no_column(name: str, column: str, row: Record) -> KorpusError:
    return KorpusError(
        _("{name} has no column {column!r}").format(name=name, column=column),
        _hint_inside(row) or _its_columns(row),
    )


def _hint_inside(row: Record) -> str | None:
    nested = "tokens" not in row and any(map(is_nested, row.values()))
    return path_hint(row) if nested else None


def _its_columns(row: Record) -> str:
    return _("its columns are {columns}").format(columns=", ".join(row))


def _string(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)
