"""Choose the format of a source: as the user says, by its suffix, or by its first bytes."""

import logging
from typing import BinaryIO

from korpus.errors import KorpusError, UsageError
from korpus.files.formats import suffix_format
from korpus.files.readers import (
    InputFormat,
    Reading,
    find_input_format,
    input_format_by_magic,
    input_formats,
    input_suffixes,
)
from korpus.files.shapes import check_shape, is_lines
from korpus.files.sources import STDIN, peek, sniff_text, source_name
from korpus.messages import _

logger = logging.getLogger("korpus")


def format_of(stream: BinaryIO, source: str, reading: Reading) -> InputFormat:
    """The format of an open source: as the user says, else by its suffix, else by its first bytes.

    Raises UsageError for an unknown `input_format`, KorpusError if the file holds no documents.
    """
    input_format = reading.input_format
    check_input_format(input_format)
    name = source_name(source)
    by_suffix = suffix_format(source) if source != STDIN else None
    format = input_format or by_suffix
    if format is None or (format == "txt" and not input_format):  # anything may be in a .txt file
        start = peek(stream)
        format = input_format_by_magic(start)
        if format is None:
            lines = is_lines(start, reading)
            format = "txt" if lines else sniff_text(start, reading.columns, reading.encoding)
        if format != (by_suffix or "txt") and not format.startswith("json"):
            logger.info(_("%s: read as %s; --input-format overrides"), name, format)
    if format not in input_formats():
        raise KorpusError(
            _("{name}: a .{format} file holds no documents").format(name=name, format=format),
            readable_formats(),
        )
    return find_input_format(format)


def check_input_format(input_format: str | None) -> None:
    """Raises UsageError for an unknown format."""
    names = input_formats()
    if input_format is not None and input_format not in names:
        raise UsageError(
            _("unknown format {name!r}").format(name=input_format),
            _("one of: {names}").format(names=", ".join(names)),
        )


def check_reading(reading: Reading) -> None:
    """Raises UsageError for a wrong choice of how a source is read."""
    check_input_format(reading.input_format)
    reading.check()
    check_shape(reading.shape)


def log_unused(format: InputFormat, reading: Reading, name: str) -> None:
    """Log the options about reading that the format of a source does not have."""
    unused = {
        "--sheet": reading.sheet is not None and format.name != "xlsx",
        "--header-row": reading.header_row is not None and not format.has_header,
        "--records": reading.records is not None and not format.nests,
    }
    for option in (option for option, is_unused in unused.items() if is_unused):
        logger.warning(_("%s: %s has no effect on %s"), name, option, format.name)


def readable_formats() -> str:
    """The hint that lists what can be read."""
    return _("korpus reads {suffixes}, each also .gz or .zst").format(
        suffixes=", ".join(input_suffixes())
    )
