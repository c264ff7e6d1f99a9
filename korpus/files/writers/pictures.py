"""Word clouds as .png, .svg and .pdf."""

import contextlib
import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.errors import UsageError
from korpus.files.atomic import STDOUT, open_output
from korpus.files.writers.charts import to_pdf
from korpus.messages import _
from korpus.pictures import not_a_font

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer
    from wordcloud import WordCloud


def write_cloud(cloud: "WordCloud", output: str) -> None:
    """Write a word cloud as .png, .svg or .pdf, by the suffix; PNG to standard output.

    Raises UsageError for another suffix, KorpusError if it cannot be written.
    """
    check_picture(output)
    try:
        picture = _WRITERS[".png" if output == STDOUT else Path(output).suffix.lower()](cloud)
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


def _pdf(cloud: "WordCloud") -> bytes:
    """The fonts that are used are embedded; words can be searched and copied."""
    return to_pdf(cloud.to_svg(), Path(cloud.font_path).parent)


def _png(cloud: "WordCloud") -> memoryview:
    from PIL.PngImagePlugin import PngInfo

    picture, metadata = io.BytesIO(), PngInfo()
    metadata.add_text("Software", "korpus")
    cloud.to_image().save(picture, "PNG", pnginfo=metadata)
    return picture.getbuffer()


def check_picture(output: str) -> None:
    """Raises UsageError if the suffix of a path is not one of a picture."""
    if output != STDOUT and Path(output).suffix.lower() not in _WRITERS:
        raise UsageError(
            _("{name}: a picture is .png, .svg or .pdf").format(name=output),
            _("such as: picture.png"),
        )


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


_WRITERS: "dict[str, Callable[[WordCloud], Buffer]]" = {".png": _png, ".svg": _svg, ".pdf": _pdf}
