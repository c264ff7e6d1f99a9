"""What may reach a terminal, and how messages look on standard error."""

import logging
import re

# Escape sequences in text must not reach the terminal, whole or in part: those that set colours
# and move the cursor, those that carry a text (a title, a link), and all other control characters.
_CONTROL = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


def printable(text: str) -> str:
    """Text without control characters and escape sequences; tabs and line ends stay."""
    return _CONTROL.sub("", text)


def one_line(message: str) -> str:
    """A message without the escape sequences and line ends that data may bring into it."""
    return " ".join(printable(message).splitlines())


def to_stderr(level: int) -> None:
    """Let the messages of korpus of a level and above go to standard error."""
    logger = logging.getLogger("korpus")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_OneLine())
        logger.addHandler(handler)
    logger.setLevel(level)


class _OneLine(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:
        return f"korpus: {one_line(record.message)}"
