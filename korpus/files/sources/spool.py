"""Temporary files for what does not fit in the memory."""

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from korpus.errors import KorpusError
from korpus.messages import _


def spooled(chunks: Iterable[bytes], in_memory: int = 0) -> BinaryIO:
    """A temporary file with these bytes, at its start. Up to `in_memory` of them need no file.

    Raises KorpusError if it cannot be written.
    """
    temporary: Callable[[], Any] = (
        partial(tempfile.SpooledTemporaryFile, in_memory) if in_memory else tempfile.TemporaryFile
    )
    with contextlib.ExitStack() as stack:
        with spool_errors():
            file = cast(BinaryIO, temporary())
        stack.callback(_close, file)
        for chunk in chunks:
            with spool_errors():
                file.write(chunk)
        with spool_errors():
            file.seek(0)
        stack.pop_all()
        return file


def _close(file: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # closing flushes once more
        file.close()


@contextlib.contextmanager
def spool_errors() -> Iterator[None]:
    """Turn the errors of a temporary file into KorpusError."""
    try:
        yield
    except OSError as error:
        if tempfile.tempdir is None:  # none of the usual folders will do
            raise KorpusError(
                _("there is no folder in which temporary files can be written"),
                _("set TMPDIR to one"),
            ) from None
        raise KorpusError(
            _("cannot write a temporary file in {folder} ({reason})").format(
                folder=tempfile.tempdir, reason=error.strerror or error
            ),
            _("free some space, or set TMPDIR to another folder"),
        ) from None
