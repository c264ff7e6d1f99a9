"""The stage tf_embed: documents → their vectors by a transformer."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

from korpus.documents.texts import Rejects
from korpus.errors import KorpusError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.embeddings import DocumentEmbeddings, Encoder
from korpus.models.tf.encoder import MODEL, text_vectors, way_of
from korpus.models.tf.loading import CPU, check_batch_size, opened
from korpus.models.tf.texts import WINDOWS, Apply, log_texts, over_texts
from korpus.records import Counts, DocumentSource, Record, Records

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_COLUMNS = ("vector", "pieces", "seen")


def tf_embed(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    pooling: str = MODEL,
    prefix: str = "",
    query_prefix: str = "",
    device: str = CPU,
    batch_size: int = 16,
) -> DocumentEmbeddings:
    """Make a vector of each document by a transformer. Needs the whole input; holds numbers.

    `model`: the folder of a model, or its name on the hub with a `revision`; it is downloaded only
    with `download`. `pooling`: `mean`, `cls` or `max` of the vectors of the pieces, or `model`, as
    the model declares (sentence-transformers), else the mean. `prefix`: put before each text, and
    `query_prefix` before queries, as some models were trained with ("passage: ", "query: ").
    `device`: cpu, auto, cuda or mps. `batch_size`: texts at a time.
    Long texts are read in windows that overlap by a quarter; the vector is the mean of theirs.

    Columns in: `id`, `text`. Returns a model that `similar`, `index`, `search`, `cluster`,
    `topics_embed` and `infer` take. Raises UsageError for wrong options, KorpusError for a model
    that is not there, is damaged or of another kind, and for an empty input.
    """
    found = opened(model, revision=revision, download=download, device=device)
    counts = Counts()
    rows = document_rows(
        documents,
        found,
        column=column,
        pooling=pooling,
        prefix=prefix,
        device=device,
        batch_size=batch_size,
        counts=counts,
    )
    made = collected(rows, found, pooling, prefix, query_prefix, device)
    log_texts(counts)
    return made


def document_rows(
    documents: DocumentSource,
    model: Pretrained,
    *,
    column: str | None = None,
    pooling: str = MODEL,
    prefix: str = "",
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """The work of `tf_embed` that a worker does: vectors as records, which can be saved. Streams.

    Columns in: `id`, `text`. Out: `id`, `vector` (float32 in base64), `pieces`, and `seen`, a
    digest of the text.
    """
    check_batch_size(batch_size)
    way = way_of(model, pooling)

    def load() -> Apply:
        def apply(records: list[Record], own: Counts) -> list[Record | str]:
            texts = [str(record["text"]) for record in records]
            given = [f"{prefix}{text}" if text.strip() else "" for text in texts]
            found = text_vectors(given, model, way, device, batch_size)
            own[WINDOWS] += sum(one.windows > 1 for one in found)
            return [
                {
                    "vector": b64encode(one.vector.astype("<f4").tobytes()).decode(),
                    "pieces": one.pieces,
                    "seen": sha256(text.encode()).hexdigest()[:32],
                }
                for one, text in zip(found, texts, strict=True)
            ]

        return apply

    return over_texts(
        documents, column, load, _COLUMNS, model.label, counts=counts, rejects=rejects
    )


def collected(
    rows: Iterable[Record],
    model: Pretrained,
    pooling: str,
    prefix: str,
    query_prefix: str,
    device: str,
) -> DocumentEmbeddings:
    """The model of the vectors of `document_rows`. Raises KorpusError without documents."""
    import numpy

    ids: list[str] = []
    vectors: list[Array] = []
    pieces = 0
    digest = sha256()
    for row in rows:
        ids.append(str(row["id"]))
        vectors.append(numpy.frombuffer(b64decode(row["vector"]), "<f4"))
        pieces += row["pieces"]
        digest.update(f"{row['id']}\0{row['seen']}\n".encode("utf-8", "replace"))
    if not ids:
        raise KorpusError(
            _("there is no document to make a vector of: the input is empty"),
            _("give documents: korpus tf embed reviews.csv -m MODEL -o vectors.safetensors"),
        )
    way = way_of(model, pooling)
    return DocumentEmbeddings(
        terms=[],
        options={
            **model.provenance,
            "pooling": way.mode,
            "unit": way.is_unit,
            "longest": way.longest,
            "prefix": prefix,
            "query_prefix": query_prefix,
        },
        provenance={
            "analyzer": None,
            "analysis": None,
            "documents": len(ids),
            "tokens": pieces,
            "digest": digest.hexdigest(),
        },
        ids=ids,
        vectors=numpy.array(vectors, numpy.float32),
        encoder=Encoder(model, device),
    )
