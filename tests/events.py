"""Wait for what another process does, without polling: on Linux."""

import ctypes
import os
import select
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import IO

_IN_MODIFY, _IN_MOVED_TO, _IN_CREATE = 0x2, 0x80, 0x100
_libc = ctypes.CDLL(None, use_errno=True)


def wait_for_file(folder: Path, found: Callable[[], bool], process: Popen[bytes]) -> None:
    """Wait until `found` is true. It is asked again whenever a file in the folder changes.

    Raises EOFError if the process ends before that.
    """
    changes = _libc.inotify_init1(os.O_CLOEXEC)
    ended = os.pidfd_open(process.pid)
    try:
        while True:
            for path in [folder, *folder.glob("**/")]:
                mask = _IN_MODIFY | _IN_MOVED_TO | _IN_CREATE
                _libc.inotify_add_watch(changes, os.fsencode(path), mask)
            if found():
                return
            ready, _, _ = select.select([changes, ended], [], [])
            if ended in ready and not found():
                raise EOFError("the process ended")
            if changes in ready:
                os.read(changes, 1 << 16)
    finally:
        os.close(changes)
        os.close(ended)


def write_and_wait(pipe: IO[bytes], data: bytes) -> None:
    """Write less than a page to a pipe, and wait until all of it was read."""
    # A pipe of one page can be written to only when it is empty.
    import fcntl

    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1)
    pipe.write(data)
    pipe.flush()
    select.select([], [pipe], [])


def children(pid: int) -> list[int]:
    """The child processes of a process without threads."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


class Ends:
    """The ends of processes that run now, and need not be children of this one."""

    def __init__(self, pids: list[int]) -> None:
        self._open = [os.pidfd_open(pid) for pid in pids]

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until all have ended, each for at most so many seconds. Gives whether they have."""
        ended = [bool(select.select([handle], [], [], seconds)[0]) for handle in self._open]
        for handle in self._open:
            os.close(handle)
        return all(ended)
