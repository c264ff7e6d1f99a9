"""Near duplicates: MinHash over syllables, then the similarity of each candidate pair."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy

SYLLABLES = 3  # per shingle
_HASHES, _SEED = 126, 42
_BATCH = 5000  # documents
# A pair of similarity .8 shares a band of this many hashes with a probability of .998.
_PER_BAND = 6
_LOWER = 4  # for thresholds below .7: .99 at .6
_LONGEST = 512  # characters of texts that are kept whole; of longer ones, their hashes
_MOST = 50  # kept documents of a bucket that are compared with
_FACTOR = 0x9E3779B97F4A7C15


class Candidates:
    """Finds the documents that may be near duplicates of each other.

    Holds up to 512 characters or bytes of each text, and eight bytes per band.
    """

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.per_band = _PER_BAND if threshold >= 0.7 else _LOWER
        self.texts: list[str | bytes] = []
        self._waiting: list[str] = []
        self._bands: list[numpy.ndarray] = []

    def add(self, text: str) -> None:
        """Add the next document, by its normalised text."""
        self._waiting.append(text)
        if len(self._waiting) >= _BATCH:
            self._hash()

    def _hash(self) -> None:
        import numpy as np

        hashes = _hashes(self._waiting)
        used = _HASHES - _HASHES % self.per_band
        bands = hashes[:, :used].astype(np.uint64).reshape(len(hashes), -1, self.per_band)
        mixed = np.zeros(bands.shape[:2], np.uint64)
        for place in range(self.per_band):
            mixed = (mixed ^ bands[:, :, place]) * np.uint64(_FACTOR)
            mixed ^= mixed >> np.uint64(29)
        self._bands.append(mixed)
        self.texts += [
            text if len(text) <= _LONGEST else row.tobytes()
            for text, row in zip(self._waiting, hashes, strict=True)
        ]
        self._waiting.clear()

    def duplicates(self, order: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        """Each document that is a near duplicate, the one that it is like, and how much.

        `order`: the documents to look at, preferred ones first. A document is compared with those
        before it that are no duplicates themselves, so that each is like one that is kept.
        """
        if self._waiting:
            self._hash()
        if not self._bands:
            return
        import numpy as np

        shared = self._shared(order)
        # Per bucket, the documents in it that are kept, as far as there is room.
        ends = array("q", np.cumsum(shared.rooms).tobytes())
        free = array("q", (np.cumsum(shared.rooms) - shared.rooms).tobytes())
        starts = free[:]
        kept = array("i", bytes(4 * (ends[-1] if ends else 0)))
        for document, buckets in shared.each():
            found = {other for bucket in buckets for other in kept[starts[bucket] : free[bucket]]}
            best, similarity = -1, 0.0
            for other in sorted(found):
                alike = similarity_of(self.texts[document], self.texts[other])
                if alike > similarity:
                    best, similarity = other, alike
            if similarity >= self.threshold:
                yield document, best, similarity
                continue
            for bucket in buckets:
                if free[bucket] < ends[bucket]:
                    kept[free[bucket]] = document
                    free[bucket] += 1

    def _shared(self, order: Sequence[int]) -> "_Shared":
        """Documents in order, each with its buckets: bands that another document has too."""
        import numpy as np

        chosen = np.asarray(order, np.int64)
        places, buckets, rooms, first = [], [], [], 0
        for number in range(self._bands[0].shape[1]):
            band = np.concatenate([part[:, number] for part in self._bands])[chosen]
            _values, at, counts = np.unique(band, return_inverse=True, return_counts=True)
            is_shared = counts > 1
            numbers = (np.cumsum(is_shared) - 1 + first).astype(np.int32)
            places.append(np.flatnonzero(is_shared[at]).astype(np.int32))
            buckets.append(numbers[at[places[-1]]])
            rooms.append(np.minimum(counts[is_shared], _MOST).astype(np.int32))
            first += len(rooms[-1])
        self._bands = []
        place, bucket = np.concatenate(places), np.concatenate(buckets)
        places, buckets = [], []
        by_place = np.argsort(place, kind="stable")
        return _Shared(chosen, place[by_place], bucket[by_place], np.concatenate(rooms))


class _Shared(NamedTuple):
    """Documents, and for each of those with buckets, its place and its buckets, by place.

    `rooms`: per bucket, how many documents of it are compared with at most.
    """

    documents: Any
    places: Any
    buckets: Any
    rooms: Any

    def each(self) -> Iterator[tuple[int, list[int]]]:
        """Each document with buckets, and these."""
        import numpy as np

        ends = np.flatnonzero(np.diff(self.places)) + 1
        starts = np.append(0, ends)[: len(self.places)]
        for start, end in zip(starts, np.append(ends, len(self.places)), strict=False):
            yield int(self.documents[self.places[start]]), self.buckets[start:end].tolist()


def similarity_of(text: str | bytes, other: str | bytes) -> float:
    """The share of shingles that two texts share (Jaccard); estimated if one is only hashes."""
    if isinstance(text, str) and isinstance(other, str):
        ours, theirs = _remembered(text), _remembered(other)
        return len(ours & theirs) / len(ours | theirs)
    import numpy as np

    rows = [
        _hashes([one])[0] if isinstance(one, str) else np.frombuffer(one, np.uint32)
        for one in (text, other)
    ]
    return float((rows[0] == rows[1]).mean())


def _shingles(text: str) -> frozenset[str]:
    """The runs of three syllables of a normalised text; a shorter text is one."""
    last = max(1, len(text) - SYLLABLES + 1)
    return frozenset(text[at : at + SYLLABLES] for at in range(last))


_remembered = lru_cache(maxsize=1 << 12)(_shingles)


def _hashes(texts: list[str]) -> Any:
    import numpy as np
    from rensa import RMinHash

    shingles = [list(_shingles(text)) for text in texts]
    found = RMinHash.digests_from_token_sets(shingles, _HASHES, _SEED)
    return np.array(found, np.uint32)
