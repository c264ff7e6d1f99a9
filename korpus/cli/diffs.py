"""Show texts before and after a command: coloured on a terminal, with marks elsewhere."""

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from korpus.cli.options import STDOUT
from korpus.cli.rejects import collect
from korpus.errors import UsageError
from korpus.messages import _, printable
from korpus.records import RecordStream

if TYPE_CHECKING:
    from korpus.cli.inputs import DocumentReading
    from korpus.documents import Change

_BESIDE = 30  # characters of unchanged text beside a change
_MARKS = {"red": ("[-", "-]"), "green": ("{+", "+}")}


def write(changes: "Iterable[Change]", output: str) -> None:
    """Write changed texts, each before (-) and after (+). Raises UsageError for a file."""
    from korpus import files

    if output != STDOUT:
        raise UsageError(
            _("--diff shows changes and writes no documents"), _("leave -o out, or write > FILE")
        )
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    with files.open_output(output) as stream:
        for change in changes:
            lines = (
                _("document %s") % printable(change.id),
                "- " + _shown(change.before, "red", colours),
                "+ " + _shown(change.after, "green", colours),
                "",
            )
            stream.write("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))


def write_of(
    stage: Callable[..., Any], reading: "DocumentReading", sources: list[str], output: str
) -> None:
    """Write the texts of sources that a stage changes. What it rejects is set aside."""
    from korpus import documents

    found = RecordStream.from_iterable([reading.documents(sources, output)])
    changes = documents.changes_by(
        partial(stage, rejects=collect), RecordStream.from_iterable([found])
    )
    write(changes, output)


def _shown(pieces: list[tuple[str, bool]], colour: str, colours: bool) -> str:
    shown = []
    for at, (text, is_changed) in enumerate(pieces):
        if not is_changed:
            shown.append(_visible(_cut(text, at > 0, at < len(pieces) - 1)))
        elif colours:
            # A background, as a space has no colour of its own.
            style = (
                {"bg": colour, "fg": "white"} if text.isspace() else {"fg": colour, "bold": True}
            )
            shown.append(typer.style(_visible(text), **style))
        else:
            opening, closing = _MARKS[colour]
            shown.append(f"{opening}{_visible(text)}{closing}")
    return "".join(shown)


def _cut(text: str, is_after: bool, is_before: bool) -> str:
    """Unchanged text, only what is near a change."""
    start = text[:_BESIDE] if is_after else ""
    end = text[-_BESIDE:] if is_before else ""
    if len(start) + len(end) >= len(text):
        return text
    return f"{start}…{end}"


def _visible(text: str) -> str:
    """Text on one line, in which characters that cannot be seen are named."""
    return "".join(
        "⏎" if char == "\n" else char if char.isprintable() else f"‹U+{ord(char):04X}›"
        for char in text
    )
