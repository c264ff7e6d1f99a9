"""Numbers that workers add up by key, and Spark after them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from korpus.records import Record
from korpus.spark.counting import Count, Counting, count
from korpus.spark.documents import Documents
from korpus.spark.task import good_documents


class Sums:
    """Up to three numbers per key; a key is a tuple that JSON can express."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[Any, ...], list[int]] = {}

    def add(self, key: tuple[Any, ...], a: int = 0, b: int = 0, c: int = 0) -> None:
        """Add to the numbers of a key."""
        found = self.numbers.get(key)
        if found is None:
            self.numbers[key] = [a, b, c]
        else:
            found[0] += a
            found[1] += b
            found[2] += c

    def update(self, other: "Sums") -> None:
        """Add those of another process; they come as rows, so that nothing is left to add."""
        for key, numbers in other.numbers.items():
            self.add(key, *numbers)

    def taken(self) -> Iterator[Count]:
        """All keys with their numbers, which are gone then."""
        numbers, self.numbers = self.numbers, {}
        for key, found in numbers.items():
            yield key, found[0], found[1], found[2]

    def __len__(self) -> int:
        return len(self.numbers)


def summed(
    stage: Callable[..., Iterable[Record]], documents: Documents, *, where: str = "true"
) -> Iterator[tuple[list[Any], int, int, int]]:
    """Run a stage that adds to `counts`, Sums. Gives the keys and their numbers, in order.

    `where`: a condition on the sums a, b and c.
    """
    work: Counting = count(
        stage,
        documents,
        decode=good_documents,
        counts=Sums(),
        split=Sums.taken,
        size=len,
    )
    yield from sorted(work.keyed(where), key=lambda found: found[0])
