"""A methods section as a Word document."""

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from korpus.reports.methods import Methods

_DATE = (1980, 1, 1, 0, 0, 0)  # in place of the time, so that the same section gives the same bytes


def docx(section: "Methods", texts: list[tuple[str, list[str]]], references: list[str]) -> bytes:
    """The bytes of a .docx. `texts`: headings with their paragraphs, `references`: as printed."""
    from docx import Document

    document = Document()
    document.add_heading(section.title, 1)
    for heading, paragraphs in texts:
        document.add_heading(heading, 2)
        for text in paragraphs:
            document.add_paragraph(text)
    if section.parameters:
        document.add_heading(section.headings[0], 2)
        table = document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
        for cell, text in zip(table.rows[0].cells, section.columns, strict=True):
            cell.text = text
        for row in section.parameters:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if references:
        document.add_heading(section.headings[1], 2)
        for text in references:
            document.add_paragraph(text, style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    return _undated(written)


def _undated(written: io.BytesIO) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return found.getvalue()
