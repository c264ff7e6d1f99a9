"""Tables of documents: their topics or their vectors."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from korpus.messages import _, plural
from korpus.records import Row, Table, rename_clashes

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def document_topics(
    ids: list[str],
    weights: "Array",
    known: "Array",
    names: list[int] | list[str],
    kept: Mapping[str, Sequence[object]] = MappingProxyType({}),
    *,
    wide: bool = False,
) -> Table:
    """One row per document and topic, the largest weight of each document first.

    `weights`: float32, documents × k. `names`: of the topics. `known`: how many terms of the model
    each document has. One that has none gets one row, without topic and weight; their number is
    logged. `kept`: more columns. `wide`: one row per document, its dominant topic and a column per
    topic.
    Columns out: `id`, those of `kept`, `topic`, `weight`, and if `wide` `topic_1` … `topic_k`, or
    `topic_` and the name of a topic that has one.
    """
    import numpy

    if without := int((known == 0).sum()):
        logger.info(_("%s without a term of the model: no topic"), plural(without, "document"))
    topics = weights.shape[1]
    wanted = topics if wide else 0

    def rows() -> Iterator[Row]:
        heads = zip(ids, *kept.values(), strict=True)
        for head, row, count in zip(heads, weights, known.tolist(), strict=True):
            if not count:
                yield (*head, *[None] * (2 + wanted))
                continue
            values = _seven_digits(row)
            if wide:
                first = int(row.argmax())
                yield (*head, names[first], values[first], *values)
                continue
            for topic in numpy.argsort(-row, kind="stable").tolist():
                yield (*head, names[topic], values[topic])

    ours = ["topic", "weight", *(f"topic_{name}" for name in names[:wanted])]
    return Table(["id", *_headings(kept, ours), *ours], rows)


def document_vectors(
    ids: list[str], vectors: "Array", kept: Mapping[str, Sequence[object]] = MappingProxyType({})
) -> Table:
    """One row per document. `vectors`: float32, documents × d. `kept`: more columns.

    Columns out: `id`, those of `kept`, `d1` … `dd`.
    """

    def rows() -> Iterator[Row]:
        heads = zip(ids, *kept.values(), strict=True)
        for head, row in zip(heads, vectors, strict=True):
            yield (*head, *_seven_digits(row))

    ours = [f"d{number}" for number in range(1, vectors.shape[1] + 1)]
    return Table(["id", *_headings(kept, ours), *ours], rows)


def _headings(kept: Iterable[str], ours: list[str]) -> list[str]:
    """The names of kept columns; those that clash with ours get a trailing underscore."""
    return list(rename_clashes(dict.fromkeys(kept), {"id", *ours}))


def _seven_digits(row: "Array") -> list[float]:
    """float32 values rounded to seven digits: 0.6534458 instead of 0.653445839881897."""
    import numpy

    exact = row.astype(float)
    unit = 10.0 ** (numpy.floor(numpy.log10(numpy.maximum(abs(exact), 1e-300))) - 6)
    values: list[float] = numpy.where(
        unit < 1, (exact / unit).round() / (1 / unit).round(), exact
    ).tolist()
    return values
