"""Long runs that can be taken up again: what is done so far, in a folder beside the output.

NAME.partial holds the records that are done, those set aside, and a journal with a line for each
batch: digests of what went in and of what came out, and a checksum of the line. What comes before
its turn, from a faster process, is in a file of its own until then. Another run of the same command
does only what is not there or not whole: what each process was at, and what was damaged.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from io import FileIO
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import place_file, sync, target_of, write_all, writing
from korpus.files.batches import Batch
from korpus.files.digests import batch_digest
from korpus.files.journal import (
    Done,
    Outcome,
    is_of,
    journal_line,
    lock,
    outcome_bytes,
    outcome_of,
    read_done,
    read_journal_line,
    read_outcome,
)
from korpus.files.readers import json_lines
from korpus.records import Counts, Record

_FORMAT = 2
_SYNCED = 64 << 20  # bytes of output after which the disk is told to keep them
_FILES = ("records", "rejects", "journal")
_EARLY = "early-"
_FIRST_LINES = 100


class Checkpoint:
    """A run towards `output` that can be taken up again; the context of all of its work.

    `identity`: what must be the same for that, by name: input, options, versions. `seen` is called
    with the records of each batch in their order, from the first. `restart`: begin anew whatever
    is there. Raises KorpusError where another run is at work on it, or what
    is there is damaged, and UsageError where it is of another identity.
    """

    def __init__(
        self,
        output: str,
        identity: dict[str, Any],
        *,
        seen: Callable[[bytes], None],
        restart: bool = False,
    ) -> None:
        self.output = output
        self.identity = identity
        self.seen = seen
        self.restart = restart
        self.counts = Counts()
        self.documents = 0
        self.rejected = 0
        self._is_begun = True  # by an earlier run, until it shows that it is not
        self._done: list[Done] = []
        self._early: dict[int, Done] = {}
        self._unsynced = 0

    def __enter__(self) -> Self:
        with writing(self.output):
            self._target = target_of(self.output)
            self.folder = self._target.with_name(f"{self._target.name}.partial")
            self._journal = self._locked_journal()
            try:
                self._take_up()
            except BaseException:
                self._leave(is_over=not self._is_begun)
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._records.close()
        self._rejects.close()
        self._leave(is_over=kind is None or not self.documents)

    def _leave(self, is_over: bool) -> None:
        if is_over:
            with contextlib.suppress(OSError):
                self._clear_early()
                for name in _FILES:  # the records first, see _take_up; last the journal, our lock
                    (self.folder / name).unlink(missing_ok=True)
                self.folder.rmdir()
        self._journal.close()  # and with it the lock

    def _clear_early(self) -> None:
        for path in self.folder.glob(f"{_EARLY}[0-9]*"):
            path.unlink()

    def remaining(self, batches: Iterable[Batch | None]) -> Iterator[Batch | None]:
        """The batches that are not done, and None for each that is (a source may pause there).

        Raises UsageError where those that are done were others.
        """
        known = dict(enumerate(self._done)) | self._early
        for at, batch in enumerate(batch for batch in batches if batch is not None):
            done = known.pop(at, None)
            if done and done.given != batch_digest(batch):
                raise self._changed("input")
            yield None if done else batch
        if known.keys() - self._early.keys():
            raise self._changed("input")

    def add(
        self, at: int, batch: Batch, records: bytes, rejects: list[Record], counts: Counts
    ) -> None:
        """Keep what came of batch number `at`, from 0; in any order.

        Raises KorpusError where the disk does not take it.
        """
        outcome = outcome_of(batch, records, rejects, counts)
        with writing(self.output):
            if at == len(self._done):
                self._append(outcome)
                self._settle()
            else:
                with self._stream(f"{_EARLY}{at}") as stream:
                    write_all(stream, outcome_bytes(outcome))
                self._early[at] = outcome.done
        self.documents += outcome.done.documents

    def _append(self, outcome: Outcome) -> None:
        """Put the batch whose turn it is behind the others."""
        done, records, rejects = outcome
        write_all(self._records, records)
        write_all(self._rejects, rejects)
        write_all(self._journal, journal_line(done))
        self._unsynced += len(records)
        if self._unsynced > _SYNCED:
            self._sync()
        self._count(done, records)

    def _settle(self) -> None:
        """Append those that came early and whose turn it is now."""
        while (at := len(self._done)) in self._early:
            path = self.folder / f"{_EARLY}{at}"
            outcome = read_outcome(path.read_bytes())
            if outcome is None:
                raise self._damaged()
            self._append(outcome)
            del self._early[at]
            path.unlink()

    def start(self) -> bytes:
        """The first lines of the records."""
        with (self.folder / "records").open("rb") as stream:
            return b"".join(islice(stream, _FIRST_LINES))

    def records(self) -> Iterator[Record]:
        """The records that are done."""
        return self._read("records")

    def rejects(self) -> Iterator[Record]:
        """The records that are set aside."""
        return self._read("rejects")

    def _read(self, name: str) -> Iterator[Record]:
        with (self.folder / name).open("rb") as stream:
            yield from json_lines(stream, name)

    def place(self) -> None:
        """Make the records the output, as they are."""
        with writing(self.output):
            self._sync()
            place_file(self.folder / "records", self._target)

    def _locked_journal(self) -> FileIO:
        while True:
            self._check_folder()
            self.folder.mkdir(exist_ok=True)
            journal = self._stream("journal")
            if not lock(journal):
                journal.close()
                raise KorpusError(
                    f"{self.output}: another run is writing it", "wait for it, or stop it"
                )
            if os.fstat(journal.fileno()).st_nlink:
                return journal
            journal.close()  # the other run was at its end, and took the folder away

    def _check_folder(self) -> None:
        """Nothing of anyone else's is touched, here or through a link."""
        folder = self.folder
        if not folder.is_symlink() and not folder.exists():
            return
        if folder.is_symlink() or not folder.is_dir() or any(map(_is_foreign, folder.iterdir())):
            raise KorpusError(
                f"{folder.name} is there already, and holds more than a run that was stopped",
                "move it away, or give the output another name",
            )

    def _stream(self, name: str) -> FileIO:
        path = self.folder / name
        path.touch()
        return FileIO(path, "r+b")

    def _take_up(self) -> None:
        lines = self._journal.readall().splitlines(keepends=True)
        # Without its records a run has come to its end, and was killed behind it.
        is_over = not (self.folder / "records").exists()
        self._records, self._rejects = self._stream("records"), self._stream("rejects")
        head = {"format": _FORMAT, **self.identity}
        self._is_begun = not is_over and (
            (bool(lines) and lines[0].endswith(b"\n"))
            or os.fstat(self._records.fileno()).st_size > 0
        )
        if self.restart or not self._is_begun:
            self._cut(0, 0, 0)
            self._clear_early()
            write_all(self._journal, journal_line(head))
            return
        before = read_journal_line(lines[0]) if lines else None
        if not isinstance(before, dict):
            raise self._damaged()
        for name, value in head.items():
            if before.get(name) != value:
                raise self._changed(name)
        self._verify(lines)
        self._find_early()
        self._settle()

    def _find_early(self) -> None:
        """What came before its turn, as far as it is whole."""
        for path in self.folder.glob(f"{_EARLY}*"):
            at, outcome = int(path.name.removeprefix(_EARLY)), read_outcome(path.read_bytes())
            if outcome is None or at < len(self._done):
                path.unlink()
                continue
            self._early[at] = outcome.done
            self.documents += outcome.done.documents

    def _verify(self, lines: list[bytes]) -> None:
        """Go behind the last batch of which all is there."""
        records, rejects, journal = 0, 0, len(lines[0])
        for line in lines[1:]:
            done = read_done(line)
            if done is None:
                break
            found, set_aside = self._records.read(done.records), self._rejects.read(done.rejects)
            if not is_of(done, found, set_aside):
                break
            self.documents += done.documents
            self._count(done, found)
            records, rejects = records + done.records, rejects + done.rejects
            journal += len(line)
        self._cut(records, rejects, journal)

    def _cut(self, *ends: int) -> None:
        streams = (self._records, self._rejects, self._journal)
        for stream, end in zip(streams, ends, strict=True):
            stream.truncate(end)
            stream.seek(end)

    def _count(self, done: Done, records: bytes) -> None:
        self.seen(records)
        self._done.append(done)
        self.rejected += done.rejected
        self.counts.update(done.counts)

    def _sync(self) -> None:
        for stream in (self._records, self._rejects, self._journal):
            sync(stream)
        self._unsynced = 0

    def _damaged(self) -> KorpusError:
        return KorpusError(
            f"{self.folder.name} is damaged", "start over with --restart, or remove it"
        )

    def _changed(self, name: str) -> UsageError:
        return UsageError(
            f"{self.folder.name} is of a run with other {name}, which was stopped",
            "with what it was then it goes on; --restart starts over",
        )


def _is_foreign(path: Path) -> bool:
    is_ours = path.name in _FILES or re.fullmatch(rf"{_EARLY}(0|[1-9][0-9]*)", path.name)
    return not is_ours or path.is_symlink() or not path.is_file()
