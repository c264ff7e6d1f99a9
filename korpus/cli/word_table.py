"""The options of a word table (단어표)."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli import options

if TYPE_CHECKING:
    from korpus.analyzers import WordTable
    from korpus.records import Counts


@dataclass(frozen=True)
class WordTableOptions:
    """A word table to apply, and a report on what it did."""

    words: Annotated[
        str | None,
        typer.Option(
            "--words",
            metavar="FILE",
            help="Word table (단어표) with form, tag, becomes, drop: words to keep whole, merge, "
            "remove.",
        ),
        options.Reads(),
    ] = None
    words_report: Annotated[
        str | None,
        typer.Option(
            "--words-report",
            metavar="FILE",
            help="Save how often each word of the table was kept whole, merged and dropped.",
        ),
        options.Writes("tables"),
    ] = None

    @cached_property
    def table(self) -> "WordTable | None":
        """The word table, if one was given."""
        from korpus import analyzers, files
        from korpus.errors import UsageError
        from korpus.messages import _

        if self.words is None:
            if self.words_report is not None:
                raise UsageError(_("--words-report is for --words"), _("add --words FILE"))
            return None
        return analyzers.word_table(files.read_table(self.words))

    def log_counts(self, analyzer: str, join: list[str], counts: "Counts") -> None:
        """Log what morph counted, and write the report."""
        from korpus import analyzers, files

        analyzers.log_counts(counts, self.table, join)
        if self.table and self.words_report:
            report = analyzers.words_report(self.table, counts, analyzer)
            files.write_table(report, self.words_report, None, False)
