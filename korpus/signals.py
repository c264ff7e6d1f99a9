"""Delay or ignore the signals that stop a run: SIGINT (Ctrl-C) and SIGTERM."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_STOPS = {signal.SIGINT, signal.SIGTERM}
_CAN_DELAY = hasattr(signal, "pthread_sigmask")  # not on Windows


@contextmanager
def signals_delayed() -> Iterator[None]:
    """Deliver SIGINT and SIGTERM after the block. On Windows the block runs unprotected.

    Some libraries swallow an interrupt while they load. A process started in the block ignores
    both signals until it calls `leave_interrupts_to_parent`.
    """
    if not _CAN_DELAY:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_interrupts_to_parent() -> None:
    """In a worker process: ignore Ctrl-C, which the parent handles, and end on SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if _CAN_DELAY:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
