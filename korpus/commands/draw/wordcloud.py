from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import Source
from korpus.cli.outputs import PictureOutput
from korpus.cli.pixels import pixels_of
from korpus.errors import UsageError
from korpus.messages import _

_SIZE, _IN_GRID = (1200, 800), (600, 400)  # of a cloud, in pixels


@command
def wordcloud(
    source: Source,
    out: PictureOutput,
    by: options.By = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="VALUE", help="Draw only this group or topic of a table."),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            "--size",
            metavar="WxH",
            help="Width and height of each cloud in pixels (default: 1200x800, in a grid 600x400).",
        ),
    ] = None,
    max_words: Annotated[
        int, typer.Option("--max-words", metavar="N", max=10_000, help="Only the N heaviest words.")
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
        str, typer.Option("--colormap", help="korpus (that of charts), or one of matplotlib.")
    ] = "korpus",
    background: Annotated[
        str, typer.Option("--background", help="A colour, or transparent.")
    ] = "white",
    horizontal: Annotated[bool, typer.Option("--horizontal", help="No upright words.")] = False,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus morph reviews.csv --pos noun | korpus wordcloud -o cloud.png"""
    from korpus import files, tokens, views

    pixels = pixels_of(size) if size else None
    rows = iter(tokens.freq(source.rows(), by=by)) if by else source.rows()
    groups = views.group_weights(rows, group, by=by)
    paths = out.paths_of(groups.weights, source.source)
    if paths and groups.column is None:
        raise UsageError(
            _("{output}: the input has no groups").format(output=out.output),
            _("give the column of the groups: --by COLUMN"),
        )
    is_grid = not paths and len(groups.weights) > 1
    pixels = pixels or (_IN_GRID if is_grid else _SIZE)
    if is_grid:
        views.check_grid(len(groups.weights), pixels)
    draw = partial(
        views.wordcloud,
        size=pixels,
        max_words=max_words,
        mask=files.read_mask(mask) if mask else None,
        font=font,
        colormap=colormap,
        background=background,
        horizontal=horizontal,
        seed=seed,
    )
    clouds = {value: draw(weights) for value, weights in groups.weights.items()}
    if is_grid:
        titled = {views.title(groups, value): cloud for value, cloud in clouds.items()}
        files.write_cloud(views.grid(titled), out.output)
        return
    for value, cloud in clouds.items():
        files.write_cloud(cloud, paths.get(value, out.output))
