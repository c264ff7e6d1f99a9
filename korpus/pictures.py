"""What files and views both need to draw: the font, matplotlib's settings, the error for a font."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError
from korpus.messages import _

FONT = "NanumGothic"  # the family of `default_font`


def default_font() -> Path:
    """NanumGothic, from the package data of koreanize-matplotlib (SIL Open Font License)."""
    spec = find_spec("koreanize_matplotlib")  # not imported, as that would load matplotlib
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    font = folder / "fonts" / f"{FONT}.ttf"
    if not font.is_file():
        raise KorpusError(
            _("the font NanumGothic is missing"),
            _("run: pip install --force-reinstall koreanize-matplotlib, or give --font FILE"),
        )
    return font


def missing_glyphs(text: str) -> list[str]:
    """The characters of a text that the default font lacks, sorted; white space needs no glyph."""
    known = _characters()
    return sorted(char for char in set(text) if ord(char) not in known and not char.isspace())


def open_default_font() -> Any:
    """The default font as fontTools reads it.

    Its glyphs are called by their numbers. The file has no names of them, and those that fontTools
    makes of 17,000 characters take a quarter of the time of cutting the font down. The bounds of
    glyphs are those in the file: to compute them takes a third of it.
    """
    from fontTools.ttLib import TTFont

    font = TTFont(default_font(), recalcTimestamp=False, recalcBBoxes=False)
    font.setGlyphOrder([f"glyph{number}" for number in range(font["maxp"].numGlyphs)])
    return font


@cache
def _characters() -> frozenset[int]:
    return frozenset(open_default_font().getBestCmap())


def not_a_font(font: str | Path, error: Exception) -> KorpusError:
    """The error for a file that is no font, or a damaged one."""
    return KorpusError(
        _("{path}: not a font ({error})").format(path=font, error=error),
        _("give --font the path of a .ttf or .otf file"),
    )
