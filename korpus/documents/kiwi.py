"""Kiwi for whole texts: spacing, spelling, sentences. Its own threads do many texts at a time."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

from korpus.documents.split import pieces
from korpus.documents.texts import Rejects, composed, refuse
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Counts, Record, batches_of, set_aside
from korpus.signals import signals_delayed

BATCH = 1 << 16  # characters
_LONGEST = 1 << 13  # characters per call; the time grows faster than the length
_PACKAGES = ("kiwipiepy", "kiwipiepy_model")

Result = TypeVar("Result")


def start() -> Any:
    """A new Kiwi with its default model, for all cores. Raises KorpusError if it cannot start."""
    try:
        with signals_delayed():
            import kiwipiepy

            # With fewer than two threads, Kiwi does not take an iterator of texts.
            return kiwipiepy.Kiwi(num_workers=max(2, os.cpu_count() or 1))
    except Exception as error:  # for a missing model, Kiwi has errors of its own
        reason = " ".join(str(error).split()) or type(error).__name__
        message = _("analyzer {name} cannot start: {reason}")
        raise KorpusError(
            message.format(name="kiwi", reason=reason), _("run: korpus doctor")
        ) from error


@cache
def kiwi() -> Any:
    """The Kiwi that all whole texts share; see `start`."""
    return start()


def versions() -> dict[str, str]:
    """The versions of the packages that determine the output."""
    return {package: version(package) for package in _PACKAGES}


def parts(text: str, longest: int = _LONGEST) -> list[str]:
    """A text in parts of at most `longest` characters; joined they are the text.

    A text that is not longer is one part, and others are cut at line ends if possible.
    """
    if len(text) <= longest:
        return [text]
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if found and len(found[-1]) + len(line) <= longest:
            found[-1] += line
        else:
            found.extend(pieces(line, longest))
    return found


def with_results(
    documents: Iterable[Record],
    apply: Callable[[list[str]], Iterable[Result]],
    blank: Callable[[str], Result],
    counts: Counts,
    rejects: Rejects | None,
) -> Iterator[tuple[Record, list[str], list[Result]]]:
    """Documents with the parts of their text, and what `apply` makes of each part. Streams.

    `blank` makes the result of blank parts, for which Kiwi need not be loaded.
    Texts are composed first (NFC), and counted. Documents at which Kiwi fails are set aside.
    """
    for batch in batches_of(documents, BATCH):
        good = [(record, parts(record["text"])) for record in composed(batch, counts, rejects)]
        for (record, its_parts), results in zip(good, _results(good, apply, blank), strict=True):
            if isinstance(results, Exception):
                reason = " ".join(str(results).split()) or type(results).__name__
                (rejects or refuse)(set_aside(record, "failed", reason))
            else:
                yield record, its_parts, results


def _results(
    good: list[tuple[Record, list[str]]],
    apply: Callable[[list[str]], Iterable[Result]],
    blank: Callable[[str], Result],
) -> Iterator[list[Result] | Exception]:
    """The results of each document; if the batch fails, the documents are done one by one."""

    def results(its_parts: list[str]) -> list[Result]:
        texts = [part for part in its_parts if part and not part.isspace()]
        found = iter(apply(texts) if texts else ())
        return [next(found) if part and not part.isspace() else blank(part) for part in its_parts]

    try:
        found = iter(results([part for _, its_parts in good for part in its_parts]))
    except Exception:
        for _record, its_parts in good:
            try:
                yield results(its_parts)
            except Exception as error:  # Kiwi has errors of its own
                yield error
        return
    for _record, its_parts in good:
        yield [next(found) for _part in its_parts]
