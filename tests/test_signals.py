import os
import signal
import threading

import pytest

from korpus import signals
from korpus.signals import signals_delayed


def test_an_interrupt_comes_after_the_block() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt):
        with signals_delayed():
            with signals_delayed():
                os.kill(os.getpid(), signal.SIGINT)
                reached.append("inner")
            reached.append("outer")
        reached.append("after")
    assert reached == ["inner", "outer"]


def test_a_termination_comes_after_the_block() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        with signals_delayed():
            os.kill(os.getpid(), signal.SIGTERM)
            assert seen == []
        assert seen == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_thread_that_takes_a_signal_delays_it_too() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()  # before the block, so it masks nothing
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        with signals_delayed():
            os.kill(os.getpid(), signal.SIGTERM)
            assert seen == []
        assert seen == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
        over.set()


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
