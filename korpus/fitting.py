"""What the commands that fit and use models share: checks before the work, progress, writing."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from korpus.errors import UsageError
from korpus.options import check_outputs, logger

if TYPE_CHECKING:
    from korpus.models import TopicModel


def check_topics_output(
    top: int,
    model: str | None,
    docs: str | None,
    output: str,
    format: str | None,
    source: str,
    force: bool,
) -> None:
    """What can be refused before the work. Raises UsageError and KorpusError."""
    from korpus import files

    if top < 1:
        raise UsageError(f"--top {top} is less than 1")
    files.check_suffix(model, (".safetensors",))
    if docs:
        files.check_table(docs, None)
    files.check_table(output, format)
    check_outputs([source], force, output=output, model=model, docs=docs)


def write_topics(
    fitted: "TopicModel",
    *,
    top: int,
    model: str | None,
    docs: str | None,
    output: str,
    format: str | None,
    excel: bool,
) -> None:
    """Write what a topic model has to say: itself, its documents, its topics."""
    from korpus import files

    table = fitted.topic_terms(top=top)
    if model:
        fitted.save(model)
    if docs:
        files.write_table(fitted.documents_table(), docs, None, excel)
    files.write_table(table, output, format, excel)


def threads(jobs: int) -> int:
    """How many threads --jobs means. Raises UsageError."""
    if jobs < 0:
        raise UsageError(f"--jobs {jobs} is less than 0", "0 means one a core")
    return jobs or os.cpu_count() or 1


@contextmanager
def rounds(unit: str) -> "Iterator[Callable[..., None]]":
    """What shows rounds done of all: a bar on a terminal, at the end a line."""
    from korpus.messages import plural

    is_shown = logger.level <= logging.INFO and sys.stderr.isatty()
    bars: list[Any] = []

    def report(done: int, total: int, likelihood: float | None = None) -> None:
        told = "" if likelihood is None else f"log-likelihood {likelihood:.4f} a token"
        if is_shown and not bars:
            from tqdm import tqdm

            bars.append(tqdm(total=total, unit=f" {unit}", leave=False))
        for bar in bars:
            bar.set_postfix_str(told, refresh=False)
            bar.update(done - bar.n)
        if done == total:
            for bar in bars:
                bar.close()
            logger.info("%s", ", ".join(filter(None, [plural(done, unit), told])))
        elif not bars:
            logger.debug("%s of %s, %s", f"{done:,}", plural(total, unit), told)

    try:
        yield report
    finally:
        for bar in bars:
            bar.close()
