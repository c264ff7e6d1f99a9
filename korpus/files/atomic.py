"""Outputs that are whole or not there: a temporary file beside the target, fsync, rename."""

import contextlib
import errno
import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast

from korpus.errors import KorpusError, OutputClosed

STDOUT = "-"


@contextlib.contextmanager
def open_output(output: str) -> Iterator[BinaryIO]:
    """A binary stream to a file or to standard output ("-"), compressed for .gz and .zst.

    A file appears under its name only when the block ends without an error, and then whole.
    Raises KorpusError where it cannot be written.
    """
    if output == STDOUT:
        with _writing("standard output"):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(output)
    with _writing(output):
        is_special = path.exists() and not path.is_file()
    if path.is_dir():
        raise KorpusError(f"{output}: is a folder", "give the name of a file")
    if is_special:
        with _writing(output), path.open("wb") as stream:  # a device or a named pipe
            yield stream
        return
    with _writing(output):
        target = path.resolve()
        partial = target.with_name(f".{target.name}.{token_hex(4)}.part")
        try:
            with partial.open("xb", buffering=1 << 18) as raw:
                with _compressed(raw, target.suffix) as stream:
                    yield stream
                raw.flush()
                os.fsync(raw.fileno())
            partial.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    _sync_folder(target.parent)


def check_place(output: str) -> None:
    """Raises KorpusError, before any work, where open_output could not make a file."""
    if output == STDOUT:
        return
    path = Path(output)
    if path.is_dir():
        raise KorpusError(f"{output}: is a folder", "give the name of a file")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise KorpusError(f"{output}: cannot be written (no folder {folder})", "make it first")
    if not os.access(folder, os.W_OK):
        raise KorpusError(
            f"{output}: cannot be written (no right to write in {folder})", "choose another place"
        )


@contextlib.contextmanager
def _compressed(raw: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".gz":
        # No name and no time in the header: the same input gives the same bytes.
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as stream:
            yield cast(BinaryIO, stream)
    elif suffix == ".zst":
        import pyarrow

        # Arrow closes what it writes to, so it gets a handle of its own.
        with (
            os.fdopen(os.dup(raw.fileno()), "wb") as own,
            pyarrow.CompressedOutputStream(own, "zstd") as stream,
        ):
            yield stream
    else:
        yield raw


@contextlib.contextmanager
def _writing(output: str) -> Iterator[None]:
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
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
