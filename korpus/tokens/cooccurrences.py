"""How often terms occur together (동시출현): in a window, a sentence, a paragraph or a document."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from korpus.checks import check_choice
from korpus.elsewhere import elsewhere
from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import DocumentSource
from korpus.statistics.association import MEASURES, expected
from korpus.tokens.pairs import BOTH, DIRECTIONS, Pairs, pairs_in_units, pairs_in_windows
from korpus.tokens.placed import UNITS, WINDOW, PlacedPart, Term, placed_terms

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_WIDEST = 100  # a window


@dataclass
class Cooccurrences(Pairs):
    """Pairs of terms with the number of units in which they are together; see `Pairs`.

    `terms`: sorted, each with its tag; what `first` and `second` are indices of. `frequencies`:
    int64, occurrences of each term. `documents`: their number. `is_window`: whether units are pairs
    of tokens in windows.
    """

    terms: list[Term]
    frequencies: "Array"
    documents: int
    is_window: bool

    def __len__(self) -> int:
        return len(self.joint)

    def select(self, chosen: "Array") -> "Cooccurrences":
        """The pairs where `chosen` (bool per pair) is true, or those with these indices."""
        return replace(
            self, first=self.first[chosen], second=self.second[chosen], joint=self.joint[chosen]
        )

    @property
    def counts(self) -> "Array":
        """How often the two terms of each pair are together: int64.

        `joint` but for pairs of a term with itself, which are two units in a window of both sides.
        """
        import numpy

        doubled = self.is_window & self.is_symmetric & (self.first == self.second)
        return numpy.where(doubled, self.joint // 2, self.joint)

    def measure(self, name: str) -> "Array":
        """A measure of association of each pair; `name`: of `association.MEASURES`.

        In windows, measures of overlap compare the pair's count with how often each term occurs, as
        the Sketch Engine does (Rychlý 2008), so that they do not depend on the width of the window.
        Where a term has the other several times in its window, they can be above their maximum.
        The others are of pairs of tokens.
        """
        measure = MEASURES[name]
        if self.is_window and measure.is_overlap:
            first, second = self.frequencies[self.first], self.frequencies[self.second]
            return measure.function(self.counts, first, second, self.total)
        return measure.function(*self._counts())

    def expected(self) -> "Array":
        """The joint count of each pair if its terms were independent."""
        return expected(*self._counts())

    def _counts(self) -> "tuple[Array, Array, Array, int]":
        first, second = self.first_totals[self.first], self.second_totals[self.second]
        return self.joint, first, second, self.total

    def matrix(self, values: "Array | None" = None) -> "csr_matrix":
        """The joint counts, or other values of the pairs, as terms × terms.

        Symmetric if the order means nothing, else a row is the first term.
        """
        import numpy
        import scipy.sparse

        data = self.joint if values is None else values
        rows, columns = self.first, self.second
        if self.is_symmetric:
            other = self.first != self.second
            data = numpy.concatenate([data, data[other]])
            rows, columns = (
                numpy.concatenate([x, y[other]])
                for x, y in ((self.first, self.second), (self.second, self.first))
            )
        size = len(self.terms)
        return scipy.sparse.csr_matrix((data, (rows, columns)), shape=(size, size))


@elsewhere
def cooccurrences(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    unit: str = WINDOW,
    window: int = 5,
    direction: str = BOTH,
    close_gaps: bool = False,
    tagged: bool = True,
    min_joint: int = 1,
    min_frequency: int = 1,
    max_terms: int | None = None,
    words: "Iterable[str] | None" = None,
) -> Cooccurrences:
    """Count pairs of terms that occur together. Needs the whole input; holds numbers and pairs.

    `documents`: records, or parts of `placed.place_terms` with the same `unit` and `close_gaps`.
    `unit`: `window`, `sentence`, `paragraph` (a line of the text) or `document`. `window`: the
    greatest distance of two tokens in one sentence; removed tokens keep their places unless
    `close_gaps`. `direction`: where the second term is in the window: right, left or both; other
    units have no direction. `tagged`: whether the same form with another tag is another term.
    `min_joint`, `min_frequency`: pairs and terms below are left out. `max_terms`: only the most
    frequent terms, ties in alphabetical order. `words`: only pairs with one of these, see
    `matching_terms`. What is left out still counts in all totals and keeps its place.

    Columns in: `tokens`, `tags`, and those of `morph --spans`: `spans`, `positions`,
    `sentence_starts`; for paragraphs `text`. Without them a document is one sentence, which is
    logged. Raises UsageError for bad options, KorpusError for records without tokens.
    """
    check_window(unit, window, direction)
    placed = placed_terms(documents, unit=unit, close_gaps=close_gaps, tagged=tagged)
    is_kept = kept_terms(placed.frequencies, min_frequency, max_terms)
    wanted = None if words is None else matching_terms(placed.terms, words)
    if unit == WINDOW:
        pairs = pairs_in_windows(placed, window, direction, is_kept, wanted, min_joint)
    else:
        pairs = pairs_in_units(placed, is_kept, wanted, min_joint)
    return Cooccurrences(
        **vars(pairs),
        terms=placed.terms,
        frequencies=placed.frequencies,
        documents=placed.documents,
        is_window=unit == WINDOW,
    )


def check_window(unit: str, window: int, direction: str) -> None:
    """Raises UsageError for options that `cooccurrences` does not take."""
    check_choice("--unit", unit, UNITS)
    check_choice("--direction", direction, DIRECTIONS)
    if not 1 <= window <= _WIDEST:
        raise UsageError(
            _("{option} {value} is not from 1 to {most}").format(
                option="--window", value=window, most=_WIDEST
            ),
            _("the window is the greatest distance of two tokens: 1 means neighbours"),
        )


def matching_terms(terms: list[Term], words: Iterable[str]) -> "Array":
    """Whether each term is one of `words` (bool per term): a form, or form/TAG."""
    import numpy

    wanted = {normalize("NFC", word) for word in words}
    return numpy.array(
        [form in wanted or f"{form}/{tag}" in wanted for form, tag in terms], dtype=bool
    )


def kept_terms(frequencies: "Array", min_frequency: int, max_terms: int | None) -> "Array":
    """Which terms are kept (bool per term), by their frequencies; see `cooccurrences`."""
    import numpy

    is_kept = frequencies >= min_frequency
    if max_terms is not None and is_kept.sum() > max_terms:
        order = numpy.argsort(-frequencies, kind="stable")[:max_terms]
        is_kept[:] = False
        is_kept[order] = True
    return is_kept
