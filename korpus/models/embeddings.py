"""Vectors of whole documents by a transformer, as a model that other commands read."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import orjson

from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import ArraySpec, Header, Model, Neighbours
from korpus.messages import _, plural
from korpus.models.document_tables import document_vectors
from korpus.models.nearest import nearest, unknown_document
from korpus.models.term_model import TermModel, strings
from korpus.models.vector_model import VectorModel, word_vectors
from korpus.records import Record, Table, as_records

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_BATCH = 16  # texts at a time, of queries


class Encoder(NamedTuple):
    """What a model of documents needs of the transformer that made it.

    `source`: what was found (a `files.Pretrained`); `device`: where it runs.
    """

    source: Any
    device: str


@dataclass(kw_only=True, eq=False, repr=False)
class DocumentEmbeddings(TermModel):
    """A vector for each document, by a transformer.

    `ids`: of the documents. `vectors`: float32, documents × d, zeros for a text without a piece.
    It has no terms: other texts get vectors by the transformer, which has to be on this machine,
    with the same weights.
    """

    kind: ClassVar[str] = "tf embed"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "ids": ("uint8", "b"),
        "vectors": ("float32", "nd"),
    }

    ids: list[str]
    vectors: "Array"
    encoder: Encoder | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} model of {len(self.ids):,} documents, {self.options['model']}>"

    def arrays(self) -> "dict[str, Array]":
        """The arrays of the model file."""
        import numpy

        ids = numpy.frombuffer(orjson.dumps(self.ids), dtype=numpy.uint8)
        return {"ids": ids, "vectors": self.vectors}

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file's header and arrays; see `Model.restored`."""
        options = header["options"]
        for name, kinds in (("model", str), ("digest", str), ("pooling", str), ("unit", bool)):
            if not isinstance(options[name], kinds):
                raise TypeError(name)
        return super().restored(header, arrays)

    @classmethod
    def _fields(cls, arrays: "dict[str, Array]") -> dict[str, Any]:
        ids = strings(orjson.loads(arrays["ids"].tobytes()))
        if len(ids) != len(arrays["vectors"]):
            raise ValueError(_("its ids and vectors do not agree in number"))
        return {"ids": ids, "vectors": arrays["vectors"]}

    @cached_property
    def _row(self) -> dict[str, int]:
        """The row of each id; of several documents with one id the first."""
        return {name: row for row, name in reversed([*enumerate(self.ids)])}

    def rows_of(self, ids: Sequence[str]) -> "Array":
        """The vectors of documents by their ids (float32); zeros for unknown ones, which is logged.

        Raises KorpusError if no id is known.
        """
        import numpy

        rows = [self._row.get(name, -1) for name in ids]
        found = numpy.zeros((len(ids), self.vectors.shape[1]), numpy.float32)
        known = [number for number, row in enumerate(rows) if row >= 0]
        if ids and not known:
            raise KorpusError(
                _("the model has no vector for any of these documents"),
                _("give it the documents that it was made of: korpus tf embed SOURCE"),
            )
        found[known] = self.vectors[[rows[number] for number in known]]
        if missing := len(ids) - len(known):
            logger.warning(_("%s without a vector in the model"), plural(missing, "document"))
        return found

    def text_rows(self, texts: Sequence[str], *, is_query: bool = False) -> "Array":
        """The vectors of other texts (float32), by the transformer that made the model.

        Raises KorpusError where it is not on this machine or has other weights.
        """
        import numpy

        from korpus.files.pooling import Pooling
        from korpus.models.tf.encoder import text_vectors

        source, device = self._encoder()
        way = Pooling(self.options["pooling"], self.options["unit"], self.options["longest"])
        prefix = self.options["query_prefix" if is_query else "prefix"] or ""
        given = [f"{prefix}{text}" if text.strip() else "" for text in texts]
        found = text_vectors(given, source, way, device, _BATCH)
        rows: Array = numpy.array([one.vector for one in found], numpy.float32)
        return rows.reshape(len(texts), self.vectors.shape[1])

    def _encoder(self) -> Encoder:
        if self.encoder is None:
            from korpus.models.tf.loading import CPU, opened

            name = self.options["model"]
            try:
                source = opened(name, revision=self.options["revision"])
            except KorpusError as error:
                raise KorpusError(
                    _("texts that are not in the model need its transformer: {reason}").format(
                        reason=error.message
                    ),
                    error.hint,
                ) from None
            if source.digest != self.options["digest"]:
                raise KorpusError(
                    _("{name} has other weights than those that made the vectors").format(
                        name=name
                    ),
                    _("make them again: korpus tf embed SOURCE"),
                )
            self.encoder = Encoder(source, CPU)
        return self.encoder

    def transform(self, records: Iterable[Record]) -> Table:
        """The vectors of new documents by the transformer. Out: `id`, `d1` … `dd`."""
        documents = list(as_records(records))
        texts = [str(record.get("text") or "") for record in documents]
        return document_vectors([record["id"] for record in documents], self.text_rows(texts))

    def documents_like(self, document_id: str, top: int) -> Neighbours:
        """The documents nearest to one of them; see `korpus.similar`."""
        if document_id not in self._row:
            raise unknown_document(document_id, self.ids)
        return self._near(self.vectors[self._row[document_id]], top, {document_id})

    def documents_near(self, words: list[str], top: int) -> Neighbours:
        """The documents nearest to a text; see `korpus.similar`."""
        return self._near(self.text_rows([" ".join(words)], is_query=True)[0], top, set())

    def _near(self, query: "Array", top: int, left_out: set[str]) -> Neighbours:
        import numpy

        even = numpy.zeros(len(self.ids), numpy.int64)
        return nearest(query, self.vectors, self.ids, even, top, left_out)


def any_vectors(model: Model) -> VectorModel | DocumentEmbeddings:
    """A model of vectors, of words or of documents. Raises UsageError for one of another kind."""
    return model if isinstance(model, DocumentEmbeddings) else word_vectors(model)


def refuse_documents(model: "VectorModel | DocumentEmbeddings") -> VectorModel:
    """A model of word vectors. Raises UsageError for one of whole documents."""
    if isinstance(model, DocumentEmbeddings):
        raise UsageError(
            _("{kind} models have no word vectors").format(kind=model.kind),
            _("train one: korpus word2vec tokens.jsonl -m w2v.safetensors"),
        )
    return model
