"""Make records of what a stage accepts as documents: text, lists, pandas objects and records."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from inspect import GEN_CLOSED, getgeneratorstate
from itertools import chain
from numbers import Number
from types import GeneratorType
from typing import TYPE_CHECKING, Any, TypeAlias

from korpus.errors import KorpusError
from korpus.inputs.half_characters import has_half, log_mended, mended
from korpus.inputs.nested import is_nested, no_text
from korpus.messages import _
from korpus.tables import Record, Records, used_up

if TYPE_CHECKING:
    import pandas

logger = logging.getLogger("korpus")

# Column names that are taken for the text, in this order.
TEXT_COLUMNS = (
    *("text", "document", "content", "contents", "body", "review", "comment", "sentence"),
    *("본문", "내용", "리뷰", "텍스트", "문서", "댓글", "후기", "기사", "원문"),
)
DocumentSource: TypeAlias = (
    "str | Iterable[str] | Iterable[Mapping[str, Any]] | pandas.Series | pandas.DataFrame"
)

# Chooses the column of the text by the names of the first record.
Pick = Callable[[list[str]], str]


class RecordStream(chain[Record]):
    """A stream of records that are ready: `as_records` passes it on, at no cost per record."""


def as_records(source: DocumentSource, column: str | None = None) -> Iterable[Record]:
    """Documents as records with `id` and `text`. Streams.

    Parameters: `source`, a string (one document), an iterable of strings, a pandas Series or
    DataFrame, or an iterable of records; `column`, the column of the text (default: the first of
    TEXT_COLUMNS, or the only column; none is needed if there are `tokens`).

    A missing `id` becomes the row number: "1", "2" … The index of a pandas object is not used.
    Missing text (None, NaN) becomes "", and numbers become text. Other columns stay; one that is
    called `text` beside another `column` is renamed to `text_`. Half characters outside the text
    become U+FFFD.
    Raises KorpusError for a missing column, for anything that is not text or a record, and, if
    `source` is a generator, when it is read a second time.
    """
    if column is None and isinstance(source, RecordStream | Records):
        return source
    return _as_records(source, partial(_text_column, column=column), column is None)


def as_tokens(source: DocumentSource) -> Iterable[Record]:
    """Records with `tokens`, for stages that need no text: as `as_records`, but for the column.

    Lists of strings may be tuples or numpy arrays, as in a DataFrame from a Parquet file. Objects
    that are neither text nor records are passed on, such as counted parts.
    """
    if isinstance(source, RecordStream | Records):
        return source
    return _as_records(source, None, True)


def lazily(
    source: Iterable[Record], stage: Callable[[Iterable[Record]], Iterable[Record]]
) -> Records:
    """The records that `stage` makes from `source`, each time that they are asked for."""
    return Records(partial(stage, source), again=_can_be_read_again(source))


def readable_again(records: Iterable[Record]) -> Records | list[Record]:
    """The records as they are if they can be read again, else a list of them."""
    if isinstance(records, list) or (isinstance(records, Records) and records.again):
        return records
    return list(records)


def _as_records(source: Any, pick: Pick | None, is_usual: bool) -> Iterable[Record]:
    """`pick`: chooses the text column, if one is needed; `is_usual`: no column was named."""
    if isinstance(source, str | Mapping):
        source = [source]
    elif _is_pandas(source, "Series"):
        return Records(partial(_series_records, source))
    elif _is_pandas(source, "DataFrame"):
        names = _frame_names(source)
        text_column = pick(names) if pick else "text"
        return Records(lambda: _records(_frame_rows(source, names), lambda _names: text_column))
    elif not isinstance(source, Iterable) or isinstance(source, bytes | bytearray):
        message = _("documents cannot be of type {type}").format(type=type(source).__name__)
        raise KorpusError(message, _("give a list of texts; korpus.read(path) reads a file"))
    elif is_usual and isinstance(source, list) and all(map(_is_ready, source)):
        return source
    _check_unused(source)
    return Records(lambda: _records(source, pick), again=_can_be_read_again(source))


def _check_unused(source: object) -> None:
    if isinstance(source, GeneratorType) and getgeneratorstate(source) == GEN_CLOSED:
        raise used_up()


def _is_ready(record: object) -> bool:
    return (
        type(record) is dict
        and type(record.get("id")) is str
        and (
            type(record.get("text")) is str
            if "tokens" not in record
            else type(record["tokens"]) is list and type(record.get("text", "")) is str
        )
        and not has_half(record, "text")
    )


def _can_be_read_again(source: Iterable[Any]) -> bool:
    return source.again if isinstance(source, Records) else not isinstance(source, Iterator)


def _is_pandas(value: object, name: str) -> bool:
    """Whether a value is a pandas object, without importing pandas."""
    return any(
        kind.__name__ == name and kind.__module__.partition(".")[0] == "pandas"
        for kind in type(value).__mro__
    )


def _series_records(series: Iterable[Any]) -> Iterator[Record]:
    for number, value in enumerate(series, 1):
        yield {"id": str(number), "text": _text(value)}


def _frame_names(frame: Any) -> list[str]:
    names: list[str] = []
    for name in map(str, frame.columns):
        while name in names:
            name += "_"
        names.append(name)
    return names


def _frame_rows(frame: Any, names: list[str]) -> Iterator[Record]:
    for row in frame.itertuples(index=False, name=None):
        yield dict(zip(names, row, strict=True))


def _records(items: Iterable[Any], pick: Pick | None) -> Iterator[Record]:
    _check_unused(items)
    text_column: str | None = None
    number = halves = 0
    for number, item in enumerate(items, 1):
        if isinstance(item, Mapping):
            if text_column is None:
                text_column = pick(list(item)) if pick else "text"
            record = _record(item, number, text_column)
            if record is not item and has_half(record, "text"):
                record = mended(record, ("text",))
                halves += 1
            yield record
        elif isinstance(item, str) or _is_missing(item):
            yield {"id": str(number), "text": _text(item)}
        elif pick is None:
            yield item
        else:
            message = _("document {number} is neither text nor a record, but {type}")
            raise KorpusError(
                message.format(number=number, type=type(item).__name__),
                _("a record is a dict such as {example}").format(
                    example='{"id": "1", "text": "…"}'
                ),
            )
    # A generator that was used is known, see above; of a map or an iterator nothing is.
    if not number and isinstance(items, Iterator) and not isinstance(items, GeneratorType):
        logger.warning(_("%s gave no documents: has it been used before?"), type(items).__name__)
    log_mended(halves)


def _record(item: Mapping[str, Any], number: int, text_column: str) -> Record:
    """A record with `id` and `text` first, as strings; `item` is not changed."""
    if text_column == "text" and _is_ready(item):
        return item  # type: ignore[return-value]
    record: Record = {"id": _id(item.get("id"), number)}
    if text_column in item:
        record["text"] = _text(item[text_column])
        if is_nested(record["text"]):
            error = no_text(_("document {number}").format(number=number), text_column, item)
            error.hint = _("a text is one string: join its parts first")
            raise error
    for name, value in item.items():
        if name in ("id", text_column):
            continue
        while name in record:
            name += "_"
        record[name] = _as_list(value) if name in ("tokens", "tags") else value
    return record


def _text_column(names: list[str], column: str | None) -> str:
    """Choose the column of the text. Raises KorpusError if there is none."""
    shown = ", ".join(map(str, names))
    if column is not None:
        if column not in names:
            message = _("there is no column {name!r}").format(name=column)
            raise KorpusError(message, _("the columns are {names}").format(names=shown))
        return column
    if "text" in names or "tokens" in names:
        return "text"
    usual = next((name for name in TEXT_COLUMNS if name in names), None)
    others = [name for name in names if name != "id"]
    if usual is None and len(others) == 1:
        usual = others[0]
    if usual is None:
        raise KorpusError(
            _("no column has a name that is usual for text"),
            _("choose one with column=…: the columns are {names}").format(names=shown),
        )
    logger.info(_("text is column %r; column=… overrides"), usual)
    return usual


def _is_missing(value: object) -> bool:
    if isinstance(value, float):
        return value != value
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _text(value: Any) -> Any:
    """Strings and numbers as a `str`, missing values as ""; anything else as it is."""
    if type(value) is str:
        return value
    if _is_missing(value):
        return ""
    return str(value) if isinstance(value, str | Number) else value


def _id(value: Any, number: int) -> str:
    if _is_missing(value):
        return str(number)
    # pandas turns whole numbers into floats in a column with missing values.
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _as_list(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.tolist() if type(value).__module__ == "numpy" else value
