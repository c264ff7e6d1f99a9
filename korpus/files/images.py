"""Pictures in and out."""

import contextlib
import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import STDOUT, open_output
from korpus.files.earlier import MARK, SVG_MARK
from korpus.files.streams import reading

if TYPE_CHECKING:
    import numpy
    from matplotlib.figure import Figure
    from wordcloud import WordCloud

_MOST_PIXELS = 50_000_000


def read_mask(path: str) -> "numpy.ndarray":
    """A picture as grey values 0–255; what is transparent counts as white.

    Raises KorpusError where it cannot be read.
    """
    import numpy
    from PIL import Image, UnidentifiedImageError

    with reading(path):
        try:
            file = Image.open(path)
            if file.width * file.height > _MOST_PIXELS:
                raise KorpusError(
                    f"{path}: {file.width:,} × {file.height:,} pixels are too many",
                    f"make it smaller: {_MOST_PIXELS:,} at most",
                )
            picture = file.convert("RGBA")
        except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
            raise KorpusError(f"{path}: not a picture", "give --mask a PNG or JPEG") from None
    white = Image.new("RGBA", picture.size, "white")
    return numpy.array(Image.alpha_composite(white, picture).convert("L"))


def write_cloud(cloud: "WordCloud", output: str) -> None:
    """Write a word cloud as .png or .svg, by the suffix; PNG to standard output.

    Raises UsageError for another suffix, KorpusError where it cannot be written.
    """
    check_picture(output)
    with open_output(output) as stream:
        if output.lower().endswith(".svg"):
            logging.getLogger("fontTools").setLevel(logging.ERROR)  # it says what it leaves out
            # The glyphs that are used go with the picture, so that it looks the same anywhere.
            with _fixed_time():
                stream.write(_marked(cloud.to_svg(embed_font=True).encode()))
        else:
            from PIL.PngImagePlugin import PngInfo

            picture, said = io.BytesIO(), PngInfo()
            said.add_text("Software", MARK)
            cloud.to_image().save(picture, "PNG", pnginfo=said)
            stream.write(picture.getbuffer())


def write_figure(figure: "Figure", output: str) -> None:
    """Write a matplotlib figure as .png or .svg, by the suffix; PNG to standard output.

    The same figure gives the same bytes. Raises as write_cloud does.
    """
    import matplotlib

    check_picture(output)
    is_svg = output.lower().endswith(".svg")
    picture = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "korpus"}):
        figure.savefig(
            picture,
            format="svg" if is_svg else "png",
            metadata={"Date": None} if is_svg else {"Software": MARK},
        )
    with open_output(output) as stream:
        stream.write(_marked(picture.getvalue()) if is_svg else picture.getbuffer())


def _marked(svg: bytes) -> bytes:
    return svg.replace(b"<svg", SVG_MARK.encode() + b"\n<svg", 1)


@contextlib.contextmanager
def _fixed_time() -> Iterator[None]:
    """fontTools stamps the fonts it cuts with the time, unless this variable says which."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]


def check_picture(output: str) -> None:
    """Raises UsageError where a path names no format that write_cloud has."""
    if output != STDOUT and Path(output).suffix.lower() not in (".png", ".svg"):
        raise UsageError(f"{output}: a picture is .png or .svg", "such as: picture.png")
