"""What reading documents logs on the machines of a cluster, for the user to see."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger("korpus")

Log = tuple[int, str]  # level and message


class _Collector(logging.Handler):
    def __init__(self, found: list[Log]) -> None:
        super().__init__()
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        self._found.append((record.levelno, record.getMessage()))


@contextmanager
def logged(found: list[Log]) -> Iterator[None]:
    """Add to `found` what is logged meanwhile."""
    collector = _Collector(found)
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)


def log_again(logs: list[Log]) -> None:
    """Log what was logged elsewhere."""
    for level, message in logs:
        logger.log(level, "%s", message)
