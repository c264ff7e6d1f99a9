"""Vectors of morphemes that were trained before, on other texts, and a rule for every word."""

import logging
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from korpus.documents.kiwi import kiwi
from korpus.files.model_files import ArraySpec, Header, Neighbours
from korpus.messages import _, listed, plural
from korpus.models.nearest import combined, nearest
from korpus.models.vector_model import VectorModel, Word
from korpus.tagsets import CONJUGATED, TAGSET_OF, group_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

# Groups whose tags differ between analyzers for the same word; the first are tried first.
_NAMES = ("noun", "propernoun", "root", "foreign", "boundnoun", "pronoun", "numeral", "unknown")
_PREDICATES = ("verb", "adjective", "auxiliary", "copula")
_RELATED = {
    **{name: (name, *(other for other in _NAMES if other != name)) for name in _NAMES},
    **{name: (name, *(other for other in _PREDICATES if other != name)) for name in _PREDICATES},
}
# Groups whose tokens have no meaning that pieces of them could have.
_WHOLE = ("particle", "ending", "number", "punctuation", "symbol", "emoticon", "web")
_SMOOTHING = 1e-4  # a of SIF: words of this probability get half the weight
_SHOWN = 5


@dataclass(kw_only=True, eq=False, repr=False)
class PretrainedVectors(VectorModel):
    """Vectors of morphemes with their tags.

    `terms`: as form/TAG with Kiwi's tags, the most frequent first, then other spellings.
    `rows`: int64, the row of `vectors` of each term. `probabilities`: float64, of each term, in
    the texts that the vectors were trained on.
    """

    kind: ClassVar[str] = "vectors"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "vectors": ("float32", "ud"),
        "rows": ("int64", "v"),
        "probabilities": ("float64", "v"),
    }

    rows: "Array"
    probabilities: "Array"

    def __repr__(self) -> str:
        return f"<{self.kind} model of {len(self.terms):,} terms>"

    @classmethod
    def _fields(cls, arrays: "dict[str, Array]") -> dict[str, Any]:
        rows = arrays["rows"]
        if len(rows) and not (rows.min() == 0 and rows.max() == len(arrays["vectors"]) - 1):
            raise ValueError(_("its terms and vectors do not agree in number"))
        return super()._fields(arrays)

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> "PretrainedVectors":
        """The model of a file's header and arrays; see `TermModel.restored`."""
        if not all("/" in str(term) for term in header["vocabulary"]):
            raise ValueError(_("its terms have no tags"))
        return super().restored(header, arrays)

    def lookup(self, words: Sequence[Word]) -> "tuple[Array, Array]":
        """The vectors of words, weighted by smooth inverse frequency (SIF; Arora et al. 2017).

        The weight of a word of probability p is a / (a + p) with a = 1e-4. A word is taken for the
        morpheme of its form and tag; else of its stem (먹다: 먹), or of a related part of speech,
        as analyzers differ in these; without a tag for the most frequent morpheme of its form. Any
        other word is split by Kiwi, and gets the mean of the vectors of its morphemes.
        """
        import numpy

        places = [self._place(word) for word in words]
        known = numpy.array([place is not None for place in places], bool)
        at = numpy.array([place for place in places if place is not None], int)
        vectors = numpy.zeros((len(words), self.vectors.shape[1]), numpy.float32)
        weights = numpy.zeros(len(words), numpy.float32)
        vectors[known] = self.vectors[self.rows[at]]
        weights[known] = self._weights[at]
        split: list[str] = []
        for number, pieces in self._pieces(words, places):
            its_weights = self._weights[pieces]
            vectors[number] = its_weights @ self.vectors[self.rows[pieces]] / its_weights.sum()
            weights[number] = its_weights.max()
            split.append(words[number].form)
        if split:
            logger.info(
                _("%s given the mean vector of the morphemes: %s"),
                plural(len(split), "word"),
                listed(split, _SHOWN),
            )
        return vectors, weights

    def terms_near(self, words: list[str], minus: list[str], top: int) -> Neighbours:
        """The terms nearest to some words; see `korpus.similar`."""
        import numpy

        given = [*words, *minus]
        vectors, weights = self.lookup([_typed(word) for word in given])
        known = {
            word: vector
            for word, vector, weight in zip(given, vectors, weights, strict=True)
            if weight
        }
        query = combined(words, minus, known.get, list(self._first))
        firsts = numpy.unique(self.rows, return_index=True)[1]
        names = [self._name(place) for place in firsts.tolist()]
        left_out = {
            self._name(int(firsts[self.rows[place]]))
            for word in given
            if (place := self._place(_typed(word))) is not None
        }
        return nearest(query, self.vectors, names, self.probabilities[firsts], top, left_out)

    def knows(self, word: Word) -> bool:
        """Whether a word is one of its morphemes, and not only made of some."""
        return self._place(word) is not None

    def term_points(self, words: list[str]) -> "Array":
        """The vectors of words as they are typed; see `Model.term_points`."""
        return self.lookup([_typed(word) for word in words])[0]

    def _name(self, place: int) -> str:
        """A term as it is shown: with its tag only if its form has a more frequent tag."""
        term = self.terms[place]
        form = term.rpartition("/")[0]
        return form if self._first[form] == place else term

    @cached_property
    def _weights(self) -> "Array":
        import numpy

        weights: Array = _SMOOTHING / (_SMOOTHING + self.probabilities)
        return weights.astype(numpy.float32)

    @cached_property
    def _exact(self) -> dict[str, int]:
        return {term: place for place, term in enumerate(self.terms)}

    @cached_property
    def _first(self) -> dict[str, int]:
        """The most frequent term of each form."""
        forms = ((term.rpartition("/")[0], place) for place, term in enumerate(self.terms))
        return dict(reversed(list(forms)))

    @cached_property
    def _of_group(self) -> dict[tuple[str, str], int]:
        """The most frequent term of each form and group of tags."""
        found: dict[tuple[str, str], int] = {}
        for place in (-self.probabilities).argsort(kind="stable").tolist():
            form, _slash, tag = self.terms[place].rpartition("/")
            found.setdefault((form, group_of(tag, "kiwi")), place)
        return found

    def _place(self, word: Word) -> int | None:
        """The number of the term that `lookup` takes a word for; None if there is no such term."""
        form, tag, analyzer = word
        if analyzer not in TAGSET_OF and (place := self._exact.get(f"{form}/{tag}")) is not None:
            return place
        group = group_of(tag, analyzer) if tag else ""
        stem = form[:-1] if len(form) > 1 and form.endswith("다") else ""
        if group in CONJUGATED and stem:
            form = stem
        for related in _RELATED.get(group, (group,)):
            if (place := self._of_group.get((form, related))) is not None:
                return place
        if (place := self._first.get(form)) is not None:
            return place
        if group in ("", *CONJUGATED):
            stems = [(stem, name) for name in _PREDICATES]
            stems += [(each[:-1], "root") for each in (form, stem) if each.endswith("하")]
            stems += [(each[:-1], "noun") for each in (form, stem) if each.endswith("하")]
            return next((self._of_group[each] for each in stems if each in self._of_group), None)
        return None

    def _pieces(
        self, words: Sequence[Word], places: Sequence[int | None]
    ) -> Iterator[tuple[int, list[int]]]:
        """The terms that Kiwi finds in words that are no terms, by the number of the word."""
        wanted = [
            number
            for number, (word, place) in enumerate(zip(words, places, strict=True))
            if place is None and _can_be_split(word)
        ]
        if not wanted:
            return
        texts = [words[number].form for number in wanted]
        for number, found in zip(wanted, kiwi().tokenize(texts), strict=True):
            pieces = [self._exact.get(f"{token.form}/{token.tag}") for token in found]
            if len(found) > 1 and (known := [piece for piece in pieces if piece is not None]):
                yield number, known


def _typed(word: str) -> Word:
    """A word as a user types it: 먹다, 배 or 배/NNG."""
    form, slash, tag = word.rpartition("/")
    return Word(form, tag, "kiwi") if slash and form and tag.isascii() else Word(word)


def _can_be_split(word: Word) -> bool:
    if len(word.form) < 2 or (word.tag and group_of(word.tag, word.analyzer) in _WHOLE):
        return False
    return any("가" <= letter <= "힣" for letter in unicodedata.normalize("NFC", word.form))
