"""Option types that several commands share, each defined once."""

import logging
import os
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

import typer

from korpus.cli.marks import NotWith as NotWith
from korpus.cli.marks import OnlyWith as OnlyWith
from korpus.cli.marks import Reads as Reads
from korpus.cli.marks import Writes as Writes
from korpus.cli.marks import WritesTable as WritesTable
from korpus.cli.plots import Plot as Plot
from korpus.errors import UsageError
from korpus.messages import _

STDIN = STDOUT = "-"
INPUT, OUTPUT = "Input", "Output"  # headings of help


logger = logging.getLogger("korpus")

_MOST_JOBS = 512


Column = Annotated[
    list[str] | None,
    typer.Option(
        "-c",
        "--column",
        help="Column of the text (default: text, document, content, 본문, 내용, 리뷰 …). "
        "Repeatable: -c 제목 -c 본문 joins them.",
        rich_help_panel=INPUT,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        "--id-column",
        help="Column of the id (default: id, else the row number).",
        rich_help_panel=INPUT,
    ),
]
ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="Model file: x.safetensors.", show_default=False),
    Reads(),
]
Documents = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Files and folders with documents (default: none).",
        show_default=False,
    ),
    Reads(),
]
WordTable = Annotated[
    str,
    typer.Argument(
        metavar="TABLE",
        help="Word table (단어표): form, tag, score, becomes, drop.",
        show_default=False,
    ),
    Reads(),
]
_OR_KIWI = "Model file: x.safetensors; or kiwi: the word vectors of Kiwi."
VectorsArgument = Annotated[
    str, typer.Argument(metavar="MODEL", help=_OR_KIWI, show_default=False), Reads()
]
ExportVectors = Annotated[
    str | None,
    typer.Option("--export", metavar="FILE", help="Write word2vec's format: x.vec or x.bin."),
    Writes((".vec", ".bin")),
]
ModelFile = Annotated[
    str | None,
    typer.Option("-m", "--model", metavar="FILE", help="Save the model: x.safetensors."),
    Writes((".safetensors",)),
]
Bars = Annotated[
    bool,
    typer.Option("--bars", help="Show bars instead of the table; with -o FILE besides it."),
    NotWith(("format",)),
]
Jobs = Annotated[
    int,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Processes for long inputs (0: one per core). Never changes the output.",
    ),
]
Diff = Annotated[
    bool,
    typer.Option("--diff", help="Show changed texts before and after, and write no documents."),
]
# For engines whose threads race: every number of threads gives another result.
Threads = Annotated[
    int,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Threads (0: one per core). More are faster but change the result; the default, 1, "
        "makes it repeatable.",
    ),
]
Top = Annotated[int | None, typer.Option("--top", metavar="N", help="Show only the first N terms.")]
TopTerms = Annotated[int, typer.Option("--top", metavar="N", help="Terms to show per topic.")]
K = Annotated[int, typer.Option("-k", "--topics", metavar="K", help="Number of topics.")]
Iterations = Annotated[
    int, typer.Option("--iterations", metavar="N", max=1_000_000, help="Maximum number of updates.")
]
CloseGaps = Annotated[
    bool,
    typer.Option(
        "--close-gaps", help="Tokens are neighbours where others between them were removed."
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="N",
        min=0,
        max=2**32 - 1,
        help="Random seed: the same seed gives the same result.",
    ),
]
_BY = (
    "Per value of a column: rating, date:month (year, quarter, week, day), or bins: "
    "rating:1-4,5-7,8-10."
)
By = Annotated[str | None, typer.Option("--by", metavar="COLUMN", help=_BY)]
Grouping = Annotated[str, typer.Option("--by", metavar="COLUMN", help=_BY, show_default=False)]
ByColumns = Annotated[
    list[str] | None, typer.Option("--by", metavar="COLUMN", help=f"{_BY} Repeatable.")
]
Date = Annotated[str, typer.Option("--date", metavar="COLUMN", help="Column with the dates.")]
Every = Annotated[
    str, typer.Option("--every", metavar="UNIT", help="year, quarter, month, week or day.")
]
Order = Annotated[
    list[str] | None,
    typer.Option(
        "--order",
        metavar="VALUE,…",
        help="Order of the values: '전혀 아니다,아니다,보통,그렇다,매우 그렇다' (others follow: "
        "numbers by value, then words).",
    ),
]
Terms = Annotated[
    list[str] | None,
    typer.Option("--term", metavar="WORD,…", help="Only these terms: word or word/TAG."),
]
Concepts = Annotated[
    list[str] | None,
    typer.Option(
        "--concept",
        metavar="COLUMN,…",
        help="Instead of terms: columns with 1 for documents that have a concept.",
    ),
]
MinCount = Annotated[
    int, typer.Option("--min-count", metavar="N", help="Only terms with N occurrences in all.")
]
MinPairCount = Annotated[
    int,
    typer.Option("--min-pair-count", metavar="N", help="Minimum number of times together."),
]
Rejects = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="File for documents and rows that are set aside (default: beside the output, "
        "x.rejects.jsonl for x.jsonl, x.csv-rejects.jsonl for x.csv).",
        rich_help_panel=OUTPUT,
    ),
    Writes((".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst")),
]
JavaHeap = Annotated[
    str, typer.Option("--java-heap", metavar="SIZE", help="Memory limit of Java: 2g (default: 1g).")
]


@dataclass(frozen=True)
class Guarding:
    """Options of commands that may take hours: a limit per document, and how to go on."""

    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Set aside a document that takes more processor time (0: no limit).",
        ),
    ] = 60
    resume: Annotated[
        str,
        typer.Option(
            "--resume",
            metavar="auto|only|never",
            help="Use what a stopped run saved: where the input is the same, only if all is the "
            "same, or never.",
        ),
    ] = "auto"
    restart: Annotated[bool, typer.Option("--restart", help="The same as --resume never.")] = False

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `runner.run_guarded`."""
        return {"timeout": self.timeout, "resume": "never" if self.restart else self.resume}


class Limits(TypedDict):
    """Minimum and maximum document frequency of a term, as the stages take them."""

    min_df: int | float
    max_df: int | float


@dataclass(frozen=True)
class Vocabulary:
    """Options that choose the terms of a document-term matrix."""

    min_df: Annotated[
        str,
        typer.Option(
            "--min-df", metavar="N|SHARE", help="Minimum document frequency: 5 documents, or 0.01."
        ),
    ] = "1"
    max_df: Annotated[
        str,
        typer.Option(
            "--max-df", metavar="N|SHARE", help="Maximum document frequency: 500 documents, or 0.5."
        ),
    ] = "1.0"

    def limits(self) -> Limits:
        """`min_df` and `max_df` as the stages take them. Raises UsageError."""
        return {
            "min_df": number_or_share("--min-df", self.min_df),
            "max_df": number_or_share("--max-df", self.max_df),
        }


def split_list(values: list[str] | None) -> list[str]:
    """The items of an option that takes commas and may be repeated."""
    return [item.strip() for value in values or [] for item in value.split(",") if item.strip()]


def number_or_share(option: str, value: str) -> int | float:
    """A number of documents (5) or a share of them (0.05). Raises UsageError."""
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        raise UsageError(
            _("{option} {value} is not a number").format(option=option, value=value),
            _("5 means five documents, 0.05 five per cent of them"),
        ) from None


def check_jobs(jobs: int) -> None:
    """Raises UsageError for a negative number of processes."""
    if jobs < 0:
        raise UsageError(
            _("--jobs {jobs} is less than 0").format(jobs=jobs), _("0 means one per core")
        )
    if jobs > _MOST_JOBS:
        raise UsageError(
            _("--jobs {jobs} is more than {limit}").format(jobs=jobs, limit=_MOST_JOBS),
            _("0 means one per core"),
        )


def processes(jobs: int) -> int:
    """The number of processes that --jobs means (0: one per core). Raises UsageError.

    More than four per core gain nothing, and the result never depends on their number.
    """
    check_jobs(jobs)
    most = 4 * (os.cpu_count() or 1)
    if jobs > most:
        logger.info(_("--jobs %d: %d processes are enough here"), jobs, most)
    return min(jobs, most)


def threads(jobs: int) -> int:
    """The number of threads that --jobs means. Raises UsageError."""
    check_jobs(jobs)
    return jobs or os.cpu_count() or 1
