"""Delay or ignore the signals that stop a run: SIGINT (Ctrl-C) and SIGTERM."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STOPS = (signal.SIGINT, signal.SIGTERM)
_HAS_MASK = hasattr(signal, "pthread_sigmask")  # not on Windows


@contextmanager
def signals_delayed() -> Iterator[None]:
    """Deliver SIGINT and SIGTERM after the block.

    Some libraries swallow an interrupt while they load. A process started in the block ignores
    both signals until it calls `leave_interrupts_to_parent`.
    """
    # Only a new process needs the mask: another thread of this one can take a masked signal.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS) if _HAS_MASK else None
    came: list[int] = []
    handlers = {}
    if threading.current_thread() is threading.main_thread():  # others may not set handlers
        for stop in _STOPS:
            handlers[stop] = signal.signal(stop, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for stop, handler in handlers.items():
            signal.signal(stop, handler)
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in came:
            signal.raise_signal(number)


def leave_interrupts_to_parent() -> None:
    """In a worker process: ignore Ctrl-C, which the parent handles, and end on SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if _HAS_MASK:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def ignored_signals() -> list[int]:
    """The signals that this process ignores, as under nohup."""
    return [number for number in _STOPS if signal.getsignal(number) is signal.SIG_IGN]


def signals_as_at_start(ignored: list[int]) -> None:
    """In a fork that was started within `signals_delayed`: handle signals as a new process does."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
