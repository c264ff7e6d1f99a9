from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.network_options import NetworkSource
from korpus.cli.outputs import TableOutput


@command
def concor(
    source: NetworkSource,
    out: TableOutput,
    plot: options.Plot,
    blocks: Annotated[
        int, typer.Option("--blocks", metavar="N", help="Number of blocks: 2, 4, 8 …")
    ] = 4,
    density: Annotated[
        str | None,
        typer.Option(
            "--density", metavar="FILE", help="Write the mean weight between blocks: x.csv …"
        ),
        options.Writes("tables"),
    ] = None,
    image: Annotated[
        str | None,
        typer.Option(
            "--image",
            metavar="FILE",
            help="Write the image matrix: 1 for blocks with a density above the network's.",
        ),
        options.Writes("tables"),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus concor tokens.jsonl --blocks 4 --density d.csv -o b.csv"""
    from korpus import files, networks, views

    networks.check_blocks(blocks)
    found = networks.graph_blocks(source.graph(out.output, jobs), blocks)
    for table, path in ((found.density, density), (found.image, image)):
        if path:
            files.write_table(table, path, None, out.excel)
    if plot:
        plot.write(views.plot_blocks(found))
    out.write(found.members)
