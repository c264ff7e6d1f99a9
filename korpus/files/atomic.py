"""Outputs that are whole or not there: a temporary file beside the target, fsync, rename."""

import contextlib
import errno
import gzip
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast

from korpus.errors import KorpusError, OutputClosed

STDOUT = "-"
_STDOUTS = (STDOUT, "/dev/stdout")  # which, where it is a file, may be appended to
_BUFFER = 1 << 18  # bytes
_LONGEST_NAME = 230  # bytes; file systems take 255, and a partial file's name has 15 more
_TRIES = 10


@contextlib.contextmanager
def open_output(output: str) -> Iterator[BinaryIO]:
    """A binary stream to a file or to standard output ("-"), compressed for .gz and .zst.

    A file appears under its name only when the block ends without an error, and then whole. A
    symbolic link stays, and what it points to is replaced; an existing file keeps its rights.
    Raises KorpusError where it cannot be written.
    """
    if output in _STDOUTS:
        with writing("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    if Path(output).is_dir():
        raise KorpusError(f"{output}: is a folder", "give the name of a file")
    if is_stream(output):
        with writing(output), io.BufferedWriter(FileIO(output, "wb"), _BUFFER) as stream:
            yield cast(BinaryIO, stream)
        return
    with writing(output):
        target = target_of(output)
        _remove_leftovers(target)
        partial, raw = _partial(target)
        try:
            with io.BufferedWriter(raw, _BUFFER) as buffered:
                _keep_rights(target, raw)
                with _compressed(raw, cast(BinaryIO, buffered), target.suffix) as stream:
                    yield stream
                buffered.flush()
                sync(raw)
            _rename(partial, target)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise


def is_stream(output: str) -> bool:
    """Whether what is written goes on at once: to standard output, a device or a named pipe."""
    if output in _STDOUTS:
        return True
    with writing(output):
        path = Path(output)
        return path.exists() and not path.is_file()


def place_file(path: Path, target: Path) -> None:
    """Put a file that is on the disk in the place of another on the same disk."""
    with FileIO(path, "r+b") as raw:
        _keep_rights(target, raw)
    _rename(path, target)


def _rename(path: Path, target: Path) -> None:
    path.replace(target)
    _sync_folder(target.parent)


def sync(raw: FileIO) -> None:
    """Have the disk keep what was written."""
    os.fsync(raw.fileno())


def write_all(raw: FileIO, data: bytes) -> None:
    """Write all of `data`, which the system may take in several steps."""
    while data:
        data = data[raw.write(data) :]


def target_of(output: str) -> Path:
    """Where an output goes, through symbolic links."""
    target = Path(os.path.realpath(output))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.exists() and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return target


def _stem(target: Path) -> str:
    """How the names of its partial files start."""
    name = os.fsencode(target.name)
    return f".{target.name if len(name) <= _LONGEST_NAME else sha256(name).hexdigest()}"


def _partial(target: Path) -> tuple[Path, FileIO]:
    """A new file beside the target, locked, so that others see that it is being written."""
    for _ in range(_TRIES):
        partial = target.with_name(f"{_stem(target)}.{token_hex(4)}.part")
        raw = FileIO(partial, "xb")
        # Until it was locked, another run could take it for a leftover and remove it.
        if _locked(raw) is not False and partial.exists():
            return partial, raw
        raw.close()
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _remove_leftovers(target: Path) -> None:
    """Partial files of runs that were killed: those on which nobody has the lock."""
    leftover = re.compile(re.escape(_stem(target)) + r"\.[0-9a-f]{8}\.part")
    with contextlib.suppress(OSError):
        for entry in os.scandir(target.parent):
            if leftover.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with Path(entry).open("r+b") as stream:
                    if _locked(stream):
                        Path(entry).unlink()


def _locked(stream: io.IOBase) -> bool | None:
    """Whether we have the lock of a file now, None where there are no locks."""
    try:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # Windows, and some network file systems
        return None
    return True


def _keep_rights(target: Path, raw: FileIO) -> None:
    """The owner and the permissions of the file that will be replaced, as far as we may."""
    with contextlib.suppress(OSError, AttributeError):
        before, now = target.stat(), os.fstat(raw.fileno())
        if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
            with contextlib.suppress(PermissionError):
                os.fchown(raw.fileno(), before.st_uid, before.st_gid)
        os.fchmod(raw.fileno(), stat.S_IMODE(before.st_mode))


@contextlib.contextmanager
def _compressed(raw: FileIO, buffered: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".gz":
        # No name and no time in the header: the same input gives the same bytes.
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=buffered, mtime=0) as stream:
            yield cast(BinaryIO, stream)
    elif suffix == ".zst":
        import pyarrow

        # Arrow closes what it writes to, so it gets a handle of its own.
        with (
            io.BufferedWriter(FileIO(os.dup(raw.fileno()), "wb"), _BUFFER) as own,
            pyarrow.CompressedOutputStream(own, "zstd") as stream,
        ):
            yield stream
    else:
        yield buffered


@contextlib.contextmanager
def writing(output: str) -> Iterator[None]:
    """Turns what can go wrong while writing `output` into a KorpusError."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        hint = "choose another place" if error.errno != errno.ENOSPC else "free some space first"
        reason = error.strerror or str(error)
        raise KorpusError(f"{output}: cannot be written ({reason})", hint) from None


def _sync_folder(folder: Path) -> None:
    """Make the rename durable where the system can (Windows cannot open a folder)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC):  # others: it has no such thing
            raise
    finally:
        os.close(handle)
