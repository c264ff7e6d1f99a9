"""The options that make a network, for all commands that take tokens or an edge list."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.inputs import TokenSource

if TYPE_CHECKING:
    from korpus.networks import Graph

NETWORK = "Network"  # the heading of help


@dataclass(frozen=True)
class NetworkSource(TokenSource):
    """A source of tokens or of an edge list, and how it becomes a network."""

    edges: Annotated[
        bool,
        typer.Option(
            "--edges",
            help="SOURCE is an edge list: source, target and maybe weight.",
            rich_help_panel=NETWORK,
        ),
    ] = False
    directed: Annotated[
        bool,
        typer.Option("--directed", help="Edges go from source to target.", rich_help_panel=NETWORK),
    ] = False
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit",
            help="What two words share: document (the default), sentence, paragraph or window.",
            rich_help_panel=NETWORK,
        ),
    ] = None
    window: Annotated[
        int | None,
        typer.Option(
            "-w",
            "--window",
            metavar="N",
            help="Unit window: at most N tokens apart in one sentence (default: 5).",
            rich_help_panel=NETWORK,
        ),
    ] = None
    weight: Annotated[
        str,
        typer.Option(
            "--weight",
            help="count, pmi, npmi, cosine, jaccard, dice or g2.",
            rich_help_panel=NETWORK,
        ),
    ] = "count"
    min_count: Annotated[
        int,
        typer.Option(
            "--min-count", metavar="N", help="Minimum frequency of words.", rich_help_panel=NETWORK
        ),
    ] = 1
    top_nodes: Annotated[
        int | None,
        typer.Option(
            "--top-nodes",
            metavar="N",
            help="The N most frequent words (default: 100); of an edge list the nodes with the "
            "most weight (default: all). 0: all.",
            rich_help_panel=NETWORK,
        ),
    ] = None
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="WEIGHT",
            help="Keep edges of this weight or more.",
            rich_help_panel=NETWORK,
        ),
    ] = None
    top_edges: Annotated[
        int | None,
        typer.Option(
            "--top-edges", metavar="N", help="Keep the N strongest edges.", rich_help_panel=NETWORK
        ),
    ] = None
    backbone: Annotated[
        float | None,
        typer.Option(
            "--backbone",
            metavar="ALPHA",
            help="Keep edges that the disparity filter finds significant: 0.05.",
            rich_help_panel=NETWORK,
        ),
    ] = None

    def graph(self, output: str, jobs: int, by: str | None = None) -> "Graph":
        """The network. `by`: a column whose values are the second kind of nodes."""
        from korpus import networks

        options: dict[str, Any] = {
            "edges": self.edges,
            "directed": self.directed,
            "by": by,
            "unit": self.unit,
            "window": self.window,
            "weight": self.weight,
            "min_count": self.min_count,
            "top_nodes": self.top_nodes,
            "threshold": self.threshold,
            "top_edges": self.top_edges,
            "backbone": self.backbone,
        }
        networks.check_options(**options)
        return networks.network_graph(self._items(output, jobs, by), **options)

    def _items(self, output: str, jobs: int, by: str | None) -> Any:
        """Rows of an edge list, documents, or tokens with their places, by several processes."""
        from korpus.records import RecordStream

        if self.edges:
            return RecordStream.from_iterable([self.rows()])
        if by is not None:
            return self.records(output)
        from korpus import networks
        from korpus.tokens.placed import place_terms

        unit, _width = networks.unit_and_window(self.unit, self.window)
        return self.parts(partial(place_terms, unit=unit), output, jobs)
