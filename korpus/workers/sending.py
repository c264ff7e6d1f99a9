"""Send batches and answers from one process to another, whatever is in them."""

import sys
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

_DEPTH = 5000  # JSON is read with at most 1,024 lists in lists, and each may take two calls


class Unsent(Exception):
    """A batch or an answer that cannot be sent from one process to the other."""


def send(connection: Connection, item: object) -> None:
    """Send something, or the error (Unsent, MemoryError) if it cannot be sent.

    Raises OSError if the other process is gone.
    """
    try:
        data = packed(item)
    except Exception as error:
        data = packed(_as_answer(error))
    connection.send_bytes(data)


def receive(connection: Connection) -> Any:
    """What the other process sent, or the error (Unsent, MemoryError) if it cannot be read.

    Raises EOFError or OSError if that process is gone.
    """
    data = connection.recv_bytes()
    try:
        return unpacked(data)
    except Exception as error:
        return _as_answer(error)


def _as_answer(error: Exception) -> Exception:
    return MemoryError() if isinstance(error, MemoryError) else Unsent(" ".join(str(error).split()))


def packed(item: object) -> Any:
    """Something as bytes that another process of this run can read: a view, which is not copied."""
    _allow_depth()
    return ForkingPickler.dumps(item)


def unpacked(data: Any) -> Any:
    """What `packed` made bytes of."""
    _allow_depth()
    return ForkingPickler.loads(data)


def _allow_depth() -> None:
    """Let lists in lists be pickled as deep as JSON is read.

    It stays so, as another thread may be pickling.
    """
    if sys.getrecursionlimit() < _DEPTH:
        sys.setrecursionlimit(_DEPTH)
