"""Near duplicates: MinHash over syllables, then the similarity of each candidate pair."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
        kept: defaultdict[int, list[int]] = defaultdict(list)
        for document, buckets in self._shared(order):
            found = {other for bucket in buckets for other in kept[bucket][:_MOST]}
            best, similarity = -1, 0.0
            for other in sorted(found):
                alike = similarity_of(self.texts[document], self.texts[other])
                if alike > similarity:
                    best, similarity = other, alike
            if similarity >= self.threshold:
                yield document, best, similarity
            else:
                for bucket in buckets:
                    kept[bucket].append(document)

    def _shared(self, order: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Documents in order, each with its buckets: bands that another document has too."""
        import numpy as np

        bands = np.concatenate(self._bands)
        self._bands = []
        chosen = np.asarray(order, np.int64)
        places, buckets, first = [], [], 0
        for band in bands.T:
            _values, at, counts = np.unique(band[chosen], return_inverse=True, return_counts=True)
            shared = np.flatnonzero(counts[at] > 1)
            places.append(shared)
            buckets.append(at[shared] + first)
            first += len(counts)
        place, bucket = np.concatenate(places), np.concatenate(buckets)
        by_place = np.argsort(place, kind="stable")
        place, bucket = place[by_place], bucket[by_place]
        ends = np.flatnonzero(np.diff(place)) + 1
        starts = [0, *ends.tolist()] if len(place) else []
        for start, end in zip(starts, [*ends.tolist(), len(place)], strict=False):
            yield int(chosen[place[start]]), bucket[start:end].tolist()


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
