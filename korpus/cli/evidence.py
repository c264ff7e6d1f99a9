"""Texts with the words that speak for a class or a feeling, and against it, in colours."""

import os
import sys
from collections.abc import Iterable

import typer

from korpus.cli.options import STDOUT
from korpus.messages import printable

_STRONG = 0.5  # of the heaviest word of a text: words above are bold


# A line about a text, the text, and the places in it that weigh: start, end, weight.
Evidence = tuple[str, str, list[tuple[int, int, float]]]


def is_wanted(output: str, format: str | None) -> bool:
    """Whether a reader at a terminal gets texts instead of a table."""
    return output == STDOUT and format is None and sys.stdout.isatty()


def write(texts: Iterable[Evidence]) -> None:
    """Write each text on the terminal: green for weights above 0, red for others.

    Without colours (NO_COLOR) words have marks: +good+ and -bad-.
    """
    from korpus import files

    colours = not os.environ.get("NO_COLOR")
    with files.open_output(STDOUT) as stream:
        for heading, text, places in texts:
            shown = f"{printable(heading)}\n{_shown(text, places, colours)}\n\n"
            stream.write(shown.encode(sys.stdout.encoding or "utf-8", "replace"))


def _shown(text: str, places: list[tuple[int, int, float]], colours: bool) -> str:
    most = max((abs(weight) for _start, _end, weight in places), default=0)
    pieces, done = [], 0
    for start, end, weight in sorted(places):
        pieces.append(_plain(text[done:start]))
        done = end
        share = abs(weight) / most if most else 0
        word = _plain(text[start:end])
        if share < 0.1:
            pieces.append(word)
        elif colours:
            colour = "green" if weight > 0 else "red"
            pieces.append(typer.style(word, fg=colour, bold=share >= _STRONG))
        else:
            mark = "+" if weight > 0 else "-"
            pieces.append(f"{mark}{word}{mark}")
    return "".join([*pieces, _plain(text[done:])])


def _plain(text: str) -> str:
    return " ".join(printable(text).splitlines()) if "\n" in text else printable(text)
