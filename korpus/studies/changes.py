"""The lock file of a study: what was run with what, and whether that is still so."""

from collections.abc import Mapping
from typing import Any, TypedDict

from korpus.messages import _
from korpus.studies.plan import PlannedStep


class StepLock(TypedDict):
    """A step that was run.

    `arguments`: the command line after `korpus`. `options`: the values of its parameters, as far
    as they say what it did. `corpus`: of the model that it fitted, the number of documents and
    tokens. `sources`: the files that are its documents. `inputs`, `outputs`: SHA-256 by path.
    `records`: how many were read or written, by path. `set_aside`: documents that were. `messages`:
    what it said.
    """

    name: str
    command: str
    arguments: list[str]
    options: dict[str, Any]
    corpus: dict[str, int]
    sources: list[str]
    inputs: dict[str, str]
    outputs: dict[str, str]
    records: dict[str, int]
    exit: int
    set_aside: int
    messages: list[str]


class Lock(TypedDict):
    """A lock file. `versions`: of korpus, its libraries and analyzers."""

    versions: dict[str, str]
    python: str
    steps: list[StepLock]


def why_again(
    unit: list[PlannedStep],
    locks: Mapping[str, StepLock],
    versions: Mapping[str, str],
    locked: Mapping[str, str],
    digests: Mapping[str, str],
) -> str:
    """Why a unit has to run; "" if nothing has changed.

    `locks`: the steps of the lock file, by name. `versions`: now, `locked`: then. `digests`: of the
    files that are there.
    """
    for step in unit:
        lock = locks.get(step.name)
        if lock is None:
            return _("it has not been run")
        if lock["arguments"] != step.arguments:
            return _("its options have changed")
        for path in sorted(lock["inputs"].keys() | set(step.reads)):
            if lock["inputs"].get(path) != digests.get(path):
                return _("{path} has changed").format(path=path)
        for path, digest in lock["outputs"].items():
            if path not in digests:
                return _("{path} is missing").format(path=path)
            if digests[path] != digest:
                return _("{path} was changed by others").format(path=path)
    if changed := differences(versions, locked):
        return changed[0]
    return ""


def differences(versions: Mapping[str, str], locked: Mapping[str, str]) -> list[str]:
    """The software that is of another version, as `kiwipiepy 0.24.1 → 0.25.0`."""
    names = sorted(versions.keys() | locked.keys(), key=lambda name: (name != "korpus", name))
    return [
        f"{name} {locked.get(name, '-')} → {versions.get(name, '-')}"
        for name in names
        if versions.get(name) != locked.get(name)
    ]
