"""Chunks: whole rows of a source as bytes, which any process can parse."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from korpus.files.readers.columns import Columns
from korpus.files.readers.reading import Reading
from korpus.records import Record


class Shape(NamedTuple):
    """What the start of a source tells about all its rows.

    `format`: the name in the table of formats. `delimiter`, `header`: of a table. `order`: the
    index in the row of each column of `header`, if they are in another order.
    """

    format: str
    delimiter: str = ""
    header: tuple[str, ...] = ()
    order: tuple[int, ...] = ()


class Chunk(NamedTuple):
    """Whole rows in UTF-8, with all that is needed to turn them into documents.

    `name`, `shape`, `columns`: of the source; `name` is for messages. `line`: the number of the
    first line. `before`: how many documents of the source come before this chunk. `documents`: how
    many documents it has. `strict`: as in Reading. `damaged`: it has escaped bytes.
    """

    data: bytes
    name: str
    shape: Shape
    line: int
    documents: int
    columns: Columns = Columns(None, "id")
    before: int = 0
    strict: bool = True
    damaged: bool = False


class Chunking(NamedTuple):
    """How a format is cut into chunks for worker processes.

    `cut(stream, name, reading, size, steady)` yields chunks of about `size` bytes of text without
    `columns` and `before`. If the stream is a pipe that pauses, it yields None, unless `steady`:
    then the chunks do not depend on the pace of the pipe. `rows(chunk, bad)` parses a chunk in any
    process; its bad rows are among the others, or at the end if the columns are in `order`, or in
    the list `bad` then.
    """

    cut: Callable[[BinaryIO, str, Reading, int, bool], Iterator[Chunk | None]]
    rows: Callable[[Chunk, list[Record] | None], Iterator[Record]]
