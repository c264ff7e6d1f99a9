"""A fitted dynamic topic model."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from korpus.documents.groups import Groups
from korpus.errors import KorpusError
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _, plural
from korpus.models.term_model import strings
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel
from korpus.records import Record, Row, Table, tokenized

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

EVOLUTION = ["topic", "period", "rank", "term", "weight", "share"]
PERIODS = ["topic", "period", "documents", "tokens", "share", "npmi"]
_UNKNOWN = -1


@dataclass(kw_only=True, eq=False, repr=False)
class DtmModel(TopicModel):
    """A fitted dynamic topic model; `topic_term` is the mean of the periods by their tokens.

    `period_topic_term`: float32, k × periods × terms. `document_period`: int64, the period of each
    document. `alpha`: float64, k: the prior of the topics in a document. `npmi`: float64, k ×
    periods, NaN where a topic has not two terms. The names of the periods are an option.
    """

    kind: ClassVar[str] = "dtm"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        **TOPIC_ARRAYS,
        "period_topic_term": ("float32", "kpv"),
        "document_period": ("int64", "n"),
        "alpha": ("float64", "k"),
        "npmi": ("float64", "kp"),
    }

    period_topic_term: "Array"
    document_period: "Array"
    alpha: "Array"
    npmi: "Array"

    @property
    def periods(self) -> list[str]:
        """The names of the periods, in order."""
        return strings(self.options["periods"])

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document) by the mean topics; see `fold_in`."""
        return fold_in(counts, self.topic_term, self.alpha)

    def evolution(self, *, top: int = 10) -> Table:
        """The first terms of each topic in each period.

        Columns out: `topic`, `period`, `rank`, `term`, `weight`, `share` (of the topic in the
        tokens of the period).
        """

        def rows() -> Iterator[Row]:
            import numpy

            shares = self._period_shares()
            for topic, name in enumerate(self.topic_names):
                for place, period in enumerate(self.periods):
                    weights = self.period_topic_term[topic, place]
                    order = numpy.argsort(-weights, kind="stable")[:top].tolist()
                    share = _cell(shares[topic, place])
                    for rank, column in enumerate(order, 1):
                        weight = float(weights[column])
                        yield name, period, rank, self.terms[column], weight, share

        return Table(EVOLUTION, rows)

    def by_period(self) -> Table:
        """The topics in each period.

        Columns out: `topic`, `period`, `documents`, `tokens`, `share` (of the topic in the tokens
        of the period), `npmi` (coherence of the topic's first 10 terms in its documents).
        """

        def rows() -> Iterator[Row]:
            import numpy

            periods = len(self.periods)
            documents = numpy.bincount(self.document_period, minlength=periods).tolist()
            tokens = self._tokens().tolist()
            shares = self._period_shares()
            for topic, name in enumerate(self.topic_names):
                for place, period in enumerate(self.periods):
                    values = (shares[topic, place], self.npmi[topic, place])
                    cells = map(_cell, values)
                    yield (name, period, documents[place], int(tokens[place]), *cells)

        return Table(PERIODS, rows)

    def paths(self, topic: int, top: int) -> "list[tuple[str, Array]]":
        """The terms with the largest weights in any period, and their weights by period."""
        import numpy

        weights = self.period_topic_term[topic]
        order = numpy.argsort(-weights.max(axis=0), kind="stable")[:top].tolist()
        return [(self.terms[column], weights[:, column]) for column in order]

    def _tokens(self) -> "Array":
        import numpy

        return numpy.bincount(self.document_period, self.document_tokens, len(self.periods))

    def _period_shares(self) -> "Array":
        """Shares of the topics in the tokens of each period, k × periods; NaN without tokens."""
        import numpy

        weighted = self.document_topic * self.document_tokens[:, None]
        sums = numpy.stack(
            [numpy.bincount(self.document_period, row, len(self.periods)) for row in weighted.T]
        )
        with numpy.errstate(invalid="ignore"):
            shares: Array = sums / self._tokens()
        return shares

    def transform(self, records: Iterable[Record]) -> Table:
        """The topics of new documents by the topics of their periods; see `korpus.infer`.

        A document before the first period or after the last is treated as of that one, a document
        without a date by the mean topics; both are counted and logged.
        """
        import numpy

        periods: list[int] = []
        counts, ids = self._known_counts(self._with_periods(records, periods))
        places = numpy.array(periods, dtype=numpy.int64)
        weights = weights_in(counts, places, self.period_topic_term, self.alpha, self.topic_term)
        known = numpy.asarray(counts.sum(axis=1)).ravel()
        return self._documents_table(ids, weights, known)

    def _with_periods(self, records: Iterable[Record], periods: list[int]) -> Iterator[Record]:
        """Pass on documents, and append the numbers of their periods."""
        name = Groups(f"{self.options['date']}:{self.options['every']}", text_of=str).name
        number = {period: place for place, period in enumerate(self.periods)}
        first, last = self.periods[0], self.periods[-1]
        undated = outside = 0
        for record in tokenized(records):
            try:
                period = name(record)
            except KorpusError:
                period = ""
            place = number.get(period, _UNKNOWN)
            if not period:
                undated += 1
            elif place == _UNKNOWN:
                outside += 1
                place = 0 if period < first else len(self.periods) - 1
            periods.append(place)
            yield record
        if undated:
            logger.info(
                _("%s without a date in %s: by the mean topics"),
                plural(undated, "document"),
                self.options["date"],
            )
        if outside:
            logger.info(
                _("%s outside of %s to %s: by the topics of the nearest period"),
                plural(outside, "document"),
                first,
                last,
            )

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file; see `TermModel.restored`."""
        model = super().restored(header, arrays)
        count = len(model.periods)
        places = model.document_period
        in_range = ((places >= 0) & (places < count)).all()
        if not count or model.npmi.shape[1] != count or not in_range:
            raise ValueError(_("its periods and documents do not agree in number"))
        if not all(isinstance(model.options[name], str) for name in ("date", "every")):
            raise TypeError(_("its {name} is not a string").format(name="date"))
        return model


def weights_in(
    counts: "csr_matrix",
    places: "Array",
    topics: "Array",
    alpha: "Array",
    mean: "Array | None" = None,
) -> "Array":
    """Topic weights of documents, float32, documents × k, by the topics of their periods.

    `places`: the period of each document; -1 for one that is treated by `mean`. `topics`: float32,
    k × periods × terms. See `fold_in`.
    """
    import numpy

    found = numpy.empty((counts.shape[0], len(alpha)), dtype=numpy.float32)
    for period in numpy.unique(places).tolist():
        rows = numpy.flatnonzero(places == period)
        own = topics[:, period].astype(float) if period != _UNKNOWN or mean is None else mean
        found[rows] = fold_in(counts[rows], own, alpha)
    return found


def _cell(value: float) -> float | None:
    return None if value != value else float(value)
