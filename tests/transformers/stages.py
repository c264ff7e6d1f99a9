"""What the tests of stages share."""

from collections.abc import Callable

Tiny = Callable[[str], str]
