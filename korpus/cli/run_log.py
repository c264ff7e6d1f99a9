"""The file of --log, to which each run appends what it read and wrote."""

import importlib.metadata
import io
import json
import platform
import re
import shlex
import sys
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from korpus.cli.options import STDIN, STDOUT
from korpus.cli.progress import seconds
from korpus.cli.rejects import set_aside
from korpus.errors import UsageError
from korpus.files import traffic
from korpus.messages import _
from korpus.version import __version__

_FIRST = b'{"started": '


class Log:
    """The file of --log, to which each run appends a line of JSON.

    Made before anything is read, as it puts streams that are digested in place of standard input
    and standard output: the output of one command of a chain is the input of the next.
    Raises OSError if the file cannot be written, UsageError for a file of another kind.
    """

    def __init__(self, path: str, arguments: list[str]) -> None:
        self.path = path
        self.arguments = arguments
        self.started = datetime.now().astimezone()
        with Path(path).open("a+b") as stream:
            stream.seek(0)
            if stream.read(len(_FIRST)) not in (b"", _FIRST):
                raise UsageError(
                    _("{name}: not a log of korpus").format(name=path), _("give it its own file")
                )
        self.stdin, self.stdout = _Digested(0, "rb"), _Digested(1, "wb")
        if not sys.stdin.isatty():
            sys.stdin = io.TextIOWrapper(io.BufferedReader(self.stdin))
        if not sys.stdout.isatty():
            sys.stdout = io.TextIOWrapper(io.BufferedWriter(self.stdout), encoding="utf-8")

    def write(self, code: int, error: str | None) -> None:
        """Append the line of a run that ended with an exit code."""
        inputs = [self._described(flow, self.stdin) for flow in traffic.inputs.values()]
        outputs = [self._described(flow, self.stdout) for flow in traffic.outputs.values()]
        entry = {
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(seconds(), 3),
            "command": shlex.join(["korpus", *self.arguments]),
            "folder": str(Path.cwd()),
            "exit": code,
            "error": error,
            "inputs": inputs,
            "outputs": outputs,
            "set_aside": set_aside(),
            "versions": {"korpus": __version__, "python": platform.python_version()}
            | library_versions(),
            "platform": platform.platform(),
        }
        with Path(self.path).open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")  # one write: runs may meet

    @staticmethod
    def _described(flow: traffic.Flow, standard: "_Digested") -> dict[str, Any]:
        found: dict[str, Any] = {"path": flow.path, "records": flow.records}
        if flow.path in (STDIN, STDOUT):
            return found | {"bytes": standard.size, "sha256": standard.digest.hexdigest()}
        path = Path(flow.path)
        if not path.is_file():
            return found
        with path.open("rb") as stream:
            digest = sha256()
            for chunk in iter(lambda: stream.read(1 << 20), b""):
                digest.update(chunk)
        return found | {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}


class _Digested(io.FileIO):
    """A standard stream with the number and the digest of the bytes that pass."""

    def __init__(self, number: int, mode: str) -> None:
        super().__init__(number, mode, closefd=False)
        self.size = 0
        self.digest = sha256()

    def readinto(self, buffer: Any) -> int | None:
        """See io.RawIOBase."""
        number = super().readinto(buffer)
        self._pass(memoryview(buffer)[: number or 0])
        return number

    def write(self, data: Any) -> int | None:  # type: ignore[override]
        """See io.RawIOBase."""
        number = super().write(data)
        self._pass(memoryview(data)[: number or 0])
        return number

    def _pass(self, data: memoryview) -> None:
        self.size += len(data)
        self.digest.update(data)


@cache
def library_versions() -> dict[str, str]:
    """The versions of the libraries that korpus uses."""
    names = (re.split(r"[^\w.-]", need)[0] for need in _required())
    return {name: importlib.metadata.version(name) for name in names}


def _required() -> Iterable[str]:
    needs = importlib.metadata.requires("korpus") or []
    return (need for need in needs if "extra ==" not in need)
