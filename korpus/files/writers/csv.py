"""CSV in UTF-8 with LF line ends."""

import csv
from typing import BinaryIO

from korpus.files.writers.text import text_stream
from korpus.records import Table


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table. Streams."""
    with text_stream(stream) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
