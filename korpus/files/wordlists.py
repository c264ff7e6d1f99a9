"""Word lists: one entry a line, `#` starts a comment."""

from pathlib import Path

from korpus.errors import KorpusError
from korpus.files.rows import whole_text
from korpus.files.streams import open_source, source_name


def read_wordlist(path: str) -> list[str]:
    """The entries of a word list in UTF-8 or CP949, without comments and blank lines.

    Raises KorpusError where it cannot be read.
    """
    if not Path(path).exists() and path != "-":
        raise KorpusError(
            f"{path}: no such word list", "give --list ko, or the path of a text file"
        )
    with open_source(path) as stream:
        return entries(whole_text(stream, source_name(path), None))


def entries(text: str) -> list[str]:
    """The entries in the text of a word list."""
    lines = (line.split(" #")[0].strip() for line in text.lstrip("\ufeff").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
