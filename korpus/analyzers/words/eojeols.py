"""The eojeols (어절) of a collection, counted in arrays: what begins them, and what follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

WIDTH = 16  # characters of an eojeol that are looked at
_MOST_ROWS = 4_000_000  # of different eojeols; a row takes 40 bytes
_MERGED_AT = 1 << 19  # rows that wait before they are merged
_HANGUL = (0xAC00, 0xD7A4)
_LETTERS = np.zeros(1 << 16, bool)  # what an eojeol is made of
_LETTERS[slice(*_HANGUL)] = True
for _first, _last in ("09", "AZ", "az"):
    _LETTERS[ord(_first) : ord(_last) + 1] = True

Array = np.ndarray[Any, Any]


class Occurrences(NamedTuple):
    """All eojeols of some documents, sorted: as keys, and the number of their document."""

    keys: Array
    documents: Array


class Prefixes(NamedTuple):
    """All different strings of one length that begin eojeols.

    `rows`: the first row of each. `counts`: eojeols that begin so. `entropies`: branching entropy
    of what follows, see `entropy`.
    """

    rows: Array
    counts: Array
    entropies: Array


@dataclass
class Eojeols:
    """Different eojeols and their counts, sorted. Documents are added; then `merge` is called.

    An eojeol is a run of Hangul syllables, Latin letters and digits, cut to WIDTH characters. A
    key has two bytes per character, so that the order of keys is that of the characters.
    `cut`: how often rare eojeols were forgotten, since more than _MOST_ROWS were different.
    """

    keys: Array
    counts: Array
    cut: int = 0

    def __init__(self) -> None:
        self.keys, self.counts = np.empty(0, f"S{2 * WIDTH}"), np.empty(0, np.int64)
        self._waiting: list[tuple[Array, Array]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Count the eojeols of documents."""
        keys, counts = np.unique(occurrences(texts, sort=False).keys, return_counts=True)
        self._waiting.append((keys, counts))
        if sum(len(keys) for keys, _counts in self._waiting) > max(_MERGED_AT, len(self.keys)):
            self.merge()

    def merge(self) -> None:
        """Bring what was counted together."""
        parts = [(self.keys, self.counts), *self._waiting]
        self._waiting = []
        keys = np.concatenate([keys for keys, _counts in parts])
        counts = np.concatenate([counts for _keys, counts in parts])
        order = np.argsort(keys, kind="stable")
        keys, counts = keys[order], counts[order]
        if not len(keys):
            return
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        self.keys, self.counts = keys[starts], np.add.reduceat(counts, starts)
        if len(self.keys) > _MOST_ROWS:
            often = self.counts > 1
            self.keys, self.counts = self.keys[often], self.counts[often]
            self.cut += 1

    def rows_of(self, form: str) -> tuple[int, int]:
        """The rows of the eojeols that begin with a form: the first, and the one after the last."""
        first, after = ranges(self.keys, [form])
        return int(first[0]), int(after[0])

    def count(self, form: str) -> int:
        """How many eojeols begin with a form."""
        first, after = self.rows_of(form)
        return int(self.counts[first:after].sum())

    def entropy(self, form: str) -> float:
        """Branching entropy (Jin & Tanaka-Ishii 2006) of what follows a form that begins eojeols.

        H = -Σ p(x) ln p(x) over the characters x that come next; the end of the eojeol is one.
        """
        first, after = self.rows_of(form)
        following = _codes(self.keys[first:after])[:, len(form)]
        return _entropy(following, self.counts[first:after])

    def left_entropies(self, forms: Sequence[str]) -> list[float]:
        """The same of what stands before each form, wherever it is; the start is one character."""
        codes = _codes(self.keys)
        heads = np.array([[ord(char) for char in form[:2]] for form in forms], np.uint32)
        wanted = np.unique(heads[:, 0] << 16 | heads[:, 1])
        keys, before, counts = [], [], []
        for at in range(WIDTH - 1):
            pairs = codes[:, at].astype(np.uint32) << 16 | codes[:, at + 1]
            rows = np.flatnonzero(np.isin(pairs, wanted))
            cells = np.zeros((len(rows), WIDTH), ">u2")
            cells[:, : WIDTH - at] = codes[rows, at:]
            keys.append(_as_keys(cells))
            before.append(codes[rows, at - 1] if at else np.zeros(len(rows), np.uint16))
            counts.append(self.counts[rows])
        found = np.concatenate(keys)
        order = np.argsort(found, kind="stable")
        neighbours, weights = np.concatenate(before)[order], np.concatenate(counts)[order]
        return [
            _entropy(neighbours[first:after], weights[first:after])
            for first, after in zip(*ranges(found[order], forms), strict=True)
        ]

    def cohesion(self, form: str) -> float:
        """How firmly a form follows from its first character: (c(x1…xn) / c(x1)) ^ (1 / (n-1))."""
        return float((self.count(form) / self.count(form[0])) ** (1 / max(1, len(form) - 1)))

    def prefixes(self, longest: int) -> Iterator[Prefixes]:
        """The strings of 1, 2, … characters that begin eojeols, with their statistics."""
        codes = _codes(self.keys)
        same = np.zeros(len(codes), np.int64)  # leading characters as in the row before
        going_on = np.append(False, np.ones(max(0, len(codes) - 1), bool))
        for column in range(longest + 1):
            going_on[1:] &= codes[1:, column] == codes[:-1, column]
            same += going_on
        rows = np.flatnonzero(same < 1)
        for length in range(1, longest + 1):
            counts = np.add.reduceat(self.counts, rows)
            longer = np.flatnonzero(same < length + 1)
            parents = np.searchsorted(rows, longer, "right") - 1
            shares = np.add.reduceat(self.counts, longer) / counts[parents]
            entropies = -np.bincount(parents, shares * np.log(shares), len(rows))
            real = codes[rows, length - 1] > 0
            yield Prefixes(rows[real], counts[real], np.abs(entropies[real]))
            rows = longer

    def forms(self, rows: Array, length: int) -> list[str]:
        """The first characters of rows."""
        data = self.keys[rows].tobytes()
        size = 2 * WIDTH
        return [data[at : at + 2 * length].decode("utf-16-be") for at in range(0, len(data), size)]

    def rests(self, form: str) -> Iterator[tuple[str, int]]:
        """What follows a form to the end of the eojeol, with its counts."""
        first, after = self.rows_of(form)
        data = self.keys[first:after].tobytes().decode("utf-16-be")
        for number, count in enumerate(self.counts[first:after].tolist()):
            yield data[number * WIDTH + len(form) : (number + 1) * WIDTH].rstrip("\0"), count

    def rows(self) -> Iterator[tuple[str, int]]:
        """All eojeols with their counts."""
        for at in range(0, len(self.keys), _MERGED_AT):
            data = self.keys[at : at + _MERGED_AT].tobytes().decode("utf-16-be")
            for number, count in enumerate(self.counts[at : at + _MERGED_AT].tolist()):
                yield data[number * WIDTH : (number + 1) * WIDTH].rstrip("\0"), count


def occurrences(texts: Sequence[str], *, sort: bool = True) -> Occurrences:
    """The eojeols of texts as sorted keys, with the number of the text of each."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-16-le", "replace"), "<u2")
    inside = np.append(_LETTERS[codes], False)
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        edges = np.append(0, edges)
    starts, ends = edges[::2], edges[1::2]
    columns = np.arange(WIDTH)
    places = starts[:, None] + columns
    cells = codes[np.minimum(places, len(codes) - 1)]
    cells[places >= ends[:, None]] = 0
    keys = _as_keys(cells)
    sizes = [len(text.encode("utf-16-le", "replace")) // 2 + 1 for text in texts]
    documents = np.searchsorted(np.cumsum(sizes), starts, "right")
    if sort:
        order = np.argsort(keys, kind="stable")
        keys, documents = keys[order], documents[order]
    return Occurrences(keys, documents)


def ranges(keys: Array, forms: Sequence[str]) -> tuple[Array, Array]:
    """For each form, the sorted keys that begin with it: the first, and the one after the last."""
    encoded = [form.encode("utf-16-be") for form in forms]
    highest = [code.ljust(2 * WIDTH, b"\xff") for code in encoded]
    kind = f"S{2 * WIDTH}"
    first = np.searchsorted(keys, np.array(encoded, kind))
    return first, np.searchsorted(keys, np.array(highest, kind))


def _entropy(characters: Array, counts: Array) -> float:
    weights = np.bincount(characters, counts)
    shares = weights[weights > 0] / weights.sum()
    return abs(float((shares * np.log(shares)).sum()))


def _as_keys(codes: Array) -> Array:
    return np.ascontiguousarray(codes, ">u2").view(f"S{2 * WIDTH}").ravel()


def _codes(keys: Array) -> Array:
    return np.ascontiguousarray(keys).view(">u2").reshape(len(keys), WIDTH).astype(np.uint16)
