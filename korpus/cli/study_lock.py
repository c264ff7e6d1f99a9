"""The lock file of a study on the disk, and digests of the files of its steps."""

import json
import platform
import re
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.version import __version__

if TYPE_CHECKING:
    from korpus.studies import Lock, PlannedStep, StepLock

_MARK = "korpus study"
_FORMAT = 1
_DICTIONARIES = ("python-mecab-ko-dic", "kiwipiepy_model")
_TIME = re.compile(r", [\d.,]+ ?(?:s|초)$")


def software() -> dict[str, str]:
    """The versions of korpus, of the libraries that it uses, and of dictionaries."""
    from korpus.cli.run_log import library_versions

    found = {"korpus": __version__} | library_versions()
    for name in _DICTIONARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def lock_path(study: Path) -> Path:
    """The lock file of a study file: study.toml has study.lock beside it."""
    return study.with_suffix(".lock")


def read_lock(path: Path, hint: str | None = None) -> "Lock | None":
    """Read a lock file; None if it does not exist. Raises KorpusError if it is damaged."""
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["kind"] != _MARK or not isinstance(found["steps"], list):
            raise ValueError
        if found["format"] > _FORMAT:
            message = _("{path}: made by a newer korpus").format(path=path)
            raise KorpusError(message, _("upgrade: pip install --upgrade korpus"))
        lock: Lock = {key: found[key] for key in ("versions", "python", "steps")}  # type: ignore[assignment]
        for step in lock["steps"]:
            _check_step(step)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KorpusError(
            _("{path}: not a lock file of a study, or damaged").format(path=path),
            hint or _("delete it: korpus run then runs all steps, and writes it again"),
        ) from None
    return lock


def _check_step(step: "StepLock") -> None:
    """Raises KeyError or TypeError for a step that lacks something."""
    kinds: dict[str, type] = {"name": str, "command": str, "arguments": list, "options": dict}
    kinds |= dict.fromkeys(("inputs", "outputs", "records", "corpus"), dict)
    kinds |= {"sources": list, "exit": int, "set_aside": int, "messages": list}
    for key, kind in kinds.items():
        if not isinstance(step[key], kind):  # type: ignore[literal-required]
            raise TypeError(key)


def write_lock(path: Path, steps: "list[StepLock]") -> None:
    """Write a lock file. The same steps give the same bytes."""
    from korpus import files

    lock = {
        "kind": _MARK,
        "format": _FORMAT,
        "versions": software(),
        "python": platform.python_version(),
        "steps": steps,
    }
    with files.open_output(str(path)) as stream:
        stream.write(json.dumps(lock, ensure_ascii=False, indent=1).encode() + b"\n")


def digest_of(path: Path) -> str | None:
    """The digest of a file, or of the names and contents of a folder; None where it is not."""
    if path.is_file():
        with path.open("rb") as stream:
            found = sha256()
            while chunk := stream.read(1 << 20):
                found.update(chunk)
        return found.hexdigest()
    if not path.is_dir():
        return None
    found = sha256()
    for file in sorted(item for item in path.rglob("*") if item.is_file()):
        found.update(f"{file.relative_to(path)}\0{digest_of(file)}\n".encode())
    return found.hexdigest()


def step_lock(
    step: "PlannedStep", entry: dict[str, Any], messages: list[str], folder: Path
) -> "StepLock":
    """What the lock file says of a step that was run. `entry`: its line in the file of --log."""
    from korpus.cli.study_commands import options_told

    options = options_told(step.arguments)
    corpus: dict[str, int] = {}
    for path in step.writes:
        if path.endswith(".safetensors") and (folder / path).is_file():
            fitted, corpus = _of_model(str(folder / path))
            options |= fitted
    inputs = {path: digest_of(folder / path) for path in step.reads}
    written = {item["path"]: item for item in entry["outputs"] if "sha256" in item}
    written.pop("-", None)
    flows = [*entry["inputs"], *entry["outputs"]]
    return {
        "name": step.name,
        "command": step.command,
        "arguments": step.arguments,
        "options": options,
        "corpus": corpus,
        "sources": step.sources,
        "inputs": {path: digest for path, digest in inputs.items() if digest},
        "outputs": {path: item["sha256"] for path, item in written.items()},
        "records": {item["path"]: item["records"] for item in flows if item["records"] is not None},
        "exit": entry["exit"],
        "set_aside": entry["set_aside"] or 0,
        "messages": [_TIME.sub("", line) for line in messages],
    }


def _of_model(path: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The options with which a model was really fitted, and the counts of its corpus."""
    from korpus import files, reports

    header = files.load_header(path)
    study = reports.study_of_header(header)
    corpus: dict[str, int] = {
        name: header[name] for name in ("documents", "tokens") if name in study
    }
    return study["steps"][-1]["options"], corpus
