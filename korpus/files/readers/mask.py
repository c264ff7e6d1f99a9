"""A picture whose dark part a word cloud fills."""

from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.files.sources import source_errors
from korpus.messages import _

if TYPE_CHECKING:
    import numpy

_MOST_PIXELS = 50_000_000


def read_mask(path: str) -> "numpy.ndarray":
    """A picture as grey values from 0 to 255, height × width; transparent pixels count as white.

    Raises KorpusError if it cannot be read.
    """
    import numpy
    from PIL import Image, UnidentifiedImageError

    with source_errors(path):
        try:
            file = Image.open(path)
            if file.width * file.height > _MOST_PIXELS:
                raise KorpusError(
                    _("{name}: {width} × {height} pixels are too many").format(
                        name=path, width=f"{file.width:,}", height=f"{file.height:,}"
                    ),
                    _("make it smaller: at most {limit} pixels").format(limit=f"{_MOST_PIXELS:,}"),
                )
            picture = file.convert("RGBA")
        except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
            raise KorpusError(
                _("{name}: not a picture").format(name=path), _("give --mask a PNG or JPEG")
            ) from None
    white = Image.new("RGBA", picture.size, "white")
    return numpy.array(Image.alpha_composite(white, picture).convert("L"))
