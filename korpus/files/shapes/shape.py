"""What a shape is: how rows of a known source become documents."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from korpus.files.readers import Reading
from korpus.records import Record


def _no_text(start: str) -> bool:
    return False


def _no_row(row: Record) -> bool:
    return False


class Shape(NamedTuple):
    """A shape of files from a known source.

    `name`: for --as. `rows(rows, name, reading)` turns the rows of a file into documents, with
    `text` and often `id`; `name` is for messages. `is_text(start)`: whether the first characters of
    a text file are unmistakably of this shape; its lines are then the rows. `is_row(row)`: the same
    for the first row of any other file. `speaker`: the column with names of people, if there is
    one.
    """

    name: str
    rows: Callable[[Iterator[Record], str, Reading], Iterator[Record]]
    is_text: Callable[[str], bool] = _no_text
    is_row: Callable[[Record], bool] = _no_row
    speaker: str = ""


def field(value: Any, *keys: str) -> Any:
    """What is at a path of keys in nested JSON; None if nothing is there."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def items(value: Any, key: str) -> Iterator[Record]:
    """The objects in the list at a key, or the object there."""
    found = field(value, key)
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item


def flat(value: Any) -> Record:
    """The fields of an object that are neither objects nor lists."""
    fields = value.items() if isinstance(value, dict) else ()
    return {key: item for key, item in fields if not isinstance(item, dict | list)}
