"""What workers do: jobs, the batches that they are sent as tasks, and the answers."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from korpus.records import Counts, Record, RecordStream

Batch = TypeVar("Batch")  # opaque here: only the decoder looks inside
Item = TypeVar("Item")  # what the stage yields, one or none per document

# Called as stage(documents, counts=…). It checks its options when called, not when iterated.
Stage = Callable[..., Iterable[Item]]
Decode = Callable[[Batch], Iterable[Record]]
Encode = Callable[[Item], bytes]


class Addable(Protocol):
    """Counts of some documents, to which those of other documents can be added."""

    def update(self, other: Self, /) -> None:
        """Add other counts to these."""


@dataclass
class Answer(Generic[Item]):
    """The result for a batch: items (or bytes), documents set aside, counts."""

    found: list[Item | bytes]
    rejects: list[Record]
    counts: Any  # Addable


@dataclass(frozen=True)
class Job(Generic[Batch, Item]):
    """What to do with each batch.

    `guarded`: the stage takes a keyword `rejects`, called with each document that it sets aside,
    and yields exactly one item for every other document.
    """

    stage: Stage[Item]
    decode: Decode[Batch]
    encode: Encode[Item] | None
    make_counts: Callable[[], Addable] = Counts
    guarded: bool = False

    @property
    def counts_each(self) -> bool:
        """Whether counts come with each answer.

        Other counts than Counters may be large: a worker sends them once for several batches,
        unless they have an attribute `is_small`.
        """
        counts = self.make_counts()
        return self.guarded or isinstance(counts, Counter) or getattr(counts, "is_small", False)

    def here(self, batches: Iterable[Batch], **keywords: object) -> Iterator[Item | bytes]:
        """Run the stage in this process, on all batches as one stream."""
        found = self.stage(RecordStream.from_iterable(map(self.decode, batches)), **keywords)
        return map(self.encode, found) if self.encode else iter(found)


class Task(Generic[Batch, Item]):
    """A batch sent to a worker; when that one is lost, it is split into `parts`, which have no
    parts of their own.

    `at`: the batch's position in the input. `whole`: the task that this is a part of.
    `is_suspect`: a single document of a batch that a worker was lost with.
    """

    def __init__(self, batch: Batch, at: int = 0, whole: "Task[Any, Item] | None" = None) -> None:
        self.batch = batch
        self.at = at
        self.whole = whole
        self.is_suspect = False
        self.answer: Answer[Item] | Exception | None = None
        self.parts: list[Task[Any, Item]] = []
        self._done = 0  # parts, from the first on

    def split(self, parts: "list[Task[Any, Item]]") -> None:
        """Put parts in the place of this task."""
        whole = self.whole or self
        at = whole.parts.index(self) if self.whole else 0
        whole.parts[at : at + 1] = parts
        for part in parts:
            part.whole = whole

    @property
    def is_done(self) -> bool:
        """Whether all of it is answered."""
        while self._done < len(self.parts) and self.parts[self._done].answer is not None:
            self._done += 1
        return self._done == len(self.parts) if self.parts else self.answer is not None

    @property
    def is_failed(self) -> bool:
        """Whether the stage raised an error."""
        return any(isinstance(task.answer, Exception) for task in self.parts or [self])

    def result(self) -> Answer[Item]:
        """The answer. Raises what the stage raised."""
        whole: Answer[Item] = Answer([], [], Counts())
        for task in self.parts or [self]:
            assert task.answer is not None
            if isinstance(task.answer, Exception):
                raise task.answer
            if not self.parts:
                return task.answer
            whole.found += task.answer.found
            whole.rejects += task.answer.rejects
            whole.counts.update(task.answer.counts)
        return whole
