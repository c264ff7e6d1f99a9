"""Progress of long commands on standard error, where that is a terminal."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from korpus.messages import _, plural

if TYPE_CHECKING:
    from korpus.files import Position, Seen

logger = logging.getLogger("korpus")


_started = time.monotonic()
log_path: str | None = None  # the file of --log


def start(log: str | None) -> None:
    """Start the clock of this run. `log`: the file of --log."""
    global _started, log_path
    _started, log_path = time.monotonic(), log


def seconds() -> float:
    """The time that this run has taken."""
    return time.monotonic() - _started


def log_end(set_aside: int, output: str | None) -> None:
    """Log how many documents came in and were set aside, the rows of `output`, and the time taken.

    Within a chain only the last command says it.
    """
    from korpus.cli.options import STDOUT  # here, as help has no need of options
    from korpus.files import is_pipe, traffic

    came, main = traffic.total(traffic.inputs), traffic.outputs.get(output or "")
    went = None if main is None else main.records
    if came is None or (output == STDOUT and is_pipe(sys.stdout.buffer)):
        return
    parts = [_("%s in") % plural(came, "document")]
    if went is not None:
        parts.append(_("%s out") % plural(went, "row"))
    if set_aside:
        parts.append(_("%s set aside") % plural(set_aside, "document"))
    logger.info("%s", ", ".join([*parts, _("%.1f s") % seconds()]))


@contextmanager
def reading_progress(sources: str | list[str], output: str) -> "Iterator[Seen | None]":
    """Yield a progress callback if standard error is a terminal, else None.

    In a chain only the first command shows progress, and none that prints on the terminal.
    """
    from korpus.cli.options import STDIN, STDOUT

    shares_terminal = output == STDOUT and sys.stdout.isatty()
    wanted = sources not in (STDIN, [STDIN]) and not shares_terminal and sys.stderr.isatty()
    if not wanted or logger.level > logging.INFO:
        yield None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep worker processes from being forked
    documents = 0
    # tqdm fills in the fields.
    layout = _("{n_fmt}B of {total_fmt}B{postfix}, {remaining} left")
    with tqdm(unit_scale=True, leave=False, bar_format=layout) as bar:

        def seen(more: int, place: "Position | None") -> None:
            nonlocal documents
            documents += more
            rate = documents / max(bar.format_dict["elapsed"], 0.001)
            text = _("{documents}, {rate} per second").format(
                documents=plural(documents, "document"), rate=f"{rate:,.0f}"
            )
            bar.set_postfix_str(text, refresh=False)
            if place is not None:
                bar.total = place.of
            bar.update(place.at - bar.n if place is not None else 0)

        yield seen


@contextmanager
def training_progress(unit: str) -> "Iterator[Callable[..., None]]":
    """Yield a callback that reports training progress: a bar on a terminal, a line at the end.

    `unit`: an English noun, singular: iteration, pass, epoch …
    """
    is_shown = logger.level <= logging.INFO and sys.stderr.isatty()
    bars: list[Any] = []

    def report(done: int, total: int, likelihood: float | None = None) -> None:
        quality = ""
        if likelihood is not None:
            quality = _("log-likelihood {value} per token").format(value=f"{likelihood:.4f}")
        if is_shown and not bars:
            from tqdm import tqdm

            bars.append(tqdm(total=total, desc=plural(total, unit), unit="", leave=False))
        for bar in bars:
            bar.set_postfix_str(quality, refresh=False)
            bar.update(done - bar.n)
        if done == total:
            for bar in bars:
                bar.close()
            logger.info("%s", ", ".join(filter(None, [plural(done, unit), quality])))
        elif not bars:
            logger.debug(_("%s of %s, %s"), f"{done:,}", plural(total, unit), quality)

    try:
        yield report
    finally:
        for bar in bars:
            bar.close()
