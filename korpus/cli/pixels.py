"""The size of a picture as it is typed."""

from korpus.errors import UsageError
from korpus.messages import _

_LONGEST_SIDE = 10_000  # pixels


def pixels_of(size: str) -> tuple[int, int]:
    """Width and height of WxH. Raises UsageError."""
    width, _x, height = size.lower().replace("×", "x").partition("x")
    numbers = width.isdecimal() and height.isdecimal() and len(width + height) < 20
    if not (numbers and all(0 < side <= _LONGEST_SIDE for side in map(int, (width, height)))):
        raise UsageError(
            _("--size {size} is not WIDTHxHEIGHT, or too large").format(size=size),
            _("such as --size 1200x800"),
        )
    return int(width), int(height)
