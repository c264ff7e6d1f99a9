"""A Kiwi that can be loaded before a fork, which takes the time of a hundred commands."""

import warnings
from collections.abc import Iterable
from typing import Any

import kiwipiepy
from _kiwipiepy import _Kiwi


class _OneByOne(_Kiwi):  # type: ignore[misc]
    """Analyses several texts one by one: without threads, Kiwi itself takes no iterator."""

    def analyze(
        self, text: str | Iterable[str], top_n: int, options: int, echo: bool, *rest: Any
    ) -> Any:
        if isinstance(text, str):
            return super().analyze(text, top_n, options, echo, *rest)
        analyze = super().analyze
        found = ((analyze(one, top_n, options, False, *rest), one) for one in text)
        return found if echo else (readings for readings, _text in found)


class _Kiwi1(kiwipiepy.Kiwi, _OneByOne):  # type: ignore[misc]
    """Kiwi without threads of its own, of which forks would have none."""


def share_kiwi() -> None:
    """Load Kiwi in this process, once for it and its forks, whatever number of threads they ask."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        kiwi = _Kiwi1(num_workers=0)
    kiwi.tokenize("가")  # which builds it
    kiwipiepy.Kiwi = lambda **_options: kiwi
