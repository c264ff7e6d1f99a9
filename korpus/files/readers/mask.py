"""A picture whose dark part a word cloud fills."""

import warnings
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.files.sources import source_errors
from korpus.messages import _

if TYPE_CHECKING:
    import numpy

_MOST_PIXELS = 50_000_000
# Pictures of pixels only. Pillow would start Ghostscript for a picture that holds PostScript.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def read_mask(path: str) -> "numpy.ndarray":
    """A picture as grey values from 0 to 255, height × width; transparent pixels count as white.

    Raises KorpusError if it cannot be read.
    """
    import numpy
    from PIL import Image

    with source_errors(path), warnings.catch_warnings(action="ignore"):
        try:
            file = Image.open(path, formats=_FORMATS)
            if file.width * file.height > _MOST_PIXELS:
                raise KorpusError(
                    _("{name}: {width} × {height} pixels are too many").format(
                        name=path, width=f"{file.width:,}", height=f"{file.height:,}"
                    ),
                    _("make it smaller: at most {limit} pixels").format(limit=f"{_MOST_PIXELS:,}"),
                )
            picture = file.convert("RGBA")
        except (KorpusError, FileNotFoundError, IsADirectoryError, PermissionError, MemoryError):
            raise
        except Exception:  # decoders raise all kinds of errors for damaged pictures
            raise KorpusError(
                _("{name}: not a picture, or a damaged one").format(name=path),
                _("give --mask one of: {formats}").format(formats=", ".join(_FORMATS)),
            ) from None
    white = Image.new("RGBA", picture.size, "white")
    return numpy.array(Image.alpha_composite(white, picture).convert("L"))
