"""Checks on the header of a table."""

from korpus.errors import KorpusError
from korpus.messages import _


def checked_header(names: list[str], name: str) -> list[str]:
    """The column names of a table, stripped. Raises KorpusError if two are equal."""
    header = [column.strip() for column in names]
    if any("\r" in column and "\n" not in column for column in header):
        raise KorpusError(
            _("{name}: its lines end with CR alone, as on old Macs").format(name=name),
            _("convert it: tr '\\r' '\\n'; or read it with --input-format csv"),
        )
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise KorpusError(
            _("{name}: two columns are called {column!r}").format(name=name, column=doubled[0]),
            _("rename one of them in the first line"),
        )
    return header
