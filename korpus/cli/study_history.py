"""The command run --from-history: a study file from the file of --log."""

import json
import logging
import os
import re
import shlex
from typing import Any

from typer._click.exceptions import ClickException

from korpus.cli.study_commands import Commands, values_of
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.studies import Ran, history_steps, study_text

logger = logging.getLogger("korpus")

_ANYWHERE = re.compile(r"-q|-v|--quiet|--verbose|--debug|--(?:log|max-size)=.*")
_DONE = (0, 3)


def study_of_log(path: str, folder: str) -> str:
    """The text of a study file in a folder, that repeats the commands of a log.

    Runs that failed are left out, and those whose files were all written again later.
    Raises KorpusError for a file that is no log.
    """
    from korpus import files

    entries = [_entry(path, line) for line in files.read_text(path).splitlines() if line.strip()]
    entries.sort(key=lambda entry: entry["started"])
    done = [entry for entry in entries if entry["exit"] in _DONE]
    if failed := len(entries) - len(done):
        logger.info(_("%s that failed left out"), plural(failed, "run"))
    runs = [run for entry in done if (run := _run(entry, folder)) is not None]
    if not runs:
        raise KorpusError(_("{path}: no command of the log can be repeated").format(path=path))
    steps, repeated = history_steps(runs)
    if repeated:
        logger.info(_("%s whose output a later one replaced left out"), plural(repeated, "run"))
    for step in steps:
        if step.note == "stdin":
            logger.warning(
                _("step %s read standard input that no command of the log wrote: name its inputs"),
                repr(step.name),
            )
        elif step.note == "stdout":
            logger.info(
                _("step %s printed its output: here it writes %s"), repr(step.name), step.output
            )
    return study_text(steps)


def _entry(path: str, line: str) -> dict[str, Any]:
    try:
        entry: dict[str, Any] = json.loads(line)
        known = isinstance(entry["command"], str) and isinstance(entry["folder"], str)
        if not (known and isinstance(entry["started"], str) and isinstance(entry["exit"], int)):
            raise TypeError
        for flow in [*entry["inputs"], *entry["outputs"]]:
            if not isinstance(flow["path"], str):
                raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KorpusError(
            _("{path}: not a log of korpus").format(path=path),
            _("a log is what --log FILE writes"),
        ) from None
    return entry


def _run(entry: dict[str, Any], folder: str) -> Ran | None:
    """A command of the log, with paths as seen from a folder; None for help and the like."""
    arguments: list[str] = []
    queue = iter(shlex.split(entry["command"])[1:])
    for word in queue:
        if word in ("--log", "--max-size"):
            next(queue, None)
        elif not _ANYWHERE.fullmatch(word):
            arguments.append(word)
    try:
        name, values, given = values_of(arguments)
    except (KorpusError, ClickException, KeyError):
        logger.warning(_("left out, as it is no command now: %s"), entry["command"])
        return None
    spec = Commands()[name]
    if name in ("run", "new", "methods", "recipe", "doctor"):
        return None

    def seen(path: str) -> str:
        if path == "-" or os.path.isabs(path):  # noqa: PTH117
            return path
        there = os.path.join(entry["folder"], path)  # noqa: PTH118
        is_name = os.sep not in path and "." not in path and not os.path.exists(there)  # noqa: PTH110
        return path if is_name else os.path.relpath(there, folder)

    paths = {item.name for item in spec.parameters if item.reads or item.writes}
    found = {}
    for item in spec.parameters:
        if item.name in given:
            value = values[item.name]
            if item.name in paths:
                value = [seen(one) for one in value] if isinstance(value, list) else seen(value)
            found[item.name] = value
    piped = [
        next(
            ((flow["bytes"], flow["sha256"]) for flow in flows if _is_piped(flow)),
            None,
        )
        for flows in (entry["inputs"], entry["outputs"])
    ]
    files = {
        seen(flow["path"]): flow["sha256"]
        for flow in [*entry["inputs"], *entry["outputs"]]
        if flow["path"] != "-" and "sha256" in flow
    }
    return Ran(spec, found, piped[0], piped[1], files)


def _is_piped(flow: dict[str, Any]) -> bool:
    """Whether something passed through a standard stream."""
    return flow["path"] == "-" and bool(flow.get("bytes"))
