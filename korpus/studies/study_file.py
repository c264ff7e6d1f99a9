"""Parse a study file: TOML with steps. Errors name the line, the step and the key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from korpus.errors import UsageError
from korpus.messages import _, listed
from korpus.studies.commands import CommandSpec

_TOP = ("title", "variables", "steps")
_KEYS = ("command", "inputs", "output", "options", "foreach")
_NAME = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class RawStep:
    """A step as the file has it. `options`: values by the names of parameters in Python."""

    name: str
    spec: CommandSpec
    inputs: list[str]
    output: str | None
    options: dict[str, Any]
    foreach: dict[str, Any]


@dataclass(frozen=True)
class StudyFile:
    """A study file. `name`, `text`: of the file, for messages."""

    name: str
    text: str
    title: str
    variables: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, RawStep] = field(default_factory=dict)

    def error(self, step: str, message: str, hint: str | None = None, key: str = "") -> UsageError:
        """An error of a step, with the line of its key where it is found."""
        number = _line(self.text, step, key)
        place = _("line {number}: ").format(number=number) if number else ""
        where = f"{self.name}: {place}" + _("step {name}").format(name=repr(step))
        message = f"{where}: {message}"
        return UsageError(message, hint)


def parse_study(text: str, name: str, commands: Mapping[str, CommandSpec]) -> StudyFile:
    """Parse the text of a study file.

    `name`: of the file. `commands`: by name; loaded when they are looked up.
    Raises UsageError for broken TOML, unknown keys, commands and options.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            _("{name}: broken TOML: {reason}").format(name=name, reason=error),
            _("a string stands in quotes, a list in [ ]"),
        ) from None
    study = StudyFile(name, text, str(found.get("title", "")), found.get("variables", {}))
    for key in found:
        if key not in _TOP:
            message = _("{name}: unknown key {key!r}").format(name=name, key=key)
            raise UsageError(message, _close(key, _TOP))
    for kind in ("variables", "steps"):
        if not isinstance(found.get(kind, {}), dict):
            message = _("{name}: {key} is not a table").format(name=name, key=kind)
            raise UsageError(message, _("write [{key}]").format(key=kind))
    for step, content in found.get("steps", {}).items():
        study.steps[step] = _step(study, step, content, commands)
    return study


def _step(
    study: StudyFile, step: str, content: Any, commands: Mapping[str, CommandSpec]
) -> RawStep:
    if not isinstance(content, dict):
        raise study.error(step, _("not a table"), f"[steps.{step}]")
    if not _NAME.fullmatch(step):
        raise study.error(step, _("a name of a step has letters, digits, - and _"))
    for key in content:
        if key not in _KEYS:
            message = _("unknown key {key!r}").format(key=key)
            raise study.error(step, message, _close(key, _KEYS), key)
    command = content.get("command")
    if not isinstance(command, str) or command not in commands:
        message = _("no command is given") if command is None else ""
        message = message or _("no such command: {name}").format(name=command)
        raise study.error(step, message, _close(str(command), commands), "command")
    spec = commands[command]
    inputs, output = content.get("inputs", []), content.get("output")
    inputs = [inputs] if isinstance(inputs, str) else inputs
    if not isinstance(inputs, list) or not all(isinstance(item, str) for item in inputs):
        raise study.error(step, _("inputs are names of files or steps"), None, "inputs")
    if output is not None and not isinstance(output, str):
        raise study.error(step, _("output is the name of a file"), None, "output")
    if inputs and spec.source is None:
        message = _("korpus {command} has no inputs").format(command=command)
        raise study.error(step, message, None, "inputs")
    if output is not None and spec.output is None:
        message = _("korpus {command} has no output; its options name files")
        raise study.error(step, message.format(command=command), None, "output")
    for key in ("options", "foreach"):
        if not isinstance(content.get(key, {}), dict):
            raise study.error(step, _("{key} is not a table").format(key=key), None, key)
    options = _options(study, step, spec, content.get("options", {}))
    return RawStep(step, spec, inputs, output, options, content.get("foreach", {}))


def _options(
    study: StudyFile, step: str, spec: CommandSpec, given: Mapping[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        parameter = spec.parameter(key)
        if parameter is None:
            names = [name for item in spec.parameters for name in item.names]
            message = _("korpus {command} has no option {key!r}")
            hint = _close(key, names, f"korpus {spec.name} --help")
            raise study.error(step, message.format(command=spec.name, key=key), hint, key)
        if parameter is spec.output or parameter is spec.source:
            message = _("{key!r} is not an option here").format(key=key)
            raise study.error(step, message, _("write inputs = …, output = … in the step"), key)
        if isinstance(value, dict):
            raise study.error(step, _("{key} is a table").format(key=key), None, key)
        if parameter.is_flag and not isinstance(value, bool):
            message = _("{key} takes true or false").format(key=key)
            raise study.error(step, message, None, key)
        found[parameter.name] = value
    return found


def _close(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """The hint for an unknown word."""
    names = list(known)
    close = get_close_matches(word.replace("_", "-"), names)
    if close:
        return _("did you mean {names}?").format(names=", ".join(close))
    return otherwise or _("one of: {names}").format(names=listed(names, 12))


def _line(text: str, step: str, key: str) -> int | None:
    """The number of the line with a key of a step, else of the step; None where it is not found."""
    lines = text.splitlines()
    name = re.escape(step)
    heads = re.compile(rf"\s*\[\s*steps\s*\.\s*[\"']?{name}[\"']?\s*[\].]")
    start = next((at for at, line in enumerate(lines) if heads.match(line)), None)
    if start is None:
        return None
    for at in range(start, len(lines)):
        if at > start and lines[at].lstrip().startswith("[") and not heads.match(lines[at]):
            break
        if key and re.search(rf"(?:^|[\s{{,])[\"']?{re.escape(key)}[\"']?\s*=", lines[at]):
            return at + 1
    return start + 1
