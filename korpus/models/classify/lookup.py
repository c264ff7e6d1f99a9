"""Where codes stand in a sorted array: a hash table of which many are looked up at once."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_ROOM = 4  # slots per code, so that few are taken when they are needed
# Fibonacci hashing: Knuth (1998), The Art of Computer Programming 3, section 6.4.
_FACTOR = 0x9E3779B97F4A7C15


class Lookup:
    """A hash table with open addressing over the codes `known` (int64, each once).

    A binary search of as many codes takes twice the time, even if they are sorted before.
    """

    def __init__(self, known: "Array") -> None:
        import numpy

        bits = max(2, (_ROOM * len(known)).bit_length())
        self.known = known
        self._shift = numpy.uint64(64 - bits)
        self._last = (1 << bits) - 1
        self._table = numpy.full(1 << bits, -1, numpy.int32)
        pending = numpy.arange(len(known), dtype=numpy.int32)
        slots = self._slots(known)
        while len(pending):
            is_free = self._table[slots] < 0
            self._table[slots[is_free]] = pending[is_free]
            is_left = self._table[slots] != pending
            pending, slots = pending[is_left], (slots[is_left] + 1) & self._last

    def find(self, codes: "Array") -> "Array":
        """The place of each code (int64) among the known ones (int32); -1 for an unknown code."""
        import numpy

        if not len(self.known):
            return numpy.full(len(codes), -1, numpy.int32)
        slots = self._slots(codes)
        found: Array = self._table[slots]
        left = numpy.flatnonzero((found >= 0) & (self.known[found] != codes))
        while len(left):  # the slot has another code: look into the next one
            slots[left] = (slots[left] + 1) & self._last
            found[left] = at = self._table[slots[left]]
            left = left[(at >= 0) & (self.known[at] != codes[left])]
        return found

    def _slots(self, codes: "Array") -> "Array":
        import numpy

        hashed: Array = codes.view(numpy.uint64) * numpy.uint64(_FACTOR)
        return (hashed >> self._shift).astype(numpy.int64)
