"""The options that commands share, each defined once, and what they open."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.errors import NoInput, TokensNeeded, UsageError

if TYPE_CHECKING:
    from korpus.records import Notes, Record
    from korpus.workers.run import Stage

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
Seed = Annotated[
    int,
    typer.Option("--seed", min=0, max=2**32 - 1, help="The same seed gives the same result."),
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
        help="Threads (0: one a core). More are faster, but change the result: so --seed means one "
        "unless you say.",
    ),
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
        more = {"wordcloud": " -o cloud.png", "infer": f" {ctx.params.get('model')}"}
        rest = f"{ctx.info_name}{more.get(str(ctx.info_name), '')}"
        error.hint = f"run: korpus morph {shown} | korpus {rest}"
        raise


def read_tokens(
    ctx: typer.Context, source: str, input_format: str | None, output: str
) -> "Iterator[Record]":
    """The records of a token file. Raises TokensNeeded for plain documents."""
    from korpus.files import read
    from korpus.records import tokenized

    documents = read(check_input(source), input_format=input_format)
    return _checked(tokenized(progress(documents, source, output)), ctx, source)


def _checked(records: "Iterator[Record]", ctx: typer.Context, source: str) -> "Iterator[Record]":
    with tokens_needed(ctx, source):
        yield from records


def progress(records: "Iterable[Record]", source: str, output: str) -> "Iterable[Record]":
    """The records, with a count on standard error where that is a terminal.

    None where the output goes to the terminal too, and of a chain only its first command.
    """
    shares_terminal = output == STDOUT and sys.stdout.isatty()
    if source == STDIN or shares_terminal or not sys.stderr.isatty():
        return records
    if logger.level > logging.INFO:
        return records
    from tqdm import tqdm

    counted: Iterable[Record] = tqdm(records, unit=" documents", unit_scale=True, leave=False)
    return counted


def run_stage(
    stage: "Stage",
    documents: "Iterable[Record]",
    *,
    output: str,
    format: str | None,
    excel: bool = False,
    size: int,
    jobs: int,
    say: "Callable[[Notes], None]",
) -> None:
    """Run a stage that streams, in several processes where that pays, and write what it gives."""
    from korpus import files, workers

    if jobs < 0:
        raise UsageError(f"--jobs {jobs} is less than 0", "0 means one a core")
    encode = files.line_encoder(output, format)
    found = workers.run(stage, documents, size=size, jobs=jobs, encode=encode, say=say)
    if encode:
        files.write_lines(found, output)
    else:
        files.write_records(found, output, format, excel)


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
