"""Name the kind of a binary file, for messages."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# What the first bytes of a zip file name, and what such a file is.
_IN_ZIP = (
    (b"application/hwp+zip", "HWPX"),
    (b"application/epub+zip", "EPUB"),
    (b"word/", "Word (.docx)"),
    (b"ppt/", "PowerPoint"),
    (b"xl/", "Excel"),
    (b"opendocument.spreadsheet", "ODS"),
)
# The formats that are read, by kind.
READABLE = {
    "HWP": "hwp",
    "HWPX": "hwpx",
    "EPUB": "epub",
    "Word (.docx)": "docx",
    "PDF": "pdf",
    "Excel": "xlsx",
    "Excel (.xls)": "xlsx",
    "ODS": "xlsx",
}
_STARTS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"HWP Document File", "HWP 3"),
    (b"SQLite format 3", "SQLite"),
)


def binary_kind(start: bytes) -> str | None:
    """The kind of file that the first bytes (some thousand) belong to; None if unknown."""
    if start.startswith(_OLE):
        if "FileHeader".encode("utf-16-le") in start:
            return "HWP"
        return "Excel (.xls)" if "Workbook".encode("utf-16-le") in start else "Office (.doc, .xls)"
    if start.startswith(_ZIP):
        return next((kind for mark, kind in _IN_ZIP if mark in start), "zip")
    return next((kind for mark, kind in _STARTS if start.startswith(mark)), None)
