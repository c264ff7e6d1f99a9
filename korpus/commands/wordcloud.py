from typing import Annotated

import typer

from korpus import options
from korpus.errors import UsageError


def wordcloud(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", help="Picture to write: .png or .svg; - for a PNG pipe."),
    ] = None,
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Width and height in pixels.")
    ] = "1200x800",
    max_words: Annotated[int, typer.Option("--max-words", metavar="N")] = 200,
    mask: Annotated[
        str | None,
        typer.Option("--mask", metavar="IMAGE", help="Draw inside the dark part of a picture."),
    ] = None,
    font: Annotated[
        str | None,
        typer.Option("--font", metavar="FILE", help=".ttf or .otf (default: NanumGothic)."),
    ] = None,
    colormap: Annotated[
        str, typer.Option("--colormap", help="A matplotlib colour map.")
    ] = "viridis",
    background: Annotated[
        str, typer.Option("--background", help="A colour, or transparent.")
    ] = "white",
    seed: options.Seed = 0,
    input_format: options.InputFormat = None,
    force: options.Force = False,
) -> None:
    """Draw a word cloud (워드 클라우드) in a font that has Korean.

    In: tokens, or a table of korpus freq or tfidf (term and count or tfidf).

    Example: korpus morph reviews.csv --pos noun | korpus wordcloud -o cloud.png
    """
    from korpus import files, views

    if output is None:
        raise UsageError("a word cloud needs a file", "add: -o cloud.png")
    files.check_picture(output)
    options.check_outputs([source, mask, font], force, output=output)
    width, _, height = size.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal() and 0 < int(width) * int(height) < 1e8):
        raise UsageError(
            f"--size {size} is not WIDTHxHEIGHT, or too large", "such as --size 1200x800"
        )
    rows = files.read_rows(options.check_input(source), input_format=input_format)
    with options.tokens_needed(ctx, source):
        terms = views.weights(rows)
    cloud = views.wordcloud(
        terms,
        size=(int(width), int(height)),
        max_words=max_words,
        mask=files.read_mask(mask) if mask else None,
        font=font,
        colormap=colormap,
        background=background,
        seed=seed,
    )
    files.write_cloud(cloud, output)
