"""N-grams with probabilities and backoff weights: how likely words are after others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.statistics.ngram_counts import find

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


@dataclass
class Backoff:
    """N-grams as numbers; see `ngram_counts` for their codes and `ngram_smoothing` for the rest.

    `codes`, `probabilities`: by level, all that are known. `backoffs`: by level, without the last.
    The first level holds all words, the last of which begins sentences and is never predicted.
    """

    codes: "list[Array]"
    probabilities: "list[Array]"
    backoffs: "list[Array]"

    @property
    def base(self) -> int:
        """The number of words."""
        return len(self.codes[0])

    def probabilities_of(self, words: "Array", places: "Array") -> "Array":
        """The probability of each word after those before it in its sentence.

        `places`: of the words in their sentences, from 0.
        """
        import numpy

        found: Array = self.probabilities[0][words]
        numbers = words.astype(numpy.int64)  # of the n-gram that ends at each word; -1 if unknown
        for level in range(1, len(self.codes)):
            contexts = numpy.full(len(words), -1)
            contexts[1:] = numbers[:-1]
            contexts[places < level] = -1
            known = numpy.flatnonzero(contexts >= 0)
            found[known] *= self.backoffs[level - 1][contexts[known]]
            at = find(self.codes[level], contexts[known] * self.base + words[known])
            is_seen = at >= 0
            seen = known[is_seen]
            found[seen] = self.probabilities[level][at[is_seen]]
            numbers = numpy.full(len(words), -1)
            numbers[seen] = at[is_seen]
        return found

    def distribution(self, context: Sequence[int]) -> "Array":
        """The probabilities of all words after a context, of which the last words count."""
        import numpy

        found: Array = self.probabilities[0].copy()
        order = len(self.codes)
        for level in range(1, min(order, len(context) + 1)):
            number = self._number(context[len(context) - level :])
            if number < 0:
                break
            found *= self.backoffs[level - 1][number]
            limits = numpy.array([number, number + 1]) * self.base
            first, end = numpy.searchsorted(self.codes[level], limits).tolist()
            words = self.codes[level][first:end] - number * self.base
            found[words] = self.probabilities[level][first:end]
        return found

    def _number(self, words: Sequence[int]) -> int:
        """The number of an n-gram in its level; -1 if it is not known."""
        import numpy

        number = words[0]
        for level, word in enumerate(words[1:], start=1):
            code = number * self.base + word
            at = int(numpy.searchsorted(self.codes[level], code))
            if at == len(self.codes[level]) or self.codes[level][at] != code:
                return -1
            number = at
        return number
