"""What topic models of all kinds share: their arrays, and the tables made of them."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.checks import check_least
from korpus.documents.kept import Columns, checked
from korpus.errors import UsageError
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _
from korpus.models.document_tables import document_topics
from korpus.models.term_model import Options, strings
from korpus.models.topics.fitted import FittedDocuments
from korpus.models.topics.numbers import topic_names
from korpus.models.topics.topic_space import TopicSpace
from korpus.records import Record, Row, Table, check_flat
from korpus.statistics.dirichlet import dirichlet

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_CHUNK = 10_000  # documents processed at once

TOPIC_ARRAYS: dict[str, ArraySpec] = {
    "ids": ("uint8", "b"),
    "topic_term": ("float64", "kv"),
    "document_topic": ("float32", "nk"),
    "shares": ("float64", "k"),
    "document_tokens": ("int64", "n"),
    "term_frequency": ("int64", "v"),
    "kept": ("uint8", "c"),
}


@dataclass(kw_only=True, eq=False, repr=False)
class TopicModel(TopicSpace):
    """A fitted topic model (토픽 모델) with k topics, the largest first.

    `ids`: the fitted documents. `topic_term`: float64, k × terms: P(term | topic).
    `document_topic`: float32, documents × k: P(topic | document). `shares`: float64, k: the topics'
    shares of all tokens. `document_tokens`: int64, tokens per document, counting only terms of the
    vocabulary. `term_frequency`: int64, occurrences per term. `kept`: other columns of the fitted
    documents.
    """

    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS
    optional_arrays: ClassVar[frozenset[str]] = frozenset({"kept"})
    share_column: ClassVar[str] = "share"

    shares: "Array"
    kept: Columns = field(default_factory=dict)

    @property
    def topic_names(self) -> list[int] | list[str]:
        """What tables call the topics; see `korpus.models.topics.numbers`."""
        return topic_names(self.options, len(self.shares))

    @abstractmethod
    def document_weights(self, counts: "csr_matrix") -> "Array":
        """Topic weights of documents, float64, documents × k, with the topics held fixed.

        `counts`: CSR, documents × the model's terms. Each document is treated by itself.
        """

    def transform(self, records: Iterable[Record]) -> Table:
        """The topics of new documents; see `korpus.infer`."""
        import numpy

        counts, ids = self._known_counts(records)
        known = numpy.asarray(counts.sum(axis=1)).ravel()
        return self._documents_table(ids, self.coordinates(counts), known)

    def coordinates(self, counts: "csr_matrix") -> "Array":
        """`document_weights` as float32."""
        import numpy

        return self.document_weights(counts).astype(numpy.float32)

    def certainty(self) -> "Array | None":
        """How certain the shares of each fitted document are; None if nothing is known of that.

        float64 per document: the sum of the parameters of their Dirichlet distribution, whose means
        are `document_topic`. Raises UsageError for a model whose weights are no shares.
        """
        return None

    @property
    def prior_columns(self) -> list[str]:
        """The columns of the documents that their priors were learned by."""
        return []

    def posterior(
        self, rows: "Array", generator: "numpy.random.Generator"
    ) -> "Callable[[], Array] | None":
        """What draws the shares of some fitted documents from their posterior; None without one.

        `rows`: bool per document. Each call makes a draw, float64, documents × k, here from the
        Dirichlet distributions of `certainty`.
        """
        if (certainty := self.certainty()) is None:
            return None
        parameters = self.document_topic[rows].astype(float) * certainty[rows, None]
        return lambda: dirichlet(parameters, generator)

    def first_terms(self, number: int = 5) -> list[str]:
        """The first terms of each topic, joined by spaces."""
        return [_joined(terms) for terms in self.ranked_terms(number)]

    def ranked_terms(self, top: int, relevance: float | None = None) -> list[list[str]]:
        """The first terms of each topic; see `topic_terms`."""
        return [
            [self.terms[column] for column in columns] for columns in self._ranked(top, relevance)
        ]

    def typical(self, topic: int, number: int) -> list[int]:
        """The rows of the documents with most of a topic, the longer one first among ties."""
        import numpy

        # Documents without a term of the model have only the prior.
        weights = numpy.where(self.document_tokens > 0, self.document_topic[:, topic], -numpy.inf)
        found: list[int] = numpy.lexsort((-self.document_tokens, -weights))[:number].tolist()
        return found

    def documents_table(self, *, wide: bool = False) -> Table:
        """The fitted documents' topics, with the columns kept; see `document_topics`."""
        names = self.topic_names
        return document_topics(
            self.ids, self.document_topic, self.document_tokens, names, self.kept, wide=wide
        )

    def topic_terms(self, *, top: int | None = 10, relevance: float | None = None) -> Table:
        """The first terms of each topic; see `korpus.models.topic_terms`."""
        ranked, names = self._ranked(top, relevance), self.topic_names

        def rows() -> Iterator[Row]:
            for topic, columns in enumerate(ranked):
                share = float(self.shares[topic])
                for rank, column in enumerate(columns, 1):
                    weight = float(self.topic_term[topic, column])
                    yield names[topic], rank, self.terms[column], weight, share

        return Table(["topic", "rank", "term", "weight", self.share_column], rows)

    def topics(self, *, top: int = 10, relevance: float | None = None, examples: int = 3) -> Table:
        """One row per topic; see `korpus.topics`."""
        check_least("--examples", examples, 0)
        ranked, names = self._ranked(top, relevance), self.topic_names

        def rows() -> Iterator[Row]:
            for topic, columns in enumerate(ranked):
                signs = ("-" if self.topic_term[topic, column] < 0 else "" for column in columns)
                terms = [
                    sign + self.terms[column] for sign, column in zip(signs, columns, strict=True)
                ]
                ids = [self.ids[row] for row in self.typical(topic, examples)]
                yield names[topic], float(self.shares[topic]), _joined(terms), _joined(ids)

        return Table(["topic", self.share_column, "terms", "examples"], rows)

    def arrays(self) -> "dict[str, Array]":
        """The arrays of the model file. Strings are JSON text, as a header has a size limit."""
        import numpy
        import orjson

        found = super().arrays()
        for name in ("ids", "kept"):
            found[name] = numpy.frombuffer(orjson.dumps(found[name]), dtype=numpy.uint8)
        if not self.kept:
            del found["kept"]
        return found

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file; see `TermModel.restored`."""
        model = super().restored(header, arrays)
        names = model.options.get("names")
        if names is not None and len(strings(names)) != len(model.shares):
            raise ValueError(_("its names and topics do not agree in number"))
        return model

    @classmethod
    def _fields(cls, arrays: "dict[str, Array]") -> dict[str, Any]:
        ids = strings(_from_json(arrays["ids"]))
        if len(ids) != len(arrays["document_topic"]) or not len(arrays["shares"]):
            raise ValueError(_("its ids, documents and topics do not agree in number"))
        kept = checked(_from_json(arrays["kept"]), len(ids)) if "kept" in arrays else {}
        return {**arrays, "ids": ids, "kept": kept}

    def _documents_table(self, ids: list[str], weights: "Array", known: "Array") -> Table:
        return document_topics(ids, weights, known, self.topic_names)

    def _topic_scale(self) -> "Array":
        """Weights of the topics in a term's vector.

        With the shares, a vector is proportional to P(topic | term) by Bayes' rule, which is
        enough for a cosine.
        """
        return self.shares

    def _term_scores(self, relevance: float | None) -> "Array":
        """Scores (k × terms) that rank the terms of each topic."""
        import numpy

        if relevance is None:
            return self.topic_term
        if not 0 <= relevance <= 1:
            raise UsageError(
                _("{option} {value} is not between 0 and 1").format(
                    option="--relevance", value=f"{relevance:g}"
                )
            )
        with numpy.errstate(divide="ignore", invalid="ignore"):
            # λ·log w + (1 − λ)·(log w − log p)
            marginal = self.shares @ self.topic_term
            scores: Array = numpy.log(self.topic_term) - (1 - relevance) * numpy.log(marginal)
        return scores

    def _ranked(self, top: int | None, relevance: float | None) -> list[list[int]]:
        """Columns of the first terms of each topic, without those of weight 0.

        Ties are in the order of the vocabulary.
        """
        import numpy

        check_least("--top", top, 1)
        orders = (numpy.argsort(-row, kind="stable") for row in self._term_scores(relevance))
        return [
            order[row[order] != 0][:top].tolist()
            for order, row in zip(orders, self.topic_term, strict=True)
        ]

    @classmethod
    def from_probabilities(
        cls,
        matrix: FittedDocuments,
        topic_term: "Array",
        document_topic: "Array",
        options: Options,
        *,
        by_topic: "Mapping[str, Array | None] | None" = None,
        by_term: "Mapping[str, Array] | None" = None,
        names: "list[str] | None" = None,
    ) -> Self:
        """A model whose topics are sorted by their share of all tokens.

        `document_topic` is modified in place; a row of zeros (a document without topics) gets the
        shares. `by_topic`, `by_term`: more fields of the model, with a row per topic, or per term
        or document. `names`: a name per topic, "" for one without.
        """
        import numpy

        tokens = matrix.lengths.astype(numpy.int64)
        chunks = [slice(start, start + _CHUNK) for start in range(0, len(tokens), _CHUNK)]
        shares = sum(tokens[chunk] @ document_topic[chunk] for chunk in chunks)
        shares /= shares.sum()
        order = numpy.argsort(-shares, kind="stable")
        for chunk in chunks:  # in place, as a copy would double the memory
            topics = document_topic[chunk]
            topics[~topics.any(axis=1)] = shares
            topics[:] = topics[:, order]
        fields: dict[str, Any] = dict(by_term or {})
        for name, array in (by_topic or {}).items():
            fields[name] = None if array is None else array[order]
        if names:
            options = {**options, "names": [names[topic] for topic in order]}
        return cls(
            terms=matrix.terms,
            options=options,
            provenance=matrix.provenance(),
            ids=matrix.ids,
            topic_term=topic_term[order].astype(float, copy=False),
            document_topic=numpy.ascontiguousarray(document_topic, dtype=numpy.float32),
            shares=shares[order],
            document_tokens=tokens,
            term_frequency=matrix.term_frequency,
            kept=matrix.columns,
            **fields,
        )


def _from_json(array: "Array") -> object:
    import orjson

    text = array.tobytes()
    check_flat(text)
    return orjson.loads(text)


def _joined(names: list[str]) -> str:
    return " ".join("_".join(name.split()) for name in names)
