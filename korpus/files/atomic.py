"""Outputs that are written whole or not at all: temporary file beside the target, fsync, rename."""

import contextlib
import errno
import gzip
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from io import FileIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast

from korpus.errors import KorpusError, OutputClosed
from korpus.files import traffic
from korpus.messages import _

STDOUT = "-"
_STDOUTS = (STDOUT, "/dev/stdout")  # never replaced: a file there may be appended to
_BUFFER = 1 << 18  # bytes
_LONGEST_NAME = 230  # bytes; file systems take 255, and a temporary file's name is 15 longer
_TRIES = 10


# Files that are complete and wait for others: name of the output, temporary file, target.
_waiting: list[tuple[str, Path, Path]] | None = None


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Let the files that are written in this block appear when all of them are complete.

    If the block ends with an error, none of them appears.
    """
    global _waiting
    waiting = _waiting = []
    try:
        yield
        _waiting = None
        folders = {target.parent: output for output, _temporary, target in waiting}
        while waiting:
            output, temporary, target = waiting[0]
            with output_errors(output):
                temporary.replace(target)
            waiting.pop(0)
        for folder, output in folders.items():
            with output_errors(output):
                _sync_folder(folder)
    finally:
        _waiting = None
        for _output, temporary, _target in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def open_output(output: str, *, no_wider_than: Iterable[str] = ()) -> Iterator[BinaryIO]:
    """Open a binary stream to a file or to standard output ("-"), compressed for .gz and .zst.

    A file appears under its name only if the block ends without an error. A symbolic link stays,
    and its target is replaced; an existing file keeps its owner and permissions. A new file can be
    read by nobody who cannot read all of the existing files in `no_wider_than`.
    Raises KorpusError if the output cannot be written, or if another run is writing it.
    """
    traffic.flow(traffic.outputs, output)
    if output in _STDOUTS:
        with output_errors(_("standard output")):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    if Path(output).is_dir():
        raise _is_folder(output)
    if is_stream(output):
        with output_errors(output), io.BufferedWriter(FileIO(output, "wb"), _BUFFER) as stream:
            yield cast(BinaryIO, stream)
        return
    with output_errors(output):
        target = target_of(output)
        _remove_leftovers(target, output)
        temporary, raw = _create_temporary(target, _permissions([target, *no_wider_than]))
        try:
            with io.BufferedWriter(raw, _BUFFER) as buffered:
                _keep_owner_and_permissions(target, raw)
                with _compressed(cast(BinaryIO, buffered), target.suffix) as stream:
                    yield stream
                buffered.flush()
                os.fsync(raw.fileno())
            if _waiting is not None:
                _waiting.append((output, temporary, target))
                return
            temporary.replace(target)
            _sync_folder(target.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def is_stream(output: str) -> bool:
    """Whether an output is a stream: standard output, a device or a named pipe."""
    if output in _STDOUTS:
        return True
    with output_errors(output):
        path = Path(output)
        return path.exists() and not path.is_file() and not path.is_dir()


def target_of(output: str) -> Path:
    """The path of an output, with symbolic links resolved. Raises OSError if it is read-only."""
    target = Path(os.path.realpath(output))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.exists() and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return target


def create_file(path: Path, permissions: int = 0o666) -> FileIO:
    """Create a file, never through a link. The umask narrows the permissions further."""
    return FileIO(path, "xb", opener=partial(os.open, mode=permissions))


@contextlib.contextmanager
def output_errors(output: str) -> Iterator[None]:
    """Turn an OSError while writing an output into a KorpusError."""
    try:
        yield
    except BrokenPipeError:
        raise OutputClosed from None
    except OSError as error:
        is_full = error.errno == errno.ENOSPC
        raise KorpusError(
            _("{output}: cannot be written ({reason})").format(
                output=output, reason=error.strerror or error
            ),
            _("free some space first") if is_full else _("choose another place"),
        ) from None


def in_use(output: str) -> KorpusError:
    """The error for an output that another run is writing."""
    return KorpusError(
        _("{output}: another run is writing it").format(output=output), _("wait for it, or stop it")
    )


def _permissions(existing: Iterable[str | Path]) -> int:
    """The permissions that all of the existing files give, to create a file with."""
    permissions = 0o666
    for path in existing:
        with contextlib.suppress(OSError):
            found = Path(path).stat().st_mode
            if stat.S_ISREG(found):
                permissions &= found | 0o600
    return permissions


def _keep_owner_and_permissions(target: Path, raw: FileIO) -> None:
    """Copy those of the file that will be replaced, as far as the system lets us."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        before, now = target.stat(), os.fstat(raw.fileno())
        if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
            with contextlib.suppress(PermissionError):
                os.fchown(raw.fileno(), before.st_uid, before.st_gid)
        os.fchmod(raw.fileno(), stat.S_IMODE(before.st_mode))


def _stem(target: Path) -> str:
    """The start of the names of its temporary files."""
    name = os.fsencode(target.name)
    return f".{target.name if len(name) <= _LONGEST_NAME else sha256(name).hexdigest()}"


def _create_temporary(target: Path, permissions: int) -> tuple[Path, FileIO]:
    """A new locked file beside the target."""
    for _try in range(_TRIES):
        temporary = target.with_name(f"{_stem(target)}.{token_hex(4)}.part")
        raw = create_file(temporary, permissions)
        # Before it was locked, another run may have taken it for a leftover and deleted it.
        if _lock(raw) is not False and temporary.exists():
            return temporary, raw
        raw.close()
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _remove_leftovers(target: Path, output: str) -> None:
    """Delete the temporary files of runs that were killed: those that no process has locked.

    Raises KorpusError if one is locked: another run is writing the output.
    """
    leftover = re.compile(re.escape(_stem(target)) + r"\.[0-9a-f]{8}\.part")
    with contextlib.suppress(OSError):
        for entry in os.scandir(target.parent):
            if not leftover.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            if sys.platform == "win32":  # which does not delete a file that is open
                with contextlib.suppress(OSError):
                    Path(entry).unlink()
                continue
            with Path(entry).open("r+b") as stream:
                is_free = _lock(stream)
                if is_free:
                    Path(entry).unlink()
            if is_free is False:
                raise in_use(output)


def _lock(stream: FileIO | BinaryIO) -> bool | None:
    """Lock a file. False if another process has it locked, None if there are no locks.

    Processes that are forked from this one do not hold the lock.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        fcntl.lockf(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # some network file systems
        return None
    return True


@contextlib.contextmanager
def _compressed(buffered: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".gz":
        # No name and no time in the header: the same input gives the same bytes.
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=buffered, mtime=0) as stream:
            yield cast(BinaryIO, stream)
    elif suffix == ".zst":
        import zstandard

        # Arrow writes no checksum, without which damage may go unnoticed.
        compressor = zstandard.ZstdCompressor(write_checksum=True)
        with compressor.stream_writer(buffered, closefd=False) as stream:
            yield cast(BinaryIO, stream)
    else:
        yield buffered


def _sync_folder(folder: Path) -> None:
    """Make a rename durable where the system can (Windows cannot open a folder)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC):  # others mean that it cannot sync folders
            raise
    finally:
        os.close(handle)


def _is_folder(output: str) -> KorpusError:
    return KorpusError(
        _("{output}: is a folder").format(output=output), _("give the name of a file")
    )
