"""What a run sets aside: documents that a stage rejects, and rows that cannot be read.

`command` makes the `Rejects` of a run. Commands that read rows collect them there; `morph` writes
them as they come.
"""

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import Counts, Record, RecordStream, without_bad_rows

if TYPE_CHECKING:
    from korpus.files.batches import Batch
    from korpus.workers import Answer
    from korpus.workers.task import Addable, Stage

logger = logging.getLogger("korpus")

_SET_ASIDE = 3  # the exit code
_SHOWN = 5  # rejected documents that are shown with their reasons
_MOST = 64 << 20  # characters of bad rows that a process holds
_current: "Rejects | None" = None
_total = 0
_decoded: list[Record] = []  # bad rows and rejected documents of this process


class Rejects:
    """The documents and rows that were set aside: their file, and the messages about them."""

    def __init__(self, sources: list[str], output: str | None, named: str | None) -> None:
        from korpus import files

        self.was_named = named is not None
        self.path = named
        if named is None and output is not None and not files.is_stream(output):
            self.path = files.name_of_rejects(output)
            files.check_rejects(self.path)
        if self.path:
            files.check_output(self.path, sources)
        self.private = [*sources, *([output] if output else [])]
        self.counts = Counts()
        self.number = 0
        self.shown: list[Record] = []
        self.rows: list[Record] = []
        self.name = self.path  # in messages
        self._stack = ExitStack()
        self._stream: BinaryIO | None = None
        self._is_complete = False

    def __enter__(self) -> Self:
        """Open the file if it was named, so that no other run may write it meanwhile."""
        if self.was_named:
            self._open()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def write(self, answers: "Iterable[Answer[Any]]") -> Iterator[Any]:
        """Yield what was found, and write what was rejected. The file is complete at the end."""
        for answer in answers:
            self.counts.update(answer.counts)
            if answer.rejects:
                self._write(answer.rejects)
            yield from answer.found
        self.write_rows()

    def write_rows(self) -> None:
        """Write the rows that were collected, once: where it can be, before the output is there."""
        if not self._is_complete:
            self._is_complete = True
            if self.rows:
                self._write(sorted(self.rows, key=lambda row: row.get("line", sys.maxsize)))
            self._stack.close()

    def _open(self) -> BinaryIO:
        from korpus import files

        if self._stream is None:
            path = self.path or os.devnull
            opened = files.open_output(path, no_wider_than=self.private)
            self._stream = self._stack.enter_context(opened)
        return self._stream

    def _write(self, rejected: list[Record]) -> None:
        from korpus import files

        global _total
        self.number += len(rejected)
        _total += len(rejected)
        self.shown += rejected[: _SHOWN - len(self.shown)]
        self._open().writelines(map(files.json_line, rejected))

    def end(self) -> int:
        """Log how many were set aside, and why. Gives the exit code."""
        if not self.number:
            if self.path and not self.was_named and Path(self.path).exists():
                logger.info(_("%s is from an earlier run; nothing was set aside now"), self.path)
            return 0
        for record in self.shown:
            if "id" in record:
                logger.warning(_("document %r: %s"), record["id"], record["reason"])
            else:
                logger.warning("%s", record["reason"])
        if self.number > len(self.shown):
            logger.warning(_("and %s"), plural(self.number - len(self.shown), "more document"))
        documents = plural(self.number, "document")
        if self.path is None:  # said with -q too: it stands nowhere else
            logger.error(_("%s set aside (--rejects FILE keeps them)"), documents)
        else:
            logger.warning(_("%s set aside in %s"), documents, self.name)
        return 0 if self.was_named else _SET_ASIDE


def start(sources: list[str], output: str | None, named: str | None) -> Rejects:
    """Make the rejects of this run."""
    global _current
    _current = Rejects(sources, output, named)
    return _current


def current() -> Rejects:
    """The rejects of this run."""
    assert _current is not None
    return _current


def set_aside() -> int:
    """How many documents and rows this run has set aside."""
    return _total


def collect(row: Record) -> None:
    """Set a row of this run aside."""
    current().rows.append(row)


def collect_here(record: Record) -> None:
    """Set a document aside in a stage of `run_collecting`, also in a worker process."""
    _decoded.append(record)


def guarded(
    stage: "Stage[Record]",
    documents: Iterable[Record],
    *,
    counts: "Addable | None" = None,
    rejects: Callable[[Record], None] | None = None,
) -> Iterable[Record]:
    """A stage for `workers.supervise` that rejects bad rows, after all of its documents."""
    bad: list[Record] = []

    def rejected() -> Iterator[Record]:
        for row in bad:
            if rejects is not None:
                rejects(row)
        yield from ()

    good = RecordStream.from_iterable([without_bad_rows(documents, bad)])
    return chain(stage(good, counts=counts, rejects=rejects), rejected())


class Collected:
    """What a stage counts, and the bad rows in its input. Those of several processes add up."""

    def __init__(self) -> None:
        self.counts: Any = None
        self.rows: list[Record] = []
        self.size = 0

    def update(self, other: "Collected") -> None:
        """Add the counts and rows of another process."""
        if other.counts is not None:
            if self.counts is None:  # not the other's: what was sent can only be added to others
                self.counts = type(other.counts)()
            self.counts.update(other.counts)
        self._add(other.rows)

    is_small = False

    def take_decoded(self) -> Iterator[Any]:
        """Collect the bad rows of what was decoded; nothing is yielded. Raises KorpusError."""
        self._add(_decoded)
        _decoded.clear()
        yield from ()

    def _add(self, rows: list[Record]) -> None:
        for row in rows:
            self.size += len(row.get("raw") or row.get("text") or "") + len(row["reason"])
            if self.size > _MOST:
                raise KorpusError(
                    _("too many rows cannot be read: {reason}").format(reason=row["reason"]),
                    _("is this the right format? --strict stops at the first one"),
                )
        self.rows += rows


class CollectedSmall(Collected):
    """The same for counts that come with the answer for each batch."""

    is_small = True


def decode(batch: "Batch") -> Iterator[Record]:
    """The documents of a batch, for `collecting`."""
    from korpus import files

    return files.documents(batch, _decoded)


def collecting(
    stage: "Stage[Any]",
    make_counts: Callable[[], Any],
    documents: Iterable[Record],
    *,
    counts: Collected | None = None,
) -> Iterable[Any]:
    """A stage for `workers.run` that collects bad rows in its counts; `decode` gave the documents.

    They are not among the documents, where a look at each document would cost a hundredth.
    """
    if counts is None:  # it checks its options
        return stage(documents)
    if counts.counts is None:
        counts.counts = make_counts()
    return chain(stage(documents, counts=counts.counts), counts.take_decoded())


def run_collecting(
    run: Callable[..., Iterator[Any]], stage: "Stage[Any]", batches: Iterable[Any], counts: Any
) -> Iterator[Any]:
    """`run(stage, batches, decode=…, counts=…)`, whose bad rows are set aside in this run."""
    collected = CollectedSmall() if isinstance(counts, Counter) else Collected()
    collected.counts = counts

    def ended() -> Iterator[Any]:
        for row in collected.rows:
            collect(row)
        current().write_rows()
        yield from ()

    found = run(partial(collecting, stage, type(counts)), batches, decode=decode, counts=collected)
    return chain(found, ended())
