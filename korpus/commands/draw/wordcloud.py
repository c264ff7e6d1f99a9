from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import Source
from korpus.cli.outputs import PictureOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def wordcloud(
    source: Source,
    out: PictureOutput,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="VALUE", help="Draw this group or topic of a table."),
    ] = None,
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Width and height in pixels.")
    ] = "1200x800",
    max_words: Annotated[
        int, typer.Option("--max-words", metavar="N", help="Draw only the N heaviest words.")
    ] = 200,
    mask: Annotated[
        str | None,
        typer.Option("--mask", metavar="IMAGE", help="Draw inside the dark part of a picture."),
        options.Reads(),
    ] = None,
    font: Annotated[
        str | None,
        typer.Option("--font", metavar="FILE", help=".ttf or .otf (default: NanumGothic)."),
        options.Reads(),
    ] = None,
    colormap: Annotated[
        str, typer.Option("--colormap", help="A matplotlib colour map.")
    ] = "viridis",
    background: Annotated[
        str, typer.Option("--background", help="A colour, or transparent.")
    ] = "white",
    seed: options.Seed = 0,
) -> None:
    """Example: korpus morph reviews.csv --pos noun | korpus wordcloud -o cloud.png"""
    from korpus import files, views

    pixels = _pixels(size)
    terms = views.weights(source.rows(), group)
    cloud = views.wordcloud(
        terms,
        size=pixels,
        max_words=max_words,
        mask=files.read_mask(mask) if mask else None,
        font=font,
        colormap=colormap,
        background=background,
        seed=seed,
    )
    files.write_cloud(cloud, out.output)


def _pixels(size: str) -> tuple[int, int]:
    """Width and height of WxH. Raises UsageError."""
    width, _x, height = size.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) * int(height) < 1e8):
        raise UsageError(
            _("--size {size} is not WIDTHxHEIGHT, or too large").format(size=size),
            _("such as --size 1200x800"),
        )
    return int(width), int(height)
