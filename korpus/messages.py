"""How messages look on standard error."""

import logging


def to_stderr(level: int) -> None:
    """Let the messages of korpus of a level and above go to standard error."""
    logger = logging.getLogger("korpus")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("korpus: %(message)s"))
        logger.addHandler(handler)
    logger.setLevel(level)
