"""Every open, write, fsync and rename of an output, to be counted and made to fail.

`install` replaces the functions of this process that do them. A fault is `POINT:N:WHAT`: at the
Nth time that POINT is reached (`*`: any point), WHAT happens, `KILL` (SIGKILL) or the name of an
errno (`ENOSPC`, `EIO`). `POINT:N+:WHAT`: from the Nth time on.
"""

import errno
import os
import signal
from io import FileIO
from pathlib import Path
from typing import Any

from korpus.files import atomic, checkpoint


class _Points:
    """Logs each point that is reached as a line, `POINT` or `POINT WHAT`."""

    def __init__(self, log: Path, fault: str) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.point, number, self.what = (fault or ":0:").split(":")
        self.first, self.repeats = int(number.rstrip("+")), number.endswith("+")
        self.times = 0

    def reached(self, point: str) -> None:
        what = ""
        if self.point in (point, "*"):
            self.times += 1
            if self.times == self.first or (self.repeats and self.times > self.first):
                what = self.what
        os.write(self.log, f"{point} {what}".rstrip().encode() + b"\n")
        if what == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        if what:
            code = getattr(errno, what)
            raise OSError(code, os.strerror(code))


def install(log: Path, fault: str) -> None:
    """Count the points of this process in `log`, and make the fault happen."""
    points = _Points(log, fault)
    fsync, replace = os.fsync, Path.replace

    class File(FileIO):
        def __init__(self, file: Any, *arguments: Any, **options: Any) -> None:
            if not isinstance(file, int):
                points.reached("open")
            super().__init__(file, *arguments, **options)

        def write(self, data: Any) -> int:
            points.reached("write")
            return super().write(data)

    def counted_fsync(handle: int) -> None:
        points.reached("fsync")
        fsync(handle)

    def counted_replace(path: Path, target: Path) -> Path:
        points.reached("rename")
        return replace(path, target)

    for module in (atomic, checkpoint):
        module.FileIO = File  # type: ignore[attr-defined]
    os.fsync = counted_fsync
    Path.replace = counted_replace  # type: ignore[method-assign]
