"""Records and texts inside nested JSON, named by paths such as `data[].body.dialogue[].utterance`.

A path is keys with dots between them; `[]` stands for each item of a list.
"""

import logging
from collections.abc import Iterator
from typing import Any

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row, raw_json
from korpus.files.readers.jsonl import as_row
from korpus.files.readers.reading import Reading
from korpus.inputs import ITEMS, is_nested, path_hint
from korpus.messages import _, plural
from korpus.records import BadRow, Record

logger = logging.getLogger("korpus")


def is_path(column: str) -> bool:
    """Whether the name of a column may be a path."""
    return "." in column or ITEMS in column


def picks_inside(reading: Reading) -> bool:
    """Whether records or texts are picked from inside the rows."""
    return bool(reading.records) or any(map(is_path, reading.columns))


def picked(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
    """The records inside the rows, with a column for each path that `reading` names. Streams.

    `reading.records`: the path of the records; by default, up to the last list on the path of a
    text. The fields around a record follow its own; `id` and names that clash get a trailing
    underscore. Several strings of a text are joined by line ends. Raises KorpusError if a path
    leads nowhere in all rows.
    """
    found, lacking = 0, 0
    first: Record | None = None
    for row in rows:
        if type(row) is BadRow:
            yield row
            continue
        first = first or row
        paths = [path for path in reading.columns if is_path(path) and path not in row]
        within = reading.records or max(map(_records_path, paths), key=len, default="")
        if not within:
            yield _with_texts(row, paths, "")
            continue
        for item, around in _items(row, _steps(within), {}):
            if item is None:
                lacking += 1
                continue
            found += 1
            try:
                record = _beside(_as_record(item, name, found, within, paths), around)
            except KorpusError as error:
                if reading.strict:
                    raise
                yield bad_row("json", error, None, raw_json(item))
                continue
            yield _with_texts(record, paths, "" if reading.records else within)
    if first is not None and lacking and not found:
        raise KorpusError(
            _("{name}: nothing at {path}").format(name=name, path=reading.records or within),
            path_hint(first),
        )
    if lacking:
        logger.warning(_("%s: %s without %s left out"), name, plural(lacking, "object"), within)


def _records_path(path: str) -> str:
    """The path of the records by that of a text: up to its last list."""
    return path[: path.rfind(ITEMS) + len(ITEMS)] if ITEMS in path else ""


def _steps(path: str) -> list[str]:
    """The keys of a path. Lists need no step: each of their items is looked into."""
    return [step for step in path.replace(ITEMS, "").split(".") if step]


def _items(value: Any, steps: list[str], around: Record) -> Iterator[tuple[Any, Record]]:
    """What is at the end of a path, each with the fields around it; None where there is nothing."""
    if isinstance(value, list):
        for item in value:
            yield from _items(item, steps, around)
    elif not steps:
        yield value, around
    elif not isinstance(value, dict) or steps[0] not in value:
        yield None, around
    else:
        rest = {key: inner for key, inner in value.items() if key != steps[0]}
        yield from _items(value[steps[0]], steps[1:], _beside(rest, around))


def _as_record(item: Any, name: str, number: int, within: str, paths: list[str]) -> Record:
    if isinstance(item, str) and within in paths:
        return {within: item}
    message = _("{name}: item {number} of {path}: not a JSON object")
    return as_row(item, message.format(name=name, number=number, path=within))


def _beside(record: Record, around: Record) -> Record:
    """A record and the fields around it, whose names get underscores where they clash."""
    joined = dict(record)
    for key, value in around.items():
        while key in joined or key == "id":
            key += "_"
        joined[key] = value
    return joined


def _with_texts(record: Record, paths: list[str], within: str) -> Record:
    """A record with the strings at each path in a column of that name.

    `within`: the path of the record, as the start of the paths.
    """
    for path in paths:
        if path in record:
            continue
        rest = path.removeprefix(within).removeprefix(".")
        if within and rest in record:  # the text itself, which is not kept twice
            record = {path if key == rest else key: value for key, value in record.items()}
            continue
        values = [value for value, _around in _items(record, _steps(rest), {}) if value is not None]
        if any(map(is_nested, values)):
            record = {**record, path: values}  # an error when it becomes the text
        elif values or _leads_to_a_list(record, _steps(rest)):
            record = {**record, path: "\n".join(map(str, values))}
    return record


def _leads_to_a_list(value: Any, steps: list[str]) -> bool:
    """Whether a path leads to a list, which may be empty, or to nothing because of one."""
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            break
        value = value[step]
    return isinstance(value, list) or value is None
