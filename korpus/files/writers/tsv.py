"""Tab-separated values without quoting."""

from itertools import chain
from typing import BinaryIO

from korpus.files.writers.text import text_stream
from korpus.records import Table


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table. Streams."""
    with text_stream(stream) as text:
        for row in chain([table.columns], table.rows):
            text.write("\t".join(_cell(cell) for cell in row) + "\n")


def _cell(cell: object) -> str:
    """A cell as text. The format has no quoting, so tabs and line ends become spaces."""
    return "" if cell is None else " ".join(str(cell).replace("\t", " ").splitlines())
