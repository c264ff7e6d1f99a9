"""Options about files that are documents, and about the folders and archives that they are in."""

from dataclasses import dataclass, fields
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
            help="Extra text to read. HWP, Word: notes, comments, headers, or none. Chats: "
            "notices.",
            rich_help_panel=INPUT,
        ),
    ] = "notes"
    pages: Annotated[
        bool,
        typer.Option(
            "--pages", help="Read each page of a PDF as a document.", rich_help_panel=INPUT
        ),
    ] = False
    shape: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="SHAPE",
            help="Read files of a known source: {shapes}, or none (default: as their content "
            "says).",
            rich_help_panel=INPUT,
        ),
    ] = None
    tokens: Annotated[
        str | None,
        typer.Option(
            "--tokens",
            metavar="COLUMN",
            help="Column of tokens with commas between them: 키워드 of BigKinds.",
            rich_help_panel=INPUT,
        ),
    ] = None
    drop_excluded: Annotated[
        bool,
        typer.Option(
            "--drop-excluded",
            help="BigKinds: leave out articles marked 분석제외 and repeated ones.",
            rich_help_panel=INPUT,
        ),
    ] = False
    mask_names: Annotated[
        bool,
        typer.Option(
            "--mask-names",
            help="Chats, reviews and comments: write 화자1, 화자2 … for the names of people, and "
            "for what follows an @.",
            rich_help_panel=INPUT,
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
        return {field.name: getattr(self, field.name) for field in fields(FileOptions)}
