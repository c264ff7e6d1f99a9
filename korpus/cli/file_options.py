"""Options about files that are documents, and about the folders and archives that they are in."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from korpus.cli.options import INPUT


@dataclass(frozen=True)
class FileOptions:
    """Which files are read, and what of them."""

    tables: Annotated[
        str,
        typer.Option(
            "--tables",
            metavar="text|skip|only",
            help="Tables in HWP, Word, web pages and e-books: a line per row, left out, or alone.",
            rich_help_panel=INPUT,
        ),
    ] = "text"
    include: Annotated[
        str,
        typer.Option(
            "--include",
            metavar="PARTS",
            help="Read beside the text of HWP and Word: notes, comments, headers or none.",
            rich_help_panel=INPUT,
        ),
    ] = "notes"
    pages: Annotated[
        bool,
        typer.Option(
            "--pages", help="Read each page of a PDF as a document.", rich_help_panel=INPUT
        ),
    ] = False
    glob: Annotated[
        str | None,
        typer.Option(
            "--glob",
            metavar="PATTERN",
            help="Files to read in folders and archives: '*.hwp', '2024/*/*.txt'.",
            rich_help_panel=INPUT,
        ),
    ] = None
    path_columns: Annotated[
        str,
        typer.Option(
            "--path-columns",
            metavar="NAMES",
            help="Columns for the folders that a file is in: year,source for 2024/한겨레/a.txt.",
            rich_help_panel=INPUT,
        ),
    ] = ""

    def files(self) -> dict[str, Any]:
        """These options as keyword arguments of `files.read`."""
        return {
            "tables": self.tables,
            "include": self.include,
            "pages": self.pages,
            "glob": self.glob,
            "path_columns": self.path_columns,
        }
