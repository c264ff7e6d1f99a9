"""The options that name stopwords."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import options

if TYPE_CHECKING:
    from korpus.records import Table

_SHIPPED = "ko"


@dataclass(frozen=True)
class StopwordLists:
    """Lists of stopwords, and words to add and to keep."""

    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="PATH",
            help="Word list besides the shipped one: word, word/TAG, 영* or */TAG per line. "
            "Repeatable.",
        ),
        options.Reads(),
    ] = None
    default: Annotated[
        bool,
        typer.Option("--default/--no-default", help="Use the shipped Korean list."),
    ] = True
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="WORD,…", help="Remove these words too."),
    ] = None
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="WORD,…", help="Always keep these words."),
    ] = None

    @cached_property
    def _listed(self) -> list[tuple[str, str]]:
        """The entries of the lists, each with the name of its list."""
        from korpus import files, tokens

        names = [name for name in self.lists or [] if name != _SHIPPED]  # once it had to be named
        return [(w, name) for name in names for w in tokens.stopword_entries(files.read_text(name))]

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `tokens.stopwords`."""
        names = [name for name in self.lists or [] if name != _SHIPPED]
        return {
            "words": [word for word, _name in self._listed],
            "lists": [Path(name).name for name in names],
            "default": self.default,
            "add": options.split_list(self.add),
            "keep": options.split_list(self.keep),
        }

    def given(self) -> list[str]:
        """The user's own entries."""
        given = self.arguments()
        return [*given["words"], *given["add"], *given["keep"]]

    def table(self) -> "Table":
        """The entries that are removed, with the list that each comes from."""
        from korpus import tokens

        shipped = tokens.shipped_stopwords() if self.default else []
        added = [(word, "--add") for word in options.split_list(self.add)]
        entries = [*((word, _SHIPPED) for word in shipped), *self._listed, *added]
        return tokens.stopword_table(entries)
