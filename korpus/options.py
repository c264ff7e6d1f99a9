"""The options that commands share, each defined once, and what they open."""

import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.errors import NoInput, TokensNeeded, UsageError

if TYPE_CHECKING:
    from korpus.records import Record
    from korpus.tokens import Part

logger = logging.getLogger("korpus")

STDIN = STDOUT = "-"

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="File or folder: .txt .csv .tsv .jsonl .json .parquet .xlsx, also .gz or .zst; "
        "- is standard input.",
        show_default=False,
    ),
]
Column = Annotated[
    str | None,
    typer.Option(
        "-c",
        "--column",
        help="Column of the text (default: text, document, content, 본문, 내용, 리뷰 …).",
    ),
]
IdColumn = Annotated[
    str | None, typer.Option("--id-column", help="Column of the id (default: id, else row number).")
]
Encoding = Annotated[
    str | None,
    typer.Option("-e", "--encoding", help="Encoding of the input (default: UTF-8, else CP949)."),
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        "--input-format",
        help="txt, csv, tsv, jsonl, json, parquet, xlsx (default: by suffix, else by its start).",
    ),
]
WholeFile = Annotated[
    bool, typer.Option("--whole-file", help="Make each .txt file one document, its name the id.")
]
Output = Annotated[str, typer.Option("-o", "--output", help="File to write; - is standard output.")]
RecordFormat = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        help="jsonl, json, tagged, plain, csv, tsv, parquet or xlsx (default: by suffix; tagged "
        "on a terminal, else jsonl).",
    ),
]
TableFormat = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--format",
        help="csv, tsv, jsonl, json, parquet, xlsx, md or table (default: by suffix; table on a "
        "terminal, else csv).",
    ),
]
Excel = Annotated[
    bool,
    typer.Option("--excel", help="CSV for Excel: with a BOM, and no cell that runs as a formula."),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="No longer needed: existing files are replaced."),
]
Jobs = Annotated[
    int,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Processes for long inputs (0: one a core). Never changes the output.",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout", metavar="SECONDS", help="Set a document aside that takes longer (0: wait)."
    ),
]
Rejects = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="FILE",
        help="Documents that were set aside (default: NAME.rejects.jsonl beside the output).",
    ),
]
Restart = Annotated[
    bool, typer.Option("--restart", help="Start over where a stopped run could go on.")
]
JavaHeap = Annotated[
    str, typer.Option("--java-heap", metavar="SIZE", help="Most memory of Java: 2g (default: 1g).")
]
Top = Annotated[int | None, typer.Option("--top", metavar="N", help="Only the first N terms.")]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        metavar="N",
        min=0,
        max=2**32 - 1,
        help="The same seed gives the same result.",
    ),
]
MinDf = Annotated[
    str,
    typer.Option("--min-df", metavar="N|SHARE", help="Least documents a term is in: 5, or 0.01."),
]
MaxDf = Annotated[
    str,
    typer.Option("--max-df", metavar="N|SHARE", help="Most documents a term is in: 500, or 0.5."),
]
MaxFeatures = Annotated[
    int | None, typer.Option("--max-features", metavar="N", help="Only the N most frequent terms.")
]


Topics = Annotated[int, typer.Option("-k", "--topics", metavar="K", help="How many topics.")]
TopTerms = Annotated[int, typer.Option("--top", metavar="N", help="Terms a topic to print.")]
Updates = Annotated[int, typer.Option("--iterations", metavar="N", help="At most so many updates.")]
KeepModel = Annotated[
    str | None,
    typer.Option("-m", "--model", metavar="FILE", help="Keep the model: x.safetensors."),
]
Documents = Annotated[
    str | None,
    typer.Option("--docs", metavar="FILE", help="Write the documents' topics: x.csv, x.parquet …"),
]
Model = Annotated[
    str, typer.Argument(metavar="MODEL", help="A model file: x.safetensors.", show_default=False)
]
# Of engines whose threads race: each number of them gives another result.
Threads = Annotated[
    int,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Threads (0: one a core). More are faster but change the result, so --seed means one "
        "unless you say.",
    ),
]


def reading(
    column: str | None,
    id_column: str | None,
    encoding: str | None,
    input_format: str | None,
    whole_file: bool,
) -> dict[str, Any]:
    """The options that say how a source is read, by their names."""
    return {
        "column": column,
        "id_column": id_column,
        "encoding": encoding,
        "input_format": input_format,
        "whole_file": whole_file,
    }


def check_input(source: str) -> str:
    """The source; raises NoInput where it would be typed in by hand."""
    if source == STDIN and sys.stdin.isatty():
        raise NoInput("no SOURCE given, and standard input is a terminal")
    return source


def check_outputs(inputs: Iterable[str | None], force: bool, **outputs: str | None) -> None:
    """Check output paths before any work: unique, writable, not an input.

    `inputs`: paths that the command reads. `force`: accepted without effect. `outputs`: paths by
    the names of their options. Raises UsageError and KorpusError.
    """
    from korpus import files

    read = [path for path in inputs if path]
    seen: dict[str, str] = {}
    for name, path in outputs.items():
        if path is None:
            continue
        option = f"--{name}"
        for written in [path, *files.matrix_names(path)]:
            place = written if written == STDOUT else os.path.realpath(written)
            if place in seen:
                shown = "standard output" if written == STDOUT else written
                raise UsageError(
                    f"{seen[place]} and {option} are both {shown}", "give each its own"
                )
            seen[place] = option
            files.check_output(written, read)


@contextmanager
def tokens_needed(ctx: typer.Context, source: str) -> Iterator[None]:
    """Plain documents where tokens are needed: the error names the command to run first."""
    try:
        yield
    except TokensNeeded as error:
        shown = "FILE" if source == STDIN else source
        more = {"wordcloud": " -o cloud.png", "infer": f" {ctx.params.get('model')}"}
        rest = f"{ctx.info_name}{more.get(str(ctx.info_name), '')}"
        error.hint = f"run: korpus morph {shown} | korpus {rest}"
        raise


def read_tokens(
    ctx: typer.Context, source: str, input_format: str | None, output: str
) -> "Iterator[Record]":
    """The records of a token file. Raises TokensNeeded for plain documents."""
    from korpus.records import tokenized
    from korpus.running import documents_of, token_batches

    documents = documents_of(token_batches(source, input_format, output))
    return _checked(tokenized(documents), ctx, source)


def read_counts(
    ctx: typer.Context, source: str, input_format: str | None, output: str, jobs: int
) -> "Iterator[Part]":
    """The records of a token file, counted for a document-term matrix by several processes.

    Raises TokensNeeded for plain documents.
    """
    from korpus.running import run, token_batches
    from korpus.tokens import count_terms

    counted = run(count_terms, token_batches(source, input_format, output), jobs=jobs)
    # The processes start here: once numpy is loaded, with its threads, they could not be forked.
    with tokens_needed(ctx, source):
        first = list(islice(counted, 1))
    return _checked(chain(first, counted), ctx, source)


def _checked(records: "Iterator[Any]", ctx: typer.Context, source: str) -> "Iterator[Any]":
    with tokens_needed(ctx, source):
        yield from records


def split_list(values: list[str] | None) -> list[str]:
    """The items of an option that takes commas and may be repeated."""
    return [item.strip() for value in values or [] for item in value.split(",") if item.strip()]


def number_or_share(option: str, value: str) -> int | float:
    """A number of documents (5) or a share of them (0.05). Raises UsageError."""
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        raise UsageError(
            f"{option} {value} is not a number",
            "5 means five documents, 0.05 five per cent of them",
        ) from None
