"""Every open, write, fsync and rename of an output, to be counted and made to fail.

`install` replaces the functions of this process that do them: in Python for outputs, and as a
VFS of SQLite for the partial file, whose points are named `partial …`. A fault is `POINT:N:WHAT`:
at the Nth time that POINT is reached (`*`: any point), WHAT happens, `KILL` (SIGKILL) or the name
of an errno (`ENOSPC`, `EIO`). `POINT:N+:WHAT`: from the Nth time on.
"""

import _sqlite3
import ctypes
import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

from korpus.files import atomic, partial_file


class _Points:
    """Logs each point that is reached as a line, `POINT` or `POINT: WHAT`."""

    def __init__(self, log: Path, fault: str) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.point, number, self.what = (fault or ":0:").split(":")
        self.first, self.repeats = int(number.rstrip("+")), number.endswith("+")
        self.times = 0

    def reached(self, point: str) -> None:
        """Raises OSError if the fault happens here."""
        what = ""
        if self.point in (point, "*"):
            self.times += 1
            if self.times == self.first or (self.repeats and self.times > self.first):
                what = self.what
        os.write(self.log, f"{point}: {what}\n".encode() if what else f"{point}\n".encode())
        if what == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        if what:
            code = getattr(errno, what)
            raise OSError(code, os.strerror(code))


def install(log: Path, fault: str) -> None:
    """Count the points of this process in `log`, and make the fault happen."""
    points = _Points(log, fault)
    partial_file.SYNC_EVERY = 1 << 16  # so that short runs do that too
    _install_for_outputs(points)
    _install_for_sqlite(points)


def _install_for_outputs(points: _Points) -> None:
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

    atomic.FileIO = File  # type: ignore[misc]
    os.fsync = counted_fsync
    Path.replace = counted_replace  # type: ignore[method-assign, assignment]


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_OPEN = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _POINTER, _INT, _POINTER)
_DELETE = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _INT)
_WRITE = ctypes.CFUNCTYPE(_INT, _POINTER, _POINTER, _INT, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _POINTER, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(_INT, _POINTER, _INT)


class _Vfs(ctypes.Structure):
    """The start of SQLite's `sqlite3_vfs`, and room for the rest."""

    _fields_ = (
        ("version", _INT),
        ("file_size", _INT),
        ("longest_path", _INT),
        ("next", _POINTER),
        ("name", ctypes.c_char_p),
        ("data", _POINTER),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("rest", _POINTER * 14),
    )


class _Methods(ctypes.Structure):
    """SQLite's `sqlite3_io_methods`."""

    _fields_ = (
        ("version", _INT),
        ("close", _POINTER),
        ("read", _POINTER),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("rest", _POINTER * 13),
    )


class _File(ctypes.Structure):
    _fields_ = (("methods", ctypes.POINTER(_Methods)),)


_kept: list[object] = []  # what SQLite points to


def _install_for_sqlite(points: _Points) -> None:
    """Make SQLite's standard VFS one that counts and fails; its locks and names are the usual."""
    library = ctypes.CDLL(_sqlite3.__file__)  # finds the SQLite that Python uses
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    usual = library.sqlite3_vfs_find(None)
    ours = _Vfs.from_buffer_copy(usual.contents)
    counted: dict[int, Any] = {}  # the methods of files by the address of the usual ones

    def point(name: str, failed: int, call: Callable[..., int], *arguments: Any) -> int:
        try:
            points.reached(f"partial {name}")
        except OSError as error:
            is_full = error.errno == errno.ENOSPC and name == "write"
            return sqlite3.SQLITE_FULL if is_full else failed
        return call(*arguments)

    def methods(usual: _Methods) -> _Methods:
        found = _Methods.from_buffer_copy(usual)
        write, truncate, sync = usual.write, usual.truncate, usual.sync
        found.write = _WRITE(lambda *a: point("write", sqlite3.SQLITE_IOERR_WRITE, write, *a))
        found.truncate = _TRUNCATE(
            lambda *a: point("truncate", sqlite3.SQLITE_IOERR_TRUNCATE, truncate, *a)
        )
        found.sync = _SYNC(lambda *a: point("fsync", sqlite3.SQLITE_IOERR_FSYNC, sync, *a))
        return found

    def opened(vfs: int, name: int, file: int, flags: int, given: int) -> int:
        code = usual.contents.open(ctypes.addressof(usual.contents), name, file, flags, given)
        found = ctypes.cast(file, ctypes.POINTER(_File)).contents
        if code == sqlite3.SQLITE_OK:
            address = ctypes.addressof(found.methods.contents)
            if address not in counted:
                counted[address] = methods(found.methods.contents)
            found.methods = ctypes.pointer(counted[address])
        return code

    ours.name = b"counted"
    ours.open = _OPEN(lambda *a: point("open", sqlite3.SQLITE_CANTOPEN, opened, *a))
    delete = usual.contents.delete
    ours.delete = _DELETE(
        lambda _, *a: point(
            "delete", sqlite3.SQLITE_IOERR_DELETE, delete, ctypes.addressof(usual.contents), *a
        )
    )
    _kept.extend((ours, counted))
    if library.sqlite3_vfs_register(ctypes.byref(ours), 1) != sqlite3.SQLITE_OK:
        raise RuntimeError("SQLite takes no VFS")
