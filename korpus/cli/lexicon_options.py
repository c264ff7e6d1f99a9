"""The options of the lexicon of sentiment: given, learned or grown."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from korpus.cli import options


@dataclass(frozen=True)
class LexiconOptions:
    """Where the lexicon comes from, and where it is written."""

    lexicon: Annotated[
        str | None,
        typer.Option("--lexicon", metavar="FILE", help="Words with their polarity: 좋다<TAB>1."),
        options.Reads(),
    ] = None
    learn: Annotated[
        str | None,
        typer.Option(
            "--learn", metavar="COLUMN", help="Learn the lexicon from a column of ratings."
        ),
    ] = None
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors",
            metavar="MODEL",
            help="Grow the lexicon from seed words by word vectors (default: those of Kiwi).",
        ),
        options.Reads(),
    ] = None
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", metavar="WORD,…", help="Seed words of good feelings."),
    ] = None
    negative: Annotated[
        list[str] | None,
        typer.Option("--negative", metavar="WORD,…", help="Seed words of bad feelings."),
    ] = None
    save_lexicon: Annotated[
        str | None,
        typer.Option("--save-lexicon", metavar="FILE", help="Write the lexicon: x.tsv …"),
        options.Writes("tables"),
    ] = None

    @property
    def seeds(self) -> dict[str, list[str]]:
        """The seed words of either side."""
        found = {"positive": self.positive, "negative": self.negative}
        return {name: options.split_list(words) for name, words in found.items()}

    def check(self, by: str) -> None:
        """Raises UsageError for options that exclude each other."""
        from korpus.models import sentiment as room

        seeds = self.seeds.values()
        room.check_sentiment(
            by, self.lexicon is not None, self.learn, self.vectors is not None, *seeds
        )

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `sentiment`."""
        from korpus import files
        from korpus.models import sentiment as room

        return {
            "lexicon": room.read_lexicon(files.read_list(self.lexicon)) if self.lexicon else None,
            "learn": self.learn,
            "vectors": files.load(self.vectors) if self.vectors else None,
            **self.seeds,
        }
