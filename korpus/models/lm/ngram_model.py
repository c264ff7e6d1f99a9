"""The fitted language model of n-grams."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.analyzers import morph_again
from korpus.errors import KorpusError
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _
from korpus.models.lm.language_model import END, UNKNOWN, Following, LanguageModel, Scores
from korpus.models.lm.sequences import (
    MORPHEME,
    SPACE,
    UNITS,
    WORD,
    Documents,
    SequencePart,
    as_sequence_parts,
    morpheme_of,
    sequence_parts,
    units_of,
)
from korpus.models.lm.written import text_of
from korpus.models.term_model import TermModel
from korpus.records import Record, Table
from korpus.statistics.backoff import Backoff
from korpus.statistics.ngram_counts import with_ends
from korpus.statistics.sampling import drawn
from korpus.tokens import split_analysis
from korpus.tokens.parts import Analysis

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_MARKS = 3  # after the terms: the end of a sentence, unknown units, the start of a sentence


@dataclass(kw_only=True, eq=False, repr=False)
class NgramModel(TermModel, LanguageModel):
    """A language model of n-grams.

    `sizes`: the number of n-grams of each length. `codes`: of all but the first, see
    `ngram_counts`. `probabilities`: of all; `backoffs`: of all but the last, see `Backoff`.
    """

    kind: ClassVar[str] = "lm"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "sizes": ("int64", "n"),
        "codes": ("int64", "c"),
        "probabilities": ("float64", "p"),
        "backoffs": ("float64", "b"),
    }

    sizes: "Array"
    codes: "Array"
    probabilities: "Array"
    backoffs: "Array"

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """See `Model.restored`."""
        model = super().restored(header, arrays)
        if model.options.get("unit") not in UNITS or not model._is_sound():
            raise ValueError(_("its n-grams do not fit together"))
        return model

    def _is_sound(self) -> bool:
        """Whether all n-grams can be looked up: what a damaged model file may have lost."""
        import numpy

        sizes, base = self.sizes.tolist(), len(self.terms) + _MARKS
        total = sum(sizes)
        ends = [total - sizes[0] if sizes else 0, total, total - sizes[-1] if sizes else 0]
        if (
            not sizes
            or min(sizes) < 0
            or sizes[0] != base
            or ends != [len(self.codes), len(self.probabilities), len(self.backoffs)]
        ):
            return False
        if not ((self.probabilities >= 0) & (self.probabilities <= 1 + 1e-6)).all():
            return False
        if not ((self.backoffs >= 0) & numpy.isfinite(self.backoffs)).all():
            return False
        return all(
            not len(codes)
            or ((numpy.diff(codes) > 0).all() and codes[0] >= 0 and codes[-1] < before * base)
            for before, codes in zip(sizes, self.ngrams.codes[1:], strict=False)
        )

    @property
    def unit(self) -> str:  # type: ignore[override]
        """What its n-grams are made of."""
        return str(self.options["unit"])

    @property
    def order(self) -> int:
        """The length of its longest n-grams."""
        return len(self.sizes)

    @property
    def needs_tokens(self) -> bool:  # type: ignore[override]
        """Whether documents need tokens, and not text."""
        return self.unit == MORPHEME

    @cached_property
    def ngrams(self) -> Backoff:
        """Its n-grams by length."""
        import numpy

        first, *others = self.sizes.tolist()
        return Backoff(
            [numpy.arange(first), *_split(self.codes, others)],
            _split(self.probabilities, [first, *others]),
            _split(self.backoffs, [first, *others][:-1]),
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each term."""
        return {term: number for number, term in enumerate(self.terms)}

    @property
    def marks(self) -> tuple[int, int, int]:
        """The numbers of the end of a sentence, of unknown units, and of the start."""
        end, unknown, start = range(len(self.terms), len(self.terms) + _MARKS)
        return end, unknown, start

    @cached_property
    def names(self) -> tuple[list[str], list[str]]:
        """The tokens and the tags of its units, without the start of a sentence."""
        if self.unit != MORPHEME:
            return [*self.terms, END, UNKNOWN], [""] * (len(self.terms) + 2)
        parts = [morpheme_of(term, self.provenance["analyzer"]) for term in self.terms]
        tokens, tags = ([part[place] for part in parts] for place in (0, 1))
        return [*tokens, END, UNKNOWN], [*tags, "", ""]

    def transform(self, records: Iterable[Record]) -> Table:
        """How likely documents are; see `korpus.lm_score`."""
        from korpus.models.lm.score import lm_score

        return lm_score(records, self)

    def scored(
        self, documents: Documents, *, by: str | None = None, texts: bool = False
    ) -> Iterator[Scores]:
        """See `LanguageModel.scored`."""
        seen: set[Analysis] = set()
        for part in as_sequence_parts(documents, self.unit, by=by, texts=texts):
            new = part.analyses.keys() - seen
            seen |= new
            for analyzer, analysis in sorted(new, key=str):
                document = {"id": part.analyses[analyzer, analysis], "tokens": []}
                list(self.checked([document | {"analyzer": analyzer, "analysis": analysis}]))
            yield self.scores(part)

    def scores(self, part: SequencePart) -> Scores:
        """How likely the sentences of a part are."""
        import numpy

        end, unknown, start = self.marks
        ours = numpy.array([self.numbers.get(term, unknown) for term in part.terms], numpy.int64)
        lengths = numpy.asarray(part.lengths, numpy.int64)
        words, places = with_ends(ours[numpy.asarray(part.numbers)], lengths, start, end)
        found = self.ngrams.probabilities_of(words, places)
        found[places == 0] = 1  # the start of a sentence is given
        with numpy.errstate(divide="ignore"):
            logs = numpy.log(found)
        is_unknown = words == unknown
        first = numpy.flatnonzero(places == 0)

        def summed(values: "Array") -> "Array":
            return numpy.add.reduceat(values, first) if len(first) else values

        return Scores(
            part.ids,
            part.groups,
            numpy.asarray(part.sentences),
            part.texts,
            lengths + 1,
            summed(is_unknown.astype(numpy.int64)),
            summed((found == 0).astype(numpy.int64)),
            summed(logs),
            summed(numpy.where(is_unknown, 0, logs)),
        )

    def following(self, text: str) -> Following:
        """See `LanguageModel.following`."""
        return Following(*self.names, self.distribution(self._context(text)))

    def distribution(self, context: list[int]) -> "Array":
        """The probabilities of all units after others since the start of the sentence."""
        return self.ngrams.distribution(context)[:-1]

    def _context(self, text: str) -> list[int]:
        _end, unknown, start = self.marks
        (part,) = sequence_parts(self.documents_of([text]), unit=self.unit)
        ours = [self.numbers.get(term, unknown) for term in part.terms]
        return [start, *(ours[number] for number in part.numbers)]

    def spellings(self, texts: list[str]) -> list[tuple[int, float]]:
        """See `LanguageModel.spellings`."""
        import numpy

        found: list[tuple[int, float]] = []
        for part in sequence_parts(self.documents_of(texts), unit=self.unit):
            scores = self.scores(part)
            owner = numpy.repeat(numpy.arange(len(part.ids)), scores.sentences)
            oov = numpy.bincount(owner, scores.oov, len(part.ids)).astype(int)
            logs = numpy.bincount(owner, scores.log_probability, len(part.ids))
            found += zip(oov.tolist(), (-logs).tolist(), strict=True)
        return found

    def documents_of(self, texts: Iterable[str]) -> Iterator[Record]:
        """Texts as documents, analysed as those were that the model is made of."""
        records = ({"id": str(n), "text": text} for n, text in enumerate(texts, start=1))
        if not self.needs_tokens:
            return iter(records)
        analyzer = self.provenance["analyzer"]
        if analyzer is None:
            raise KorpusError(
                _("the model does not say how its tokens were made, so no text can be analysed"),
                _("train it on the output of one run of korpus morph"),
            )
        options, steps = split_analysis(self.provenance["analysis"])
        if steps:
            logger.warning(_("not repeated for this text: %s"), steps)
        return morph_again(records, analyzer, options)

    def sampled(
        self, start: str, count: int, longest: int, temperature: float, top: int | None, seed: int
    ) -> Iterator[Record]:
        """See `LanguageModel.sampled`."""
        import numpy

        dice = numpy.random.default_rng(seed)
        end, unknown, beginning = self.marks
        (given,) = self.documents_of([start]) if start else ({},)
        first = self._context(start) if start else [beginning]
        for number in range(1, count + 1):
            context = list(first)
            while len(context) - len(first) < longest:
                probabilities = self.distribution(context)
                probabilities[unknown] = 0
                unit = drawn(probabilities, temperature, top, dice)
                if unit is None or unit == end:
                    break
                context.append(unit)
            yield {"id": str(number), "text": self._written(given, context[len(first) :])}

    def _written(self, given: Record, units: list[int]) -> str:
        """A text and the units that follow it, as text."""
        tokens, tags = self.names
        found = [tokens[unit] for unit in units]
        if self.needs_tokens:
            its_tags = [*given.get("tags", []), *(tags[unit] for unit in units)]
            its_tokens = [*given.get("tokens", []), *found]
            return text_of(its_tokens, its_tags, self.provenance["analyzer"])
        between = " " if self.unit == WORD else ""
        found = [*units_of(given.get("text", ""), self.unit), *found]
        return between.join(found).replace(SPACE, " ")


def _split(array: "Array", sizes: list[int]) -> "list[Array]":
    return [array[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]


def fields_of(ngrams: Backoff) -> dict[str, Any]:
    """The arrays of a model of these n-grams."""
    import numpy

    empty: list[Array] = [numpy.empty(0)]
    return {
        "sizes": numpy.array([len(codes) for codes in ngrams.codes], numpy.int64),
        "codes": numpy.concatenate([numpy.empty(0, numpy.int64), *ngrams.codes[1:]]),
        "probabilities": numpy.concatenate(ngrams.probabilities),
        "backoffs": numpy.concatenate([*empty, *ngrams.backoffs]),
    }
