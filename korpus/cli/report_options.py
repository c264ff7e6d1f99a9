"""The options of report: what is shown of documents, and models made before."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.options import OUTPUT, STDIN, NotWith, Reads, Writes, split_list
from korpus.cli.outputs import Force, NoClobber
from korpus.messages import listed

if TYPE_CHECKING:
    from korpus.reports import Page

_MOST_NAMES = 3  # of sources, in the title
_MODELS = "Models made before"
_LIST = "corpus, words, keywords, topics, shares, network, trends, neighbours, concordance …"


@dataclass(frozen=True)
class PageOutput:
    """An output of a page; there is no default, as nobody wants one on a terminal."""

    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Page to write: x.html; - is standard output.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
        Writes("page"),
    ]
    title: Annotated[
        str | None,
        typer.Option("--title", help="Title of the page.", rich_help_panel=OUTPUT),
    ] = None
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="ko|en",
            help="Language of the page (default: that of messages).",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="SECTION,…",
            help=f"Only these sections: {_LIST}",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", metavar="SECTION,…", help="All but these.", rich_help_panel=OUTPUT
        ),
    ] = None
    no_clobber: NoClobber = False
    force: Force = False

    def arguments(self, sources: list[str]) -> dict[str, Any]:
        """These options as keyword arguments of `reports.report`; files give the title."""
        return {
            "title": self.title or _title_of(sources),
            "lang": self.lang,
            "only": split_list(self.only),
            "without": split_list(self.without),
        }

    def write(self, page: "Page") -> None:
        """Write a page."""
        from korpus import files

        with files.open_output(self.output) as stream:
            stream.write(page.html.encode())


def _title_of(sources: list[str]) -> str | None:
    """The names of the sources; None for standard input, which has no name."""
    from korpus import files

    if STDIN in sources:
        return None
    names = (Path(files.source_name(source)).absolute().name for source in sources)
    return listed(names, _MOST_NAMES)


@dataclass(frozen=True)
class FittedModels:
    """Models and lists that were made before."""

    lda: Annotated[
        str | None,
        typer.Option(
            "--lda",
            metavar="MODEL",
            help="A topic model: x.safetensors (default: one is fitted).",
            rich_help_panel=_MODELS,
        ),
        Reads(),
    ] = None
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors",
            metavar="MODEL",
            help="Word vectors (default: trained from 100,000 tokens on).",
            rich_help_panel=_MODELS,
        ),
        Reads(),
    ] = None
    lexicon: Annotated[
        str | None,
        typer.Option(
            "--lexicon",
            metavar="FILE",
            help="Words with their polarity: 좋다<TAB>1 (default: learned from ratings).",
            rich_help_panel=_MODELS,
        ),
        Reads(),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """These as keyword arguments of `reports.report`."""
        from korpus import files
        from korpus.models.sentiment import read_lexicon

        return {
            "lda": files.load(self.lda) if self.lda else None,
            "vectors": files.load(self.vectors) if self.vectors else None,
            "lexicon": read_lexicon(files.read_text(self.lexicon)) if self.lexicon else None,
        }


@dataclass(frozen=True)
class Shown:
    """What is counted and compared."""

    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="Compare the words per value of a column: category, rating:1-4,5-7,8-10.",
        ),
    ] = None
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="COLUMN", help="Column with the dates (default: date, 날짜 …)."
        ),
    ] = None
    every: Annotated[
        str | None,
        typer.Option(
            "--every",
            metavar="UNIT",
            help="year, quarter, month, week or day (default: by the time spanned).",
        ),
    ] = None
    rating: Annotated[
        str | None,
        typer.Option(
            "--rating", metavar="COLUMN", help="Column with ratings (default: rating, 평점 …)."
        ),
    ] = None
    k: Annotated[
        int | None,
        typer.Option(
            "-k",
            "--topics",
            metavar="K",
            help="Number of topics (default: 10, fewer for less than 200 documents).",
        ),
        NotWith(("lda",)),
    ] = None
    term: Annotated[
        list[str] | None,
        typer.Option(
            "--term", metavar="WORD,…", help="Words whose shares over time are shown first."
        ),
    ] = None

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `reports.report`."""
        values = {name: getattr(self, name) for name in ("by", "date", "every", "rating", "k")}
        return values | {"term": split_list(self.term)}
