"""How the bytes of a source are read: the options that all commands with a source share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.options import INPUT, Rejects
from korpus.cli.rejects import collect

if TYPE_CHECKING:
    from korpus.files import Reading


@dataclass(frozen=True)
class Decoding:
    """How the bytes of a source are read."""

    encoding: Annotated[
        str | None,
        typer.Option(
            "-e",
            "--encoding",
            help="Encoding of the input (default: UTF-8, else CP949).",
            rich_help_panel=INPUT,
        ),
    ] = None
    input_format: Annotated[
        str | None,
        typer.Option(
            "--input-format",
            help="One of: {input_formats} (default: by suffix, else by content).",
            rich_help_panel=INPUT,
        ),
    ] = None
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            metavar="NAME|N|all",
            help="Sheet of a workbook (default: the only one with rows).",
            rich_help_panel=INPUT,
        ),
    ] = None
    header_row: Annotated[
        int | None,
        typer.Option(
            "--header-row",
            metavar="N",
            min=0,
            help="Row with the column names; 0: none (default: 1, in a workbook the first that "
            "fits the rows below).",
            rich_help_panel=INPUT,
        ),
    ] = None
    records_path: Annotated[
        str | None,
        typer.Option(
            "--records",
            metavar="PATH",
            help="Records in nested JSON: 'documents[]'. Strings that -c names are joined per "
            "record; without it, -c 'data[].body.text' makes a document of each item.",
            rich_help_panel=INPUT,
        ),
    ] = None
    allow_partial: Annotated[
        bool,
        typer.Option(
            "--allow-partial",
            help="Accept input from a pipe that ended early, as after head or grep.",
            rich_help_panel=INPUT,
        ),
    ] = False
    rejects: Rejects = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Stop at a row that cannot be read, instead of setting it aside.",
            rich_help_panel=INPUT,
        ),
    ] = False

    def __post_init__(self) -> None:
        if self.allow_partial:
            from korpus import files

            files.allow_partial_input()

    def decoding(self) -> dict[str, Any]:
        """These options as keyword arguments that all functions of `files` take."""
        return {
            "encoding": self.encoding,
            "input_format": self.input_format,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "records": self.records_path,
        }

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `files.read_rows`."""
        return {**self.decoding(), "rejects": None if self.strict else collect}

    def reading(self, *, as_rows: bool = False) -> "Reading":
        """These options as `files.read_batches` takes them."""
        from korpus import files

        return files.Reading.of(**self.decoding(), strict=self.strict, as_rows=as_rows)
