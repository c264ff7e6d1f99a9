"""The fitted classifier: a linear model of the TF-IDF of tokens and characters."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _, plural
from korpus.models.classify.codes import Documents, as_numbers
from korpus.models.classify.linear import Fit, classes_of, probabilities
from korpus.models.classify.vocabulary import Vocabulary
from korpus.models.term_model import TermModel, strings
from korpus.records import Counts, Record, RecordStream, Table, rename_clashes
from korpus.tokens.texts import text_parts

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_BATCH = 5000  # documents predicted at once
COLUMNS = ("predicted", "probability")
_SILENT, _TEXTLESS = "silent", "textless"  # what is counted


@dataclass(kw_only=True, eq=False, repr=False)
class Classifier(TermModel):
    """A fitted classifier.

    `labels`: the names of the classes. `terms`, `pairs`, `apart`, `ends`, `characters`, `ngrams`:
    its features, see `Vocabulary`; None for none. `weights`, `coef`, `intercept`: see `Fit`.
    `temperature`: what scores are divided by to make probabilities.
    """

    kind: ClassVar[str] = "classify"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "pairs": ("int64", "p"),
        "apart": ("int64", "d"),
        "ends": ("int64", "e"),
        "characters": ("int64", "a"),
        "ngrams": ("int64", "n"),
        "weights": ("float64", "f"),
        "coef": ("float64", "kf"),
        "intercept": ("float64", "k"),
    }

    optional_arrays: ClassVar[frozenset[str]] = frozenset({"apart", "ends"})

    labels: list[str]
    temperature: float
    pairs: "Array"
    apart: "Array | None"
    ends: "Array | None"
    characters: "Array"
    ngrams: "Array"
    weights: "Array"
    coef: "Array"
    intercept: "Array"

    def __post_init__(self) -> None:
        none = self.pairs[:0]
        self.vocabulary = Vocabulary(
            self.terms,
            self.pairs,
            none if self.apart is None else self.apart,
            none if self.ends is None else self.ends,
            self.characters,
            self.ngrams,
        )
        self.fit = Fit(self.weights, self.coef, self.intercept)

    def header(self) -> Header:
        """See `TermModel.header`."""
        return {
            **super().header(),
            "labels": self.labels,
            "temperature": self.temperature,
        }

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """See `Model.restored`."""
        model = super().restored(header, arrays)
        rows = len(model.labels) if len(model.labels) > 2 else 1
        fits = len(model.weights) == len(model.vocabulary) and len(model.intercept) == rows
        if not (fits and model.vocabulary.is_sound()):
            raise ValueError(_("its features or classes do not fit together"))
        return model

    @classmethod
    def _header_fields(cls, header: Header) -> dict[str, Any]:
        temperature = header["temperature"]
        if not (isinstance(temperature, float) and temperature > 0):
            raise TypeError(_("its temperature is not a number above 0"))
        return {"labels": strings(header["labels"]), "temperature": temperature}

    def scores(self, matrix: "csr_matrix") -> "Array":
        """The scores of documents, given as their features: documents × rows of `coef`."""
        return self.fit.scores(matrix)

    def predictions(
        self, documents: Iterable[Record], counts: Counts | None = None
    ) -> "Iterator[tuple[list[Record], Array]]":
        """Documents with their scores, in batches. Streams. `counts`: see `batches`."""
        for batch, _numbers, matrix in self.batches(documents, _BATCH, counts):
            yield batch, self.scores(matrix)

    def batches(
        self, documents: Iterable[Record], size: int, counts: Counts | None = None
    ) -> "Iterator[tuple[list[Record], Documents, csr_matrix]]":
        """Documents, the same as numbers, and as features. Streams.

        `counts`: where to count for `log_predicted` the documents without text or without a known
        feature; without it they are logged at the end.
        """
        found = Counts() if counts is None else counts
        records = self.checked(documents, looked_up=True, counts=counts)
        while batch := list(islice(records, size)):
            checked = RecordStream(batch)  # else each record would be checked twice
            numbers = as_numbers(text_parts(checked), self.vocabulary.numbers)
            matrix = self.vocabulary.matrix(numbers)
            found[_SILENT] += int((matrix.getnnz(axis=1) == 0).sum())
            if len(self.ngrams):
                found[_TEXTLESS] += int((numbers.sizes == 0).sum())
            yield batch, numbers, matrix
        if counts is None:
            self.log_predicted(found)

    def log_predicted(self, counts: Counts) -> None:
        """Log what was counted: other later steps, documents without text or known features."""
        self.log_steps(counts)
        log_textless(counts[_TEXTLESS])
        if silent := counts[_SILENT]:
            logger.warning(
                _("%s without a known feature: the class that the model gives to no features"),
                plural(silent, "document"),
            )

    def add_predictions(
        self, documents: Iterable[Record], counts: Counts | None = None
    ) -> Iterator[Record]:
        """Add `predicted` and `probability`; see `korpus.classify_predict`. Streams."""
        for batch, scores in self.predictions(documents, counts):
            numbers = classes_of(scores).tolist()
            chances = probabilities(scores, self.temperature).max(axis=1).tolist()
            for record, number, chance in zip(batch, numbers, chances, strict=True):
                if not record.keys().isdisjoint(COLUMNS):
                    record = rename_clashes(record, COLUMNS)
                yield {**record, "predicted": self.labels[number], "probability": chance}

    def transform(self, records: Iterable[Record]) -> Table:
        """The class of new documents. Columns out: `id`, `predicted`, `probability`."""
        columns = ["id", *COLUMNS]
        found = self.add_predictions(records)
        rows = [tuple(record[name] for name in columns) for record in found]
        return Table(columns, lambda: rows)


def log_textless(documents: int) -> None:
    """Log how many documents have no text, which gives the features of characters."""
    if documents:
        logger.warning(
            _("%s without text: judged by tokens only, not by characters"),
            plural(documents, "document"),
        )
