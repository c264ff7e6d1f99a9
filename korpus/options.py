"""The options that commands share, each defined once, and what they open."""

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.errors import NoInput, TokensNeeded, UsageError

if TYPE_CHECKING:
    from korpus.files import Place, Seen
    from korpus.records import Notes, Record
    from korpus.tokens import Part
    from korpus.workers.run import Batch, Encode, Stage

STDIN = STDOUT = "-"
_TOKEN_BATCH = 1 << 17  # characters
_BAR = "{n_fmt}B of {total_fmt}B{postfix}, {remaining} left"

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
Jobs = Annotated[
    int,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Processes for long inputs (0: one a core). Never changes the output.",
    ),
]
Top = Annotated[int | None, typer.Option("--top", metavar="N", help="Only the first N terms.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same result.")]
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


def check_input(source: str) -> str:
    """The source; raises NoInput where it would be typed in by hand."""
    if source == STDIN and sys.stdin.isatty():
        raise NoInput("no SOURCE given, and standard input is a terminal")
    return source


@contextmanager
def tokens_needed(ctx: typer.Context, source: str) -> Iterator[None]:
    """Plain documents where tokens are needed: the error names the command to run first."""
    try:
        yield
    except TokensNeeded as error:
        shown = "FILE" if source == STDIN else source
        picture = " -o cloud.png" if ctx.info_name == "wordcloud" else ""
        error.hint = f"run: korpus morph {shown} | korpus {ctx.info_name}{picture}"
        raise


def batches(source: str, output: str, *, size: int, **reading: Any) -> "Iterator[Batch | None]":
    """A source in batches for `run`, with progress on a terminal; see `files.read_batches`."""
    return _batches(check_input(source), output, size, reading)


def _batches(
    source: str, output: str, size: int, reading: dict[str, Any]
) -> "Iterator[Batch | None]":
    from korpus import files

    with _progress(source, output) as seen:
        yield from files.read_batches(source, size=size, seen=seen, **reading)


def token_batches(source: str, input_format: str | None, output: str) -> "Iterator[Batch | None]":
    """A token file in batches for `run`."""
    return batches(source, output, size=_TOKEN_BATCH, input_format=input_format)


def documents_of(batches: "Iterable[Batch | None]") -> "Iterator[Record]":
    """The documents of batches, for what runs in this process alone."""
    from korpus import files

    return chain.from_iterable(files.documents(batch) for batch in batches if batch is not None)


def read_tokens(
    ctx: typer.Context, source: str, input_format: str | None, output: str
) -> "Iterator[Record]":
    """The records of a token file. Raises TokensNeeded for plain documents."""
    from korpus.records import tokenized

    documents = documents_of(token_batches(source, input_format, output))
    return _checked(tokenized(documents), ctx, source)


def read_counts(
    ctx: typer.Context, source: str, input_format: str | None, output: str, jobs: int
) -> "Iterator[Part]":
    """The records of a token file, counted for a document-term matrix by several processes.

    Raises TokensNeeded for plain documents.
    """
    from korpus.tokens import count_terms

    counted = run(count_terms, token_batches(source, input_format, output), jobs=jobs)
    # The processes start here: once numpy is loaded, with its threads, they could not be forked.
    with tokens_needed(ctx, source):
        first = list(islice(counted, 1))
    return _checked(chain(first, counted), ctx, source)


def _checked(records: "Iterator[Any]", ctx: typer.Context, source: str) -> "Iterator[Any]":
    with tokens_needed(ctx, source):
        yield from records


@contextmanager
def _progress(source: str, output: str) -> "Iterator[Seen | None]":
    """What shows the documents and bytes that it is told of, where standard error is a terminal.

    None where the output goes to the terminal too, and of a chain only its first command.
    """
    shares_terminal = output == STDOUT and sys.stdout.isatty()
    wanted = source != STDIN and not shares_terminal and sys.stderr.isatty()
    if not wanted or logging.getLogger("korpus").level > logging.INFO:
        yield None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep worker processes from being forked
    documents = 0
    with tqdm(unit_scale=True, leave=False, bar_format=_BAR) as bar:

        def seen(more: int, place: "Place | None") -> None:
            nonlocal documents
            documents += more
            rate = documents / max(bar.format_dict["elapsed"], 0.001)
            bar.set_postfix_str(f"{documents:,} documents, {rate:,.0f} a second", refresh=False)
            bar.total = place.of if place else None
            bar.update(place.at - bar.n if place else 0)

        yield seen


def run_stage(
    stage: "Stage",
    batches: "Iterable[Batch | None]",
    *,
    output: str,
    format: str | None,
    excel: bool = False,
    jobs: int,
    notes: "Notes",
) -> None:
    """Run a stage that streams, in several processes where that pays, and write what it gives."""
    from korpus import files

    encode = files.line_encoder(output, format)
    found = run(stage, batches, jobs=jobs, encode=encode, notes=notes)
    if encode:
        files.write_lines(found, output)
    else:
        files.write_records(found, output, format, excel)


def run(
    stage: "Stage",
    batches: "Iterable[Batch | None]",
    *,
    jobs: int,
    encode: "Encode | None" = None,
    notes: object = None,
) -> "Iterator[Any]":
    """What a stage gives for the batches of a source; see `workers.run`."""
    from korpus import files, workers

    if jobs < 0:
        raise UsageError(f"--jobs {jobs} is less than 0", "0 means one a core")
    return workers.run(
        stage, batches, jobs=jobs, decode=files.documents, encode=encode, notes=notes
    )


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
