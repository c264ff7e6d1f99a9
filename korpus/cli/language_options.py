"""The options of language models: which one, and of what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.inputs import TOKEN_BATCH, TokenSource
from korpus.cli.options import Column, IdColumn, Reads

if TYPE_CHECKING:
    from collections.abc import Iterator

LanguageModel = Annotated[
    str,
    typer.Option(
        "-m",
        "--model",
        metavar="MODEL",
        help="Language model: x.safetensors, x.arpa, or kiwi: the one that comes with Kiwi.",
    ),
    Reads(),
]


@dataclass(frozen=True)
class LanguageSource(TokenSource):
    """A source of documents with tokens, or of texts for models that need no tokens."""

    column: Column = None
    id_column: IdColumn = None

    def decoding(self) -> dict[str, Any]:
        """How the source is read: the keyword arguments of `files.read`."""
        return {"column": self.column, "id_column": self.id_column, **super().decoding()}

    def of_tokens(self, needs_tokens: bool) -> TokenSource:
        """The source of tokens; of texts if no tokens are needed, or a column is named."""
        return self if needs_tokens and not self.column else _Texts(**vars(self))


@dataclass(frozen=True)
class _Texts(LanguageSource):
    """The same for texts, whose column is looked for."""

    def batches(self, output: str) -> "Iterator[Any]":
        """See `TokenSource.batches`."""
        from korpus.cli import runner

        how = self.reading()
        found: Iterator[Any] = runner.batches(self.path(), output, how, size=TOKEN_BATCH)
        return found
