"""Fonts with Korean glyphs: whether a font can draw all words."""

from collections.abc import Iterable
from pathlib import Path

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.pictures import not_a_font

_MOST_NAMED = 8  # missing characters named in a message


def check_glyphs(font: Path, words: Iterable[str]) -> None:
    """Raise KorpusError, naming the characters, if a font lacks glyphs for some of the words."""
    from fontTools.ttLib import TTFont

    if not font.is_file():
        raise KorpusError(
            _("{path}: no such font file").format(path=font),
            _("give --font the path of a .ttf or .otf file"),
        )
    try:
        known = TTFont(font, fontNumber=0, lazy=True).getBestCmap() or {}
    except Exception as error:  # of any kind, for a damaged font
        raise not_a_font(font, error) from None
    missing: dict[str, str] = {}
    for word in words:
        for char in word:
            if ord(char) not in known and not char.isspace():
                missing.setdefault(char, word)
    if missing:
        named = [
            _("{char} (in {word})").format(char=char, word=word)
            for char, word in list(missing.items())[:_MOST_NAMED]
        ]
        if len(missing) > _MOST_NAMED:
            named.append(_("{count} more").format(count=len(missing) - _MOST_NAMED))
        command = f"korpus stopwords --add {' --add '.join(dict.fromkeys(missing.values()))}"
        raise KorpusError(
            _("{font} has no glyph for {characters}: they would be drawn as empty boxes").format(
                font=font.name, characters=", ".join(named)
            ),
            _("give --font a font that has them, or remove these words: {command}").format(
                command=command[:240]
            ),
        )
