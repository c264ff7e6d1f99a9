import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from korpus import signals
from korpus.signals import signals_delayed
from tests.support import ROOT


def send(number: int) -> None:
    """Send a signal to this process, and wait until one of its threads has it."""
    taken, wake = os.pipe()
    os.set_blocking(wake, False)
    before = signal.set_wakeup_fd(wake)
    try:
        os.kill(os.getpid(), number)
        os.read(taken, 1)
    finally:
        signal.set_wakeup_fd(before)
        os.close(taken)
        os.close(wake)


@pytest.fixture(autouse=True)
def other_thread() -> Iterator[None]:
    """A thread that takes what the main thread masks."""
    over = threading.Event()
    threading.Thread(target=over.wait).start()
    yield
    over.set()


def test_an_interrupt_comes_after_the_block() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt):
        with signals_delayed():
            with signals_delayed():
                send(signal.SIGINT)
                reached.append("inner")
            reached.append("outer")
        reached.append("after")
    assert reached == ["inner", "outer"]


def test_a_termination_comes_after_the_block() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        with signals_delayed():
            send(signal.SIGTERM)
            assert seen == []
        assert seen == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_without_signal_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_HAS_MASK", False)
    monkeypatch.delattr(signal, "pthread_sigmask")
    test_a_termination_comes_after_the_block()


def test_outside_the_main_thread_the_block_runs() -> None:
    reached: list[bool] = []

    def block() -> None:
        with signals_delayed():
            reached.append(True)

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()
    assert reached


SWALLOWED = """
import os, signal, sys, time
from korpus.cli import main

class Signalled:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):  # the handler raises here, where Python swallows it
            pass

main._RAISED_AGAIN = 0.1
signal.signal(signal.SIGTERM, main._interrupt)
Signalled()
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no timers there")
def test_a_signal_that_python_swallows_is_raised_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SWALLOWED], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 143 and "Exception ignored in" in done.stderr
