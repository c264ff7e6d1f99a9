"""Resume long runs: finished batches are saved beside the output until it is complete."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from io import BytesIO
from itertools import chain
from types import TracebackType
from typing import NamedTuple, Self

from korpus.errors import UsageError
from korpus.files.atomic import is_stream, output_errors, target_of
from korpus.files.batches import Batch
from korpus.files.digests import batch_digest
from korpus.files.partial_file import PartialFile, is_too_long, partial_path
from korpus.files.readers import json_lines
from korpus.files.saved_batch import SavedBatch
from korpus.files.writers import json_line
from korpus.messages import _
from korpus.records import Counts, Record
from korpus.signals import signals_delayed

logger = logging.getLogger("korpus")

_FORMAT = 3


class Identity(NamedTuple):
    """What must be the same for a run to be resumed.

    `input`: the digest of the source. `options`, `versions`: by name.
    """

    input: str
    options: dict[str, object]
    versions: dict[str, str]


class Finished(NamedTuple):
    """The results of a batch: records as JSON Lines, rejected documents, counts."""

    records: bytes
    rejects: list[Record]
    counts: Counts


class Checkpoint:
    """Saves the batches of a run towards `output`, so that the same run can be resumed.

    A context manager for the whole run: the partial file is deleted when it ends without an error,
    and kept otherwise. `resume`: what to do with the partial file of an earlier run. "auto" uses
    every saved batch whose input is in the source still; if that run had other options or versions,
    its file is kept aside until this run is complete, or is repeated. "only" refuses a run with
    another source, options or versions, and "never" discards what is saved.
    `documents` is how many are saved, `kept` how many of an earlier run are used.
    Raises KorpusError if another run writes this output, or if the partial file is damaged, and
    UsageError if "only" refuses it.
    """

    def __init__(self, output: str, identity: Identity, *, resume: str = "auto") -> None:
        self.output = output
        self.identity = identity
        self.resume = resume
        self.documents = 0
        self.kept = 0
        self.has_new_input = False
        self._saved: dict[str, tuple[int, int]] = {}  # digest of the input: row, documents
        self._numbered: dict[int, str] = {}  # the digests of an earlier run by number
        self._inputs: dict[int, str] = {}  # the digests of this run by number
        self._rows: dict[int, int] = {}
        self._next = 0
        self._latest: SavedBatch | None = None

    def __enter__(self) -> Self:
        with output_errors(self.output):
            path = partial_path(target_of(self.output))
        with ExitStack() as undo:
            with signals_delayed():  # else a new file may stay although nothing is saved in it
                own = _key(_as_json(self.identity))
                self._file = PartialFile(
                    path, self.output, restart=self.resume == "never", aside=own
                )
                undo.callback(self._abandon)
                while other := self._other_run():
                    self._change_files(other)
                if self._file.identity is None:
                    self._file.start(_as_json(self.identity))
            if self._difference() == "input":
                self.has_new_input = True
                self._file.add_identity(_as_json(self.identity))
            for row, batch in self._file.rows():
                if self._numbered.get(batch.number) is None:
                    self.documents += batch.documents
                self._numbered[batch.number] = batch.input
                self._saved[batch.input] = row, batch.documents
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or not self.documents:
            if kind is None:
                self._file.remove_aside()
            self._file.remove()
        else:
            self._file.close()

    def _abandon(self) -> None:
        if self._file.is_new:
            self._file.remove()
        self._file.close()

    def remaining(self, batches: Iterable[Batch | None]) -> Iterator[Batch | None]:
        """Yield the batches that are not saved, and None in place of each that is.

        With "only", raises UsageError if a saved batch has another input.
        """
        number = -1
        for number, batch in enumerate(batch for batch in batches if batch is not None):
            digest = self._inputs[number] = batch_digest(batch)
            if self._numbered.get(number, digest) != digest:
                self._input_differs()
            if digest not in self._saved:
                yield batch
                continue
            self._rows[number], documents = self._saved[digest]
            self.kept += documents
            yield None
        if max(self._numbered, default=-1) > number:
            self._input_differs()

    def add(
        self, number: int, batch: Batch, records: bytes, rejects: list[Record], counts: Counts
    ) -> None:
        """Save the results of a batch that `remaining` gave, by its number; in any order.

        Raises KorpusError if the disk is full or fails.
        """
        lines = b"".join(map(json_line, rejects))
        saved = SavedBatch(number, self._inputs[number], counts, lines, records)
        self._rows[number] = self._file.add(saved)
        self.documents += saved.documents
        self._latest = saved

    def ready(self) -> Iterator[Finished]:
        """Yield the results of the next batches in input order, as far as they are saved."""
        while (row := self._rows.get(self._next)) is not None:
            batch = self._latest
            if batch is None or batch.number != self._next:
                batch = self._file.read(row, self._inputs[self._next])
            self._next += 1
            rejects = list(json_lines(BytesIO(batch.rejects), self.output))
            yield Finished(batch.records, rejects, batch.counts)

    def _difference(self) -> str | None:
        """What of its identity the run that is saved has otherwise, if anything."""
        if self._file.identity is None:
            return None
        before, now = json.loads(self._file.identity), json.loads(_as_json(self.identity))
        names = ("format", "options", "versions", "input")
        return next((name for name in names if before.get(name) != now[name]), None)

    def _other_run(self) -> str | None:
        """What makes the saved run another one than this, if anything. Raises UsageError."""
        different = self._difference()
        if different and self.resume == "only":
            raise self._changed(different)
        return None if different == "input" else different

    def _change_files(self, different: str) -> None:
        """Keep the file of another run aside; take up that of this run, if it is there."""
        messages = {
            "options": _("starting over, as the run that was stopped had other options"),
        }
        other = _("starting over, as the run that was stopped had other versions")
        kept = _("what it saved is kept in {name} until this run is complete")
        assert self._file.identity is not None
        aside = self._file.keep_aside(_key(self._file.identity))
        self._file = PartialFile(self._file.path, self.output, aside=_key(_as_json(self.identity)))
        if self._file.identity is None:
            logger.info(messages.get(different, other) + "; " + kept.format(name=aside))

    def _input_differs(self) -> None:
        if self.resume == "only":
            raise self._changed("input")
        self.has_new_input = True

    def _changed(self, name: str) -> UsageError:
        messages = {
            "input": _("cannot resume {name}: it was started with a different input"),
            "options": _("cannot resume {name}: it was started with different options"),
        }
        other = _("cannot resume {name}: it was started with other versions of korpus or libraries")
        return UsageError(
            messages.get(name, other).format(name=self._file.path.name),
            _("leave out --resume only, or repeat the original command"),
        )


def can_resume(output: str) -> bool:
    """Whether a run can be resumed: if it writes a file, whose path is not too long for SQLite."""
    if is_stream(output):
        return False
    with output_errors(output):
        if is_too_long(partial_path(target_of(output))):
            logger.info(_("the path of the output is too long to save progress there"))
            return False
    return True


def parse_records(pieces: Iterable[bytes]) -> Iterator[Record]:
    """The records in pieces of JSON Lines. Streams."""
    return json_lines(chain.from_iterable(map(BytesIO, pieces)), "")


def _key(identity: str) -> str:
    """What tells runs of other options and versions apart, in the name of a file."""
    parts = json.loads(identity) | {"input": ""}
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def _as_json(identity: Identity) -> str:
    return json.dumps({"format": _FORMAT, **identity._asdict()}, sort_keys=True)
