from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.network_options import NETWORK, NetworkSource
from korpus.cli.outputs import NetworkOutput


@command
def network(
    source: NetworkSource,
    out: NetworkOutput,
    plot: options.Plot,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="Words and the values of a column (2-mode); --by id: words and documents. For "
            "networkx save .graphml: it cannot read 2-mode .net.",
            rich_help_panel=NETWORK,
        ),
    ] = None,
    distance: Annotated[
        str,
        typer.Option(
            "--distance",
            help="Between neighbours, for betweenness and closeness: steps (1, as UCINET and Gephi "
            "do) or inverse (1 / weight).",
        ),
    ] = "steps",
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus network tokens.jsonl --top-edges 300 -o words.gexf"""
    from korpus import networks, views

    networks.check_distance(distance)
    graph = source.graph(out.output, jobs, by)
    found = networks.measured(graph, distance=distance, seed=seed)
    if plot:
        plot.write(views.plot_network(found, seed=seed))
    out.write(found)
