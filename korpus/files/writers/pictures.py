"""Word clouds as .png and .svg."""

import contextlib
import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.errors import UsageError
from korpus.files.atomic import STDOUT, open_output
from korpus.messages import _
from korpus.pictures import not_a_font

if TYPE_CHECKING:
    from wordcloud import WordCloud

_SUFFIXES = (".png", ".svg")


def write_cloud(cloud: "WordCloud", output: str) -> None:
    """Write a word cloud as .png or .svg, by the suffix; PNG to standard output.

    Raises UsageError for another suffix, KorpusError if it cannot be written.
    """
    check_picture(output)
    try:
        picture = _svg(cloud) if _is_svg(output) else _png(cloud)
    except MemoryError:
        raise
    except Exception as error:  # of any kind, for a damaged font
        raise not_a_font(cloud.font_path, error) from None
    with open_output(output) as stream:
        stream.write(picture)


def _svg(cloud: "WordCloud") -> bytes:
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it lists what it leaves out
    # The glyphs that are used are embedded, so that the picture looks the same anywhere.
    with _fixed_time():
        text: str = cloud.to_svg(embed_font=True)
    return text.encode()


def _png(cloud: "WordCloud") -> memoryview:
    from PIL.PngImagePlugin import PngInfo

    picture, metadata = io.BytesIO(), PngInfo()
    metadata.add_text("Software", "korpus")
    cloud.to_image().save(picture, "PNG", pnginfo=metadata)
    return picture.getbuffer()


def check_picture(output: str) -> None:
    """Raises UsageError if the suffix of a path is not one of a picture."""
    if output != STDOUT and Path(output).suffix.lower() not in _SUFFIXES:
        raise UsageError(
            _("{name}: a picture is .png or .svg").format(name=output), _("such as: picture.png")
        )


def _is_svg(output: str) -> bool:
    return output.lower().endswith(".svg")


@contextlib.contextmanager
def _fixed_time() -> Iterator[None]:
    """Set the variable that gives fontTools the time that it writes into the fonts it subsets."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
