"""A Markdown table."""

from typing import BinaryIO

from korpus.files.writers.aligned import shown
from korpus.files.writers.plain import text_line
from korpus.records import Table


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table. Streams."""
    stream.write(text_line("| " + " | ".join(table.columns) + " |"))
    stream.write(text_line("|" + " --- |" * len(table.columns)))
    for row in table.rows:
        cells = (shown(cell).replace("|", "\\|") for cell in row)
        stream.write(text_line("| " + " | ".join(cells) + " |"))
