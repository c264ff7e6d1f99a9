"""What files and views both need to draw: matplotlib's settings, the error for a bad font."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from korpus.errors import KorpusError
from korpus.messages import _


@contextlib.contextmanager
def own_settings() -> Iterator[None]:
    """Draw with matplotlib's own defaults, not those of a `matplotlibrc` of the user or folder.

    Such a file could change the bytes, or start LaTeX. Labels are text, never formulas ($…$).
    """
    import matplotlib

    settings = {**matplotlib.rcParamsDefault, "svg.hashsalt": "korpus", "text.parse_math": False}
    settings.pop("backend", None)  # setting it would load a window system
    with matplotlib.rc_context(settings):
        yield


def not_a_font(font: str | Path, error: Exception) -> KorpusError:
    """The error for a file that is no font, or a damaged one."""
    return KorpusError(
        _("{path}: not a font ({error})").format(path=font, error=error),
        _("give --font the path of a .ttf or .otf file"),
    )
