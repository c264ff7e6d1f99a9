"""Where commands read: the options that name a source, and its records."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from korpus.cli import on_cluster
from korpus.cli.decoding import Decoding as Decoding
from korpus.cli.file_options import FileOptions
from korpus.cli.options import INPUT, STDIN, Column, IdColumn, Reads
from korpus.cli.rejects import collect
from korpus.errors import NoInput
from korpus.messages import _

if TYPE_CHECKING:
    from korpus.records import Counts, DocumentSource, Record
    from korpus.tokens import Part

TOKEN_BATCH = 1 << 18  # characters
_DOCUMENT_BATCH = 1 << 15


@dataclass(frozen=True)
class Source(Decoding):
    """A source of rows, as they are."""

    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="File, folder or archive (.zip, .tar.gz): {input_suffixes}, also .gz or .zst; "
            "- is standard input.",
            show_default=False,
        ),
        Reads(),
    ] = STDIN

    def path(self) -> str:
        """The source. Raises NoInput if it is a terminal."""
        check_terminal(self.source)
        return self.source

    def rows(self) -> "Iterator[Record]":
        """The rows as they are. Streams."""
        from korpus import files

        return files.read_rows(self.path(), **self.arguments())


@dataclass(frozen=True)
class RowSource(Source):
    """A source of documents, tokens or rows of a table, which stay as they are."""

    def batches(self, output: str) -> "Iterator[Any]":
        """Batches for `runner.run`; `output` is where the results go, see `runner.batches`."""
        return row_batches(self, self.path(), output, TOKEN_BATCH)

    def records(self, output: str, size: int = _DOCUMENT_BATCH) -> "Iterator[Record]":
        """The records; see `row_records`."""
        return row_records(self, self.path(), output, size)


def row_batches(reading: Decoding, source: str, output: str, size: int) -> "Iterator[Any]":
    """The rows of a source in batches of about `size` characters; for `output` see `batches`."""
    from korpus.cli import runner

    how = reading.reading(as_rows=True)
    found: Iterator[Any] = runner.batches(source, output, how, size=size)
    return found


def row_records(
    reading: Decoding, source: str, output: str, size: int = _DOCUMENT_BATCH
) -> "Iterator[Record]":
    """The rows of a source. Bad rows among those that are taken are set aside."""
    from korpus import files
    from korpus.records import RecordStream

    def read() -> "Iterator[Record]":
        for batch in row_batches(reading, source, output, size):
            bad: list[Record] = []
            try:
                yield from files.documents(batch, bad) if batch is not None else ()
            finally:
                for row in bad:
                    collect(row)

    return RecordStream.from_iterable([read()])


@dataclass(frozen=True)
class TokenSource(Source):
    """A source of documents with tokens, as korpus morph writes them."""

    def batches(self, output: str) -> "Iterator[Any]":
        """Batches for `runner.run`; `output` is where the results go, see `runner.batches`."""
        from korpus.cli import runner

        found: Iterator[Any] = runner.batches(
            self.path(), output, self.reading(), size=TOKEN_BATCH, needs_text=False
        )
        return found

    def records(self, output: str, *, needs_tokens: bool = True) -> "Iterator[Record]":
        """The records, checked. Raises TokensNeeded for those without tokens that are needed."""
        from korpus import files
        from korpus.records import RecordStream, tokenized

        batches: Any = self.batches(output)
        if on_cluster.is_elsewhere(batches):
            return cast("Iterator[Record]", batches)
        parsed = (files.documents(batch) for batch in batches if batch is not None)
        documents = files.good_rows(chain.from_iterable(parsed), collect)
        found = RecordStream.from_iterable([documents])  # else an empty one may count as used up
        return RecordStream.from_iterable([tokenized(found)]) if needs_tokens else found

    def parts(
        self,
        stage: Callable[..., Any],
        output: str,
        jobs: int = 0,
        counts: "Counts | None" = None,
    ) -> "Iterator[Any]":
        """The records counted in parts, by several processes: `count_terms`, `place_terms`.

        The processes start before this returns: numpy starts threads, after which processes cannot
        be forked. Raises TokensNeeded for documents without tokens.
        """
        from korpus.cli import runner
        from korpus.records import RecordStream

        batches: Any = self.batches(output)
        if on_cluster.is_elsewhere(batches):
            return cast("Iterator[Any]", batches.parts(stage))
        found = runner.run(stage, batches, jobs=jobs, counts=counts)
        return RecordStream(list(islice(found, 1)), found)  # no parts are no used-up generator

    def term_counts(self, output: str, jobs: int = 0, **how: Any) -> "Iterator[Part]":
        """The counted terms of the records, see `parts`. `how`: options of `count_terms`."""
        from korpus.tokens import count_terms

        return self.parts(partial(count_terms, **how), output, jobs)


@dataclass(frozen=True)
class DocumentReading(FileOptions, Decoding):
    """How rows become documents."""

    column: Column = None
    id_column: IdColumn = None
    whole_file: Annotated[
        bool,
        typer.Option(
            "--whole-file",
            help="Read each .txt file as one document; its name is the id.",
            rich_help_panel=INPUT,
        ),
    ] = False

    def decoding(self) -> dict[str, Any]:
        """How the source is read: the keyword arguments of `files.read`."""
        return {
            "column": self.column,
            "id_column": self.id_column,
            **super().decoding(),
            "whole_file": self.whole_file,
            **self.files(),
        }

    def documents(self, sources: list[str], output: str) -> "Iterator[Record]":
        """The documents of sources. `output`: where the results go, see `runner.batches`."""
        from korpus import files
        from korpus.cli import runner

        batches = runner.batches(sources, output, self.reading(), size=_DOCUMENT_BATCH)
        if on_cluster.is_elsewhere(batches):
            return cast("Iterator[Record]", batches)
        parsed = (files.documents(batch) for batch in batches if batch is not None)
        return files.good_rows(chain.from_iterable(parsed), collect)

    def texts_or_documents(self, sources: list[str], output: str) -> "DocumentSource":
        """The documents of sources, or the sources themselves if they are all texts."""
        from korpus import files

        if all(files.is_text(source) for source in sources):
            return sources
        return self.documents(sources, output)


Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Files, folders and archives (.zip, .tar.gz): {input_suffixes}, also .gz or .zst; "
        "- is standard input.",
        show_default=False,
    ),
    Reads(),
]


def given(sources: list[str] | None) -> list[str]:
    """The sources, by default standard input. Raises NoInput if that is a terminal."""
    for source in sources or [STDIN]:
        check_terminal(source)
    return sources or [STDIN]


def check_terminal(source: str) -> None:
    """Raises NoInput if a source is a terminal, where nobody would type documents."""
    if source == STDIN and sys.stdin.isatty():
        raise NoInput(_("no SOURCE given, and standard input is a terminal"))
