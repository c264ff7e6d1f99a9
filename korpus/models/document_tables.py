"""Tables of documents: their topics or their vectors."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from korpus.messages import _, plural
from korpus.records import Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def document_topics(
    ids: list[str], weights: "Array", known: "Array", names: list[int] | list[str]
) -> Table:
    """One row per document and topic, the largest weight of each document first.

    `weights`: float32, documents × k. `names`: of the topics. `known`: how many terms of the model
    each document has. One that has none gets one row, without topic and weight; their number is
    logged.
    Columns out: `id`, `topic`, `weight`.
    """
    import numpy

    if without := int((known == 0).sum()):
        logger.info(_("%s without a term of the model: no topic"), plural(without, "document"))

    def rows() -> Iterator[Row]:
        for document_id, row, count in zip(ids, weights, known.tolist(), strict=True):
            if not count:
                yield document_id, None, None
                continue
            values = _seven_digits(row)
            for topic in numpy.argsort(-row, kind="stable").tolist():
                yield document_id, names[topic], values[topic]

    return Table(["id", "topic", "weight"], rows)


def document_vectors(ids: list[str], vectors: "Array") -> Table:
    """One row per document. `vectors`: float32, documents × d. Columns out: `id`, `d1` … `dd`."""

    def rows() -> Iterator[Row]:
        for document_id, row in zip(ids, vectors, strict=True):
            yield (document_id, *_seven_digits(row))

    return Table(["id", *(f"d{number}" for number in range(1, vectors.shape[1] + 1))], rows)


def _seven_digits(row: "Array") -> list[float]:
    """float32 values rounded to seven digits: 0.6534458 instead of 0.653445839881897."""
    import numpy

    exact = row.astype(float)
    unit = 10.0 ** (numpy.floor(numpy.log10(numpy.maximum(abs(exact), 1e-300))) - 6)
    values: list[float] = numpy.where(
        unit < 1, (exact / unit).round() / (1 / unit).round(), exact
    ).tolist()
    return values
