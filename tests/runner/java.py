"""A Java that starts fast."""

from functools import wraps
from typing import Any

import jpype


def start_java_fast(*more: str) -> None:
    """Java in this process and its forks compiles little, which pays in runs of a few seconds.

    `more`: other options for it, which come last and so count.
    """
    start = jpype.startJVM

    @wraps(start)
    def start_fast(*arguments: str, **options: Any) -> None:
        start(*arguments, "-XX:TieredStopAtLevel=1", *more, **options)

    jpype.startJVM = start_fast
