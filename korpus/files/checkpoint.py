"""Resume long runs: finished batches are saved beside the output until it is complete."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
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
    and kept otherwise. `restart`: discard an earlier run. `documents` is how many are saved.
    Raises KorpusError if another run writes this output, or if the partial file is damaged, and
    UsageError if it belongs to a run with another identity.
    """

    def __init__(self, output: str, identity: Identity, *, restart: bool = False) -> None:
        self.output = output
        self.identity = identity
        self.restart = restart
        self.documents = 0
        self._inputs: dict[int, str] = {}  # the digest of each saved batch, by its number
        self._rows: dict[int, int] = {}
        self._next = 0
        self._latest: SavedBatch | None = None

    def __enter__(self) -> Self:
        with output_errors(self.output):
            path = partial_path(target_of(self.output))
        with ExitStack() as undo:
            with signals_delayed():  # else a new file may stay although nothing is saved in it
                self._file = PartialFile(path, self.output, restart=self.restart)
                undo.callback(self._abandon)
                if self._file.identity is None:
                    self._file.start(_as_json(self.identity))
            if self._file.identity is not None:
                self._check_identity(self._file.identity)
                for row, batch in self._file.rows():
                    self._note(row, batch)
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or not self.documents:
            self._file.remove()
        else:
            self._file.close()

    def _abandon(self) -> None:
        if self._file.is_new:
            self._file.remove()
        self._file.close()

    def remaining(self, batches: Iterable[Batch | None]) -> Iterator[Batch | None]:
        """Yield the batches that are not saved, and None in place of each that is.

        Raises UsageError if a saved batch has another input.
        """
        number = -1
        for number, batch in enumerate(batch for batch in batches if batch is not None):
            saved = self._inputs.get(number)
            if saved is not None and saved != batch_digest(batch):
                raise self._changed("input")
            yield batch if saved is None else None
        if max(self._inputs, default=-1) > number:
            raise self._changed("input")

    def add(
        self, number: int, batch: Batch, records: bytes, rejects: list[Record], counts: Counts
    ) -> None:
        """Save the results of a batch by its number in the input, from 0; in any order.

        Raises KorpusError if the disk is full or fails.
        """
        lines = b"".join(map(json_line, rejects))
        saved = SavedBatch(number, batch_digest(batch), counts, lines, records)
        self._note(self._file.add(saved), saved)
        self._latest = saved

    def ready(self) -> Iterator[Finished]:
        """Yield the results of the next batches in input order, as far as they are saved."""
        while (row := self._rows.get(self._next)) is not None:
            batch = self._latest
            if batch is None or batch.number != self._next:
                batch = self._file.read(row, self._next)
            self._next += 1
            rejects = list(json_lines(BytesIO(batch.rejects), self.output))
            yield Finished(batch.records, rejects, batch.counts)

    def _note(self, row: int, batch: SavedBatch) -> None:
        if batch.number not in self._rows:
            self.documents += batch.documents
        self._rows[batch.number] = row
        self._inputs[batch.number] = batch.input

    def _check_identity(self, saved: str) -> None:
        before, now = json.loads(saved), json.loads(_as_json(self.identity))
        for name in ("format", "input", "options", "versions"):
            if before.get(name) != now[name]:
                raise self._changed(name)

    def _changed(self, name: str) -> UsageError:
        messages = {
            "input": _("cannot resume {name}: it was started with a different input"),
            "options": _("cannot resume {name}: it was started with different options"),
        }
        other = _("cannot resume {name}: it was started with other versions of korpus or libraries")
        return UsageError(
            messages.get(name, other).format(name=self._file.path.name),
            _("repeat the original command, or discard the saved progress with --restart"),
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


def _as_json(identity: Identity) -> str:
    return json.dumps({"format": _FORMAT, **identity._asdict()}, sort_keys=True)
