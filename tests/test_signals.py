import os
import signal

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


def test_where_signals_cannot_be_delayed_the_block_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_CAN_DELAY", False)
    monkeypatch.delattr(signal, "pthread_sigmask")
    with signals_delayed():
        reached = True
    assert reached
