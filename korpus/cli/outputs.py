"""Where commands write: the options that name an output, and the writers behind them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import on_cluster
from korpus.cli.marks import OnlyWith
from korpus.cli.options import OUTPUT, STDIN, STDOUT, ModelFile, TopTerms, Writes, split_list

if TYPE_CHECKING:
    from korpus.models import TopicModel
    from korpus.records import Network, Record, Table

NoClobber = Annotated[
    bool,
    typer.Option("--no-clobber", help="Never replace an existing file.", rich_help_panel=OUTPUT),
]
# Was needed to replace other files than earlier outputs; without effect now.
Force = Annotated[bool, typer.Option("--force", hidden=True)]
Excel = Annotated[
    bool,
    typer.Option(
        "--excel",
        help="CSV for Excel: with a BOM, and no cell that runs as a formula.",
        rich_help_panel=OUTPUT,
    ),
]
_OUTPUT = typer.Option(
    "-o", "--output", help="File to write; - is standard output.", rich_help_panel=OUTPUT
)


@dataclass(frozen=True)
class RecordOutput:
    """An output of records."""

    output: Annotated[str, _OUTPUT, Writes("records")] = STDOUT
    format: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="One of: {record_formats} (default: by suffix; tagged on a terminal, else jsonl).",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    excel: Excel = False
    no_clobber: NoClobber = False
    force: Force = False

    def paths_of(self, groups: Iterable[str], source: str) -> dict[str, str]:
        """A path per group if the name contains {group}, checked; else none."""
        return _paths_of(self.output, groups, [STDIN, source], self.no_clobber)

    def write(self, records: "Iterable[Record]") -> None:
        """Write records, and say how many ids occur again."""
        from korpus import files

        if on_cluster.saved(records, self.output, self.format):
            return
        ids = files.Ids()
        files.write_records(ids.watch(records), self.output, self.format, self.excel)
        ids.log_repeated()

    def run(
        self,
        stage: Callable[..., Any],
        batches: Iterable[Any],
        *,
        jobs: int,
        log_counts: Callable[[Any], None] | None = None,
        check_counts: Callable[[Any], None] | None = None,
        log_ids: bool = False,
    ) -> None:
        """Run a stage that streams, in several processes where that pays, and write its records.

        `log_counts`: logs the stage's counts at the end; without it, or with `log_ids`, repeated
        ids are. `check_counts`: raises KorpusError, before the output is complete, for wrong ones.
        """
        from korpus import files
        from korpus.cli import runner
        from korpus.records import Counts

        if on_cluster.is_elsewhere(batches):
            on_cluster.run_records(
                stage,
                batches,
                output=self.output,
                format=self.format,
                excel=self.excel,
                log_counts=log_counts,
                check_counts=check_counts,
                log_ids=log_counts is None or log_ids,
            )
            return
        counts, ids = Counts(), files.Ids()
        encode = files.line_encoder(self.output, self.format)
        found = runner.run(stage, batches, jobs=jobs, encode=encode, counts=counts)
        if log_counts is None or log_ids:
            found = ids.watch(found)
        if check_counts:
            found = chain(found, _checked(check_counts, counts))
        if encode:
            files.write_lines(found, self.output, self.format)
        else:
            files.write_records(found, self.output, self.format, self.excel)
        if log_counts:
            log_counts(counts)
        if log_counts is None or log_ids:
            ids.log_repeated()


def _paths_of(
    output: str, groups: Iterable[str], sources: list[str], no_clobber: bool
) -> dict[str, str]:
    from korpus import files

    if files.GROUP not in output:
        return {}
    paths = files.paths_of_groups(output, groups)
    for path in paths.values():
        files.check_output(path, sources, no_clobber=no_clobber)
    return paths


def _checked(check: Callable[[Any], None], counts: Any) -> Iterator[Any]:
    check(counts)
    yield from ()


@dataclass(frozen=True)
class TableOutput:
    """An output of a table."""

    output: Annotated[str, _OUTPUT, Writes("tables")] = STDOUT
    format: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="One of: {table_formats} (default: by suffix; table on a terminal, else csv).",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    excel: Excel = False
    no_clobber: NoClobber = False
    force: Force = False

    def write(self, table: "Table", *, bars: bool = False) -> None:
        """Write a table; with `bars` to a file, and bars of its counts to standard output."""
        from korpus import files

        if not bars and on_cluster.saved(table, self.output, self.format):
            return
        if bars:
            files.write_bars(table, "count")
        if not bars or self.output != STDOUT:
            files.write_table(table, self.output, self.format, self.excel)


@dataclass(frozen=True)
class NetworkOutput:
    """The outputs of a network: its edges or a file of a network program, and tables."""

    output: Annotated[str, _OUTPUT, Writes("networks")] = STDOUT
    format: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="One of: {network_formats} (default: by suffix; .net is Pajek; table on a "
            "terminal, else csv, of the edges).",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    nodes: Annotated[
        str | None,
        typer.Option(
            "--nodes",
            metavar="FILE",
            help="Write the nodes with their centralities: x.csv, x.xlsx …",
            rich_help_panel=OUTPUT,
        ),
        Writes("tables"),
    ] = None
    summary: Annotated[
        str | None,
        typer.Option(
            "--summary",
            metavar="FILE",
            help="Write the measures of the whole network: x.csv, x.xlsx …",
            rich_help_panel=OUTPUT,
        ),
        Writes("tables"),
    ] = None
    excel: Excel = False
    no_clobber: NoClobber = False
    force: Force = False

    def write(self, network: "Network") -> None:
        """Write the tables that were asked for, and the network."""
        from korpus import files

        for table, path in ((network.nodes, self.nodes), (network.summary, self.summary)):
            if path:
                files.write_table(table, path, None, self.excel)
        files.write_network(network, self.output, self.format, self.excel)


@dataclass(frozen=True)
class PictureOutput:
    """An output of a picture; there is no default, as nobody wants one on a terminal."""

    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Picture to write: .png, .svg or .pdf; - is standard output, as PNG. {group} in "
            "the name: one file per group.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
        Writes("picture"),
    ]
    no_clobber: NoClobber = False
    force: Force = False

    def paths_of(self, groups: Iterable[str], source: str) -> dict[str, str]:
        """A path per group if the name contains {group}, checked; else none."""
        return _paths_of(self.output, groups, [source], self.no_clobber)


@dataclass(frozen=True)
class ModelOutput:
    """Models only: files named by their own options."""

    no_clobber: NoClobber = False
    force: Force = False


@dataclass(frozen=True)
class TopicOutput(TableOutput):
    """The outputs of a command that fits a topic model: terms of topics, model, documents."""

    top: TopTerms = 10
    model: ModelFile = None
    documents: Annotated[
        str | None,
        typer.Option(
            "--documents",
            "--docs",
            metavar="FILE",
            help="Write the topics of each document: x.csv, x.parquet …",
        ),
        Writes("tables"),
    ] = None
    wide: Annotated[
        bool,
        typer.Option(
            "--wide",
            help="In --documents, one row per document: the dominant topic, and a column per "
            "topic.",
        ),
        OnlyWith("documents"),
    ] = False
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="COLUMN,…",
            help="Columns of the documents to keep in the model, for topics effects and topics "
            "trend, and in --documents.",
        ),
    ] = None

    def __post_init__(self) -> None:
        from korpus.tokens import check_top

        check_top(self.top)

    def columns(self) -> list[str]:
        """The columns of the documents to keep."""
        return split_list(self.keep)

    def write_model(self, fitted: "TopicModel", terms: "Table | None" = None) -> None:
        """Write the model, the topics of its documents and the terms of its topics."""
        from korpus import files

        if self.model:
            fitted.save(self.model)
        if self.documents:
            shares = fitted.documents_table(wide=self.wide)
            files.write_table(shares, self.documents, None, self.excel)
        self.write(terms or fitted.topic_terms(top=self.top))
