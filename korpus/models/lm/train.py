"""The stage lm_train: documents → a language model of n-grams."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count, zip_longest
from typing import TYPE_CHECKING, Any

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, listed, plural
from korpus.models.lm.language_model import ADD_K, KNESER_NEY, SMOOTHINGS
from korpus.models.lm.ngram_model import NgramModel, fields_of
from korpus.models.lm.sequences import (
    MORPHEME,
    UNITS,
    Documents,
    SequencePart,
    as_sequence_parts,
)
from korpus.records import Record, Row, Table
from korpus.statistics.backoff import Backoff
from korpus.statistics.ngram_counts import Level, count_ngrams, with_ends
from korpus.statistics.ngram_smoothing import Estimate, additive, kneser_ney
from korpus.tokens import Provenance
from korpus.tokens.parts import Analysis

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_MOST = 10  # words of an n-gram
_SHOWN = 10
COLUMNS = ["order", "ngrams", "once", "twice", "discount_1", "discount_2", "discount_3"]


@dataclass
class Training:
    """A language model and what was counted for it. Iterating gives the rows of `table`."""

    model: NgramModel
    table: Table

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def lm_train(
    documents: Documents,
    *,
    unit: str = MORPHEME,
    order: int = 3,
    smoothing: str = KNESER_NEY,
    k: float = 1.0,
    min_count: int = 1,
) -> Training:
    """Train a language model (언어 모델) of n-grams. Needs the whole input; holds numbers.

    Parameters: `unit`: morpheme (tokens with their tags), syllable or word (of the text). `order`:
    the length of the longest n-grams. `smoothing`: kneser-ney (interpolated and modified, Chen &
    Goodman 1999), add-k (with `k`) or mle (maximum likelihood: relative frequencies). `min_count`:
    rarer units are one unknown unit.
    Sentences are those that morph --spans found (else documents), and the lines of a text. Each
    begins with a start, which is never predicted, and its end is predicted as the units are.

    Columns in: `id`, `tokens`, `tags`, or `text`. Out: by `order` `ngrams`, how many are distinct;
    `once`, `twice`: how many occur so often; `discount_1`, `discount_2`, `discount_3`: what
    Kneser–Ney takes from counts of 1, 2, 3 and more.
    Raises UsageError for wrong options, KorpusError for documents without units.
    """
    check_train(unit, order, smoothing, k, min_count)
    sentences = _sentences(as_sequence_parts(documents, unit))
    if not len(sentences.numbers):
        raise KorpusError(
            _("no unit in {documents}").format(documents=plural(sentences.documents, "document")),
            _("a language model needs text"),
        )
    terms, numbers, rare = _vocabulary(sentences, min_count)
    end, unknown, start = range(len(terms), len(terms) + 3)
    numbers[numbers < 0] = unknown
    words, places = with_ends(numbers, sentences.lengths, start, end)
    levels = count_ngrams(words, places, order, start + 1)
    options: dict[str, Any] = {"unit": unit, "order": order, "smoothing": smoothing}
    if smoothing == KNESER_NEY:
        estimate = kneser_ney(levels, start)
        options["discounts"] = [list(each) for each in estimate.discounts]
    else:
        options["k"] = k if smoothing == ADD_K else 0.0
        estimate = additive(levels, start, options["k"])
    options["min_count"] = min_count
    _log(sentences, unit, rare, estimate)
    model = NgramModel(
        terms=terms,
        options=options,
        provenance=sentences.provenance(),
        **fields_of(
            Backoff([each.codes for each in levels], estimate.probabilities, estimate.backoffs)
        ),
    )
    return Training(model, _table(levels, estimate, start))


def check_train(unit: str, order: int, smoothing: str, k: float, min_count: int) -> None:
    """Raises UsageError for options that `lm_train` does not take."""
    check_choice("--unit", unit, UNITS)
    check_choice("--smoothing", smoothing, SMOOTHINGS)
    check_least("--order", order, 1)
    check_least("--min-count", min_count, 1)
    if order > _MOST:
        raise UsageError(
            _("--order {order} is more than {most}").format(order=order, most=_MOST),
            _("such as: {example}").format(example="--order 3"),
        )
    if not 0 < k < float("inf"):
        raise UsageError(
            _("--k must be above 0"), _("such as: {example}").format(example="--k 0.1")
        )


@dataclass
class _Sentences:
    """All sentences as numbers: `numbers` are indices into `terms`, `lengths` of sentences."""

    terms: list[str]
    numbers: "Array"
    lengths: "Array"
    documents: int
    unplaced: int
    analyses: set[Analysis]
    digest: str

    def provenance(self) -> Provenance:
        """What a model's header records about these documents."""
        one = next(iter(self.analyses)) if len(self.analyses) == 1 else (None, None)
        return {
            "analyzer": one[0],
            "analysis": one[1],
            "documents": self.documents,
            "tokens": len(self.numbers),
            "digest": self.digest,
        }


def _sentences(parts: Iterable[SequencePart]) -> _Sentences:
    import numpy

    number: defaultdict[str, int] = defaultdict(count().__next__)
    numbers, lengths = [numpy.empty(0, numpy.int32)], [numpy.empty(0, numpy.int32)]
    documents = unplaced = 0
    analyses: set[Analysis] = set()
    digest = sha256()
    for part in parts:
        ours = numpy.fromiter(map(number.__getitem__, part.terms), numpy.int32, len(part.terms))
        numbers.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        documents += len(part.ids)
        unplaced += part.unplaced
        analyses |= part.analyses.keys()
        for each in part.ids:
            digest.update(each.encode("utf-8", "surrogatepass") + b"\n")
    terms = sorted(number)
    rank = numpy.empty(len(terms), numpy.int32)
    rank[[number[term] for term in terms]] = numpy.arange(len(terms), dtype=numpy.int32)
    ranks, sizes = rank[numpy.concatenate(numbers)], numpy.concatenate(lengths)
    for array in (sizes, ranks):
        digest.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    digest.update("\n".join(terms).encode("utf-8", "surrogatepass"))
    return _Sentences(terms, ranks, sizes, documents, unplaced, analyses, digest.hexdigest())


def _vocabulary(sentences: _Sentences, min_count: int) -> "tuple[list[str], Array, int]":
    """The terms that are kept, the sentences with their numbers (else -1), and the rest's number.

    Terms with half a character are left out too: no file can hold them.
    """
    import numpy

    counts = numpy.bincount(sentences.numbers, minlength=len(sentences.terms))
    is_whole = [not any("\ud800" <= char <= "\udfff" for char in t) for t in sentences.terms]
    is_kept = (counts >= min_count) & numpy.array(is_whole, bool)
    if not is_kept.any():
        raise KorpusError(
            _("no unit occurs {count} times").format(count=min_count), _("lower --min-count")
        )
    place = numpy.where(is_kept, is_kept.cumsum() - 1, -1)
    terms = [sentences.terms[number] for number in numpy.flatnonzero(is_kept).tolist()]
    return terms, place[sentences.numbers], len(sentences.terms) - len(terms)


def _log(sentences: _Sentences, unit: str, rare: int, estimate: Estimate) -> None:
    counted = [
        plural(sentences.documents, "document"),
        plural(len(sentences.lengths), "sentence"),
        plural(len(sentences.numbers), "unit"),
        plural(len(sentences.terms), "type"),
    ]
    logger.info("%s", ", ".join(counted))
    if sentences.unplaced and unit == MORPHEME:
        logger.info(
            _("%s without places: each is one sentence; morph --spans gives places"),
            plural(sentences.unplaced, "document"),
        )
    if rare:
        logger.info(_("%s rarer than --min-count: one unknown unit"), plural(rare, "type"))
    if estimate.assumed:
        logger.warning(
            _("too few n-grams to estimate discounts at order %s: taken as 0.5, 1, 1.5"),
            listed(map(str, estimate.assumed), _SHOWN),
        )


def _table(levels: list[Level], estimate: Estimate, start: int) -> Table:
    rows: list[Row] = []
    for size, (level, discounts) in enumerate(
        zip_longest(levels, estimate.discounts, fillvalue=None), start=1
    ):
        assert level is not None
        counts = level.counts[:start] if size == 1 else level.counts
        often = [int((counts == number).sum()) for number in (1, 2)]
        rows.append((size, int((counts > 0).sum()), *often, *(discounts or (None,) * 3)))
    return Table(COLUMNS, lambda: rows)
