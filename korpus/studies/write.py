"""Write the text of a study file."""

import json
import re
from typing import Any

from korpus.messages import _
from korpus.studies.history import HistoryStep
from korpus.studies.plan import escaped

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def study_text(steps: list[HistoryStep]) -> str:
    """The text of a study file with these steps. Notes become comments."""
    notes = {
        "stdin": _("it read standard input that no command of the log wrote: name the file"),
        "stdout": _("it printed its output; the name of the file is new"),
    }
    blocks = []
    for step in steps:
        lines = [f"[steps.{_key(step.name)}]", f"command = {_value(step.command)}"]
        if step.note:
            lines.insert(0, f"# {notes[step.note]}")
        if step.inputs:
            given = step.inputs[0] if len(step.inputs) == 1 else step.inputs
            lines.append(f"inputs = {_value(given)}")
        if step.output:
            lines.append(f"output = {_value(step.output)}")
        if step.options:
            pairs = (f"{_key(k.replace('_', '-'))} = {_value(v)}" for k, v in step.options.items())
            lines.append(f"options = {{{', '.join(pairs)}}}")
        blocks.append("\n".join([*lines, ""]))
    return "\n".join(blocks)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Any) -> str:
    """A value as TOML: JSON, but for the character DEL, with what looks like a variable escaped."""
    if isinstance(value, list) and len(value) == 1:
        return _value(value[0])
    if isinstance(value, str):
        value = escaped(value)
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)
