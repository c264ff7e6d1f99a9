"""From the steps of a study file to the commands that run: variables, groups, inputs by pattern."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from korpus.messages import _
from korpus.studies.commands import CommandSpec, texts
from korpus.studies.study_file import RawStep, StudyFile

# {name} or {name.stem}: a file's name without folder and suffix. {{name}} is {name} as it stands.
_NAME = r"[^\W\d][\w-]*"
_VARIABLE = re.compile(rf"\{{\{{({_NAME}(?:\.stem)?)\}}\}}|\{{({_NAME})(\.stem)?\}}")
_OURS = ("group",)  # stands in names of outputs, for korpus itself
_PATTERN = re.compile(r"[*?]|\[.+\]")
_STDIN = "-"


@dataclass(frozen=True)
class PlannedStep:
    """A command that is run.

    `name`: of the step, with its group: `freq[서울]`. `arguments`: the command line after `korpus`.
    `sources`: the files that are its inputs. `reads`: these and those that options name. `writes`:
    files. `piped_from`: the step whose output it reads without a file between.
    """

    name: str
    command: str
    arguments: list[str]
    sources: list[str]
    reads: list[str]
    writes: list[str]
    piped_from: str | None


@dataclass
class _Open:
    """A step with its variables filled in, whose inputs may still be names of steps."""

    raw: RawStep
    name: str
    group: dict[str, str]
    inputs: list[str] = field(default_factory=list)
    output: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def writes(self) -> list[str]:
        found = [self.output] if self.output else []
        for name, value in self.options.items():
            if _parameter(self.raw.spec, name).writes:
                found += texts(value)
        return [posixpath.normpath(path) for path in found]


def is_written_as(written: str, wanted: str) -> bool:
    """Whether a file is one that a step writes; {group} in a name stands for any group."""
    if "{group}" not in written:
        return written == wanted
    return re.fullmatch(".+".join(map(re.escape, written.split("{group}"))), wanted) is not None


def plan(study: StudyFile, found: Callable[[str], list[str]]) -> list[PlannedStep]:
    """The steps of a study, in the order of the file; a step with `foreach` once for each value.

    `found`: gives the files of a pattern, sorted.
    Raises UsageError for unknown variables, patterns without files, outputs that two steps write,
    steps whose output nobody reads, and steps that would overwrite their inputs.
    """
    steps = [item for raw in study.steps.values() for item in _groups(study, raw, found)]
    writers: dict[str, _Open] = {}
    for step in steps:
        for path in step.writes():
            if path in writers:
                message = _("{path} is written by step {other} too")
                raise study.error(
                    step.raw.name, message.format(path=path, other=repr(writers[path].name))
                )
            writers[path] = step
    planned = [_planned(study, step, steps, writers, found) for step in steps]
    _check_pipes(study, steps, planned)
    _check_overwritten(study, steps, planned)
    return planned


def _groups(study: StudyFile, raw: RawStep, found: Callable[[str], list[str]]) -> list[_Open]:
    """A step for each combination of the values of `foreach`; one without it."""
    choices: list[list[tuple[str, str]]] = []
    for name, values in raw.foreach.items():
        if isinstance(values, str):  # a pattern of files
            values = _matched(study, raw, _filled(study, raw, values, {}, "foreach"), {}, found)
        if not isinstance(values, list) or not values:
            message = _("foreach: {name} is a list of values, or a pattern of files")
            raise study.error(raw.name, message.format(name=name), None, "foreach")
        choices.append([(name, value) for value in texts(values)])
    steps = []
    for chosen in product(*choices):
        group = dict(chosen)
        shown = f"[{','.join(group.values())}]" if group else ""
        step = _Open(raw, raw.name + shown, group)
        step.inputs = [_filled(study, raw, item, group, "inputs") for item in raw.inputs]
        if raw.output is not None:
            step.output = _filled(study, raw, raw.output, group, "output")
        for name, value in raw.options.items():
            step.options[name] = _deep(study, raw, value, group, name)
        steps.append(step)
    return steps


def _deep(study: StudyFile, raw: RawStep, value: Any, group: dict[str, str], key: str) -> Any:
    if isinstance(value, list):
        return [_deep(study, raw, item, group, key) for item in value]
    return _filled(study, raw, value, group, key) if isinstance(value, str) else value


def _filled(study: StudyFile, raw: RawStep, text: str, group: dict[str, str], key: str) -> str:
    """A text with the values of its variables."""
    known = {name: ",".join(texts(value)) for name, value in study.variables.items()} | group

    def value(match: re.Match[str]) -> str:
        plain, name, stem = match.groups()
        if plain:
            return f"{{{plain}}}"
        if name in known:
            text = known[name]
            return posixpath.basename(text).split(".")[0] if stem else text
        if name in _OURS:
            return match[0]
        close = get_close_matches(name, known)
        hint = _("did you mean {names}?").format(names=", ".join(close)) if close else None
        message = _("unknown variable {name}").format(name=match[0])
        raise study.error(raw.name, message, hint or "[variables]", key)

    return _VARIABLE.sub(value, text)


def _matched(
    study: StudyFile,
    raw: RawStep,
    pattern: str,
    writers: dict[str, _Open],
    found: Callable[[str], list[str]],
) -> list[str]:
    """The files of a pattern: those that are there, and those that other steps write."""
    if not _PATTERN.search(pattern):
        return [pattern]
    wanted = posixpath.normpath(pattern)
    made = [
        path
        for path, step in writers.items()
        if fnmatchcase(path, wanted)
        and step.raw is not raw
        and path.count("/") == wanted.count("/")
    ]
    if unknown := [path for path in made if "{group}" in path]:
        message = _("the files of {name} are not known before they are written")
        hint = _("name the groups: foreach = {group = [ … ]}, inputs = the name with {group}")
        raise study.error(raw.name, message.format(name=unknown[0]), hint, "inputs")
    own = {path for path, step in writers.items() if step.raw is raw}
    files = sorted({*map(posixpath.normpath, found(pattern)), *made} - own)
    if not files:
        message = _("no file matches {pattern}").format(pattern=pattern)
        raise study.error(raw.name, message, None, "inputs")
    return files


def escaped(text: str) -> str:
    """A text in which nothing is a variable of a study."""
    return _VARIABLE.sub(lambda match: match[0] if match[2] in _OURS else f"{{{match[0]}}}", text)


def _planned(
    study: StudyFile,
    step: _Open,
    steps: list[_Open],
    writers: dict[str, _Open],
    found: Callable[[str], list[str]],
) -> PlannedStep:
    spec = step.raw.spec
    paths: list[str] = []
    pipes: list[str] = []
    for item in step.inputs:
        others = _named(item, step, steps)
        if not others:
            paths += _matched(study, step.raw, item, writers, found)
        for other in others:
            if other.output is None:
                pipes.append(other.name)
            else:
                paths.append(other.output)
    if pipes and (paths or len(pipes) > 1 or not spec.reads_pipe):
        message = _("it reads step {name} without a file between, and can read nothing else then")
        if not spec.reads_pipe:
            message = _("it cannot read step {name} without a file between")
        hint = _("give that step an output")
        raise study.error(step.raw.name, message.format(name=repr(pipes[0])), hint, "inputs")
    values: dict[str, Any] = dict(step.options)
    if spec.source is not None and paths:
        if len(paths) > 1 and not spec.source.is_list:
            message = _("korpus {command} reads one input, not {count}")
            hint = _("join them first with korpus read, or use foreach")
            raise study.error(
                step.raw.name, message.format(command=spec.name, count=len(paths)), hint, "inputs"
            )
        values[spec.source.name] = paths if spec.source.is_list else paths[0]
    if step.output is not None and spec.output is not None:
        values[spec.output.name] = step.output
    reads = list(paths)
    for name, value in step.options.items():
        if _parameter(spec, name).reads:
            reads += texts(value)
    return PlannedStep(
        step.name,
        spec.name,
        spec.arguments(values),
        paths,
        [posixpath.normpath(path) for path in reads if path != _STDIN],
        step.writes(),
        pipes[0] if pipes else None,
    )


def _named(name: str, step: _Open, steps: list[_Open]) -> list[_Open]:
    """The steps of a name: the one of the same group where the groups are the same, else all."""
    others = [other for other in steps if name in (other.raw.name, other.name)]
    if len(others) > 1 and step.group:
        same = [
            other
            for other in others
            if all(step.group.get(name) == value for name, value in other.group.items())
        ]
        return same or others
    return others


def _check_pipes(study: StudyFile, steps: list[_Open], planned: list[PlannedStep]) -> None:
    readers: dict[str, list[str]] = {}
    for item in planned:
        if item.piped_from:
            readers.setdefault(item.piped_from, []).append(item.name)
    for step in steps:
        names = readers.get(step.name, [])
        if step.output is not None:
            continue
        if len(names) > 1:
            message = _("its output is read by {first} and {second}, so it needs a file")
            message = message.format(first=repr(names[0]), second=repr(names[1]))
            raise study.error(step.raw.name, message, 'output = "…"')
        if not names and not step.writes():
            message = _("nobody reads its output, and it writes no file")
            raise study.error(step.raw.name, message, 'output = "…"')


def _check_overwritten(study: StudyFile, steps: list[_Open], planned: list[PlannedStep]) -> None:
    """Raises UsageError for a step that writes what it reads, or what steps before its pipe do."""
    by_name = {item.name: item for item in planned}
    for step, item in zip(steps, planned, strict=True):
        reader: PlannedStep | None = item
        seen: set[str] = set()
        while reader is not None and reader.name not in seen:
            seen.add(reader.name)
            read = {
                path for path in reader.reads for own in item.writes if is_written_as(own, path)
            }
            if read:
                message = _("it would overwrite its own input {path}")
                if reader is not item:
                    message = _("it would overwrite {path}, which step {name} reads for it")
                message = message.format(path=min(read), name=repr(reader.name))
                raise study.error(step.raw.name, message, _("give it another output"), "output")
            reader = by_name.get(reader.piped_from or "")


def _parameter(spec: CommandSpec, name: str) -> Any:
    return next(item for item in spec.parameters if item.name == name)
