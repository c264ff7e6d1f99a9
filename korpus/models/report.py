"""How fitting functions report progress."""

from typing import Protocol


class Report(Protocol):
    """Called as a fit proceeds."""

    def __call__(self, done: int, total: int, likelihood: float | None = None, /) -> None:
        """`done` of `total` rounds are done; `likelihood`: log-likelihood per token (LDA)."""
