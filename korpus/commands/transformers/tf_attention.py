from typing import Annotated

import typer

from korpus.checks import check_choice
from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import NoClobber
from korpus.cli.pixels import pixels_of
from korpus.cli.plots import Dpi
from korpus.cli.transformer_options import ModelOptions


@command
def tf_attention(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="One sentence or two.", show_default=False)
    ],
    transformer: ModelOptions,
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Picture to write: x.html, x.png, x.svg or x.pdf.",
            show_default=False,
        ),
        options.Writes("chart"),
    ],
    layer: Annotated[
        int | None, typer.Option("--layer", metavar="N", help="From 1 (default: the last).")
    ] = None,
    head: Annotated[
        int | None, typer.Option("--head", metavar="N", help="From 1 (default: their mean).")
    ] = None,
    all_heads: Annotated[
        bool, typer.Option("--all-heads", help="A picture of each head of the layer.")
    ] = False,
    rollout: Annotated[
        bool, typer.Option("--rollout", help="Follow attention through all layers up to this one.")
    ] = False,
    chart: Annotated[
        str, typer.Option("--chart", metavar="heat|lines", help="A heat map, or lines.")
    ] = "heat",
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="FILE", help="Write all weights: x.csv, x.xlsx …"),
        options.Writes("tables"),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option("--size", metavar="WxH", help="Width and height in pixels: 900x900."),
    ] = None,
    dpi: Dpi = None,
    no_clobber: NoClobber = False,
) -> None:
    """Example: korpus tf attention '배송이 빨라요' -m MODEL -o a.svg"""
    from korpus import files, views
    from korpus.models import tf

    check_choice("--chart", chart, views.ATTENTION_CHARTS)
    pixels = pixels_of(size) if size else None
    model = transformer.opened(tf.BASE)
    found = tf.tf_attention(
        text,
        model,
        layer=layer,
        head=head,
        all_heads=all_heads,
        rollout=rollout,
        device=transformer.device,
    )
    tf.log_model(model)
    if table:
        files.write_table(found.table, table, None, False)
    files.write_chart(views.plot_attention(found, chart), output, size=pixels, dpi=dpi)
