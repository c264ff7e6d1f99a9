"""What can be wrong with the tokens of a text: none, or too few."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from korpus.analyzers.table import Tokens
from korpus.messages import _

_SHOWN = 30  # characters of a line in a message
_MOST_LOST = 3  # stems are shorter than words, but not by more than this factor


def of_lines(
    lines: list[str], results: Iterator[Any], keeps_text: bool
) -> tuple[Tokens, tuple[str, str] | None]:
    """The tokens of a document from those of its lines, and its first problem."""
    forms: list[str] = []
    tags: list[str] = []
    first_problem = None
    for line, found in zip(lines, list(islice(results, len(lines))), strict=True):
        problem = problem_of(line, found, keeps_text)
        first_problem = first_problem or problem
        if not problem:
            forms += found[0]
            tags += found[1]
    return (forms, tags), first_problem


def problem_of(line: str, found: Tokens | Exception, keeps_text: bool) -> tuple[str, str] | None:
    """The problem with the tokens of a line, if any: `error` and `reason`."""
    if isinstance(found, Exception):
        return "failed", _("the analyzer failed: {error}").format(error=_first_line(found))
    kept = "".join(found[0]).replace(" ", "")
    if not kept:
        return "nothing", _("the analyzer found no tokens in {text}").format(text=_shown(line))
    given = line.replace(" ", "")
    if kept != given if keeps_text else len(kept) * _MOST_LOST < len(given):
        reason = _("the analyzer lost text: {kept} of {given} characters of {text} remain")
        return "lost", reason.format(kept=len(kept), given=len(given), text=_shown(line))
    return None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _shown(line: str) -> str:
    return repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…")
