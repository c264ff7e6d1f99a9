"""Fonts that have Korean: NanumGothic comes along, another one is checked before drawing."""

import struct
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from korpus.errors import KorpusError


def default_font() -> Path:
    """NanumGothic, out of koreanize-matplotlib's package data (SIL Open Font License)."""
    spec = find_spec("koreanize_matplotlib")  # found, not imported: importing it loads matplotlib
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    font = folder / "fonts" / "NanumGothic.ttf"
    if not font.is_file():
        raise KorpusError(
            "the font NanumGothic is missing",
            "run: pip install --force-reinstall koreanize-matplotlib, or give --font FILE",
        )
    return font


def check_glyphs(font: Path, words: Iterable[str]) -> None:
    """Raises KorpusError, naming characters, where a font cannot draw all of the words."""
    from fontTools.ttLib import TTFont, TTLibError

    if not font.is_file():
        raise KorpusError(f"{font}: no such font file", "give --font the path of a .ttf or .otf")
    try:
        known = TTFont(font, fontNumber=0, lazy=True).getBestCmap() or {}
    except (TTLibError, OSError, AssertionError, struct.error) as error:
        raise KorpusError(
            f"{font}: not a font ({error})", "give --font the path of a .ttf or .otf"
        ) from None
    missing: dict[str, str] = {}
    for word in words:
        for char in word:
            if ord(char) not in known and not char.isspace():
                missing.setdefault(char, word)
    if missing:
        shown = ", ".join(f"{char} (in {word})" for char, word in list(missing.items())[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise KorpusError(
            f"{font.name} has no glyph for {shown}{more}: they would be drawn as empty boxes",
            "give --font a font that has them, or remove these words: "
            f"korpus stopwords --add {' --add '.join(dict.fromkeys(missing.values()))}"[:300],
        )
