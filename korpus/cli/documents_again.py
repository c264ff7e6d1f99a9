"""The documents of a model read once more, for their columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli.inputs import TOKEN_BATCH, Decoding, check_terminal
from korpus.cli.options import IdColumn, Reads
from korpus.cli.rejects import collect

if TYPE_CHECKING:
    from korpus.records import Record


@dataclass(frozen=True)
class DocumentsAgain(Decoding):
    """The documents of a model once more, for their columns."""

    documents: Annotated[
        str | None,
        typer.Argument(
            metavar="DOCUMENTS",
            help="The documents of the model, for their columns (default: those kept by --keep).",
            show_default=False,
        ),
        Reads(),
    ] = None
    id_column: IdColumn = None

    def again(self, output: str) -> "Iterator[Record] | None":
        """The documents; None if none are given. They need no text."""
        from korpus import files
        from korpus.cli import runner

        if self.documents is None:
            return None
        check_terminal(self.documents)
        reading = files.Reading.of(**self.decoding(), id_column=self.id_column, strict=self.strict)
        batches = runner.batches(
            self.documents, output, reading, size=TOKEN_BATCH, needs_text=False
        )
        parsed = (files.documents(batch) for batch in batches if batch is not None)
        return files.good_rows(chain.from_iterable(parsed), collect)
