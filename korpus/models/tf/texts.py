"""What the stages of transformers share: texts in, one record per document out."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from korpus.documents.texts import COMPOSED, Rejects, composed, refuse
from korpus.files.pretrained import Pretrained
from korpus.messages import _, plural
from korpus.models.tf.loading import out_of_memory, quiet_library
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    batches_of,
    lazily,
    rename_clashes,
    set_aside,
)

logger = logging.getLogger("korpus")

BATCH = 1 << 14  # characters of documents that are sorted by length together
MODEL = "model"  # the column that says which model it was
OVERLAP = 4  # windows of a long text share a quarter
CUT, CUT_STARTS, WINDOWS = "cut", "cut starts", "windows"

Item = TypeVar("Item")
# Makes the new columns of documents; a string is the reason why one is set aside.
Apply = Callable[[list[Record], Counts], Sequence[Record | str]]


def over_texts(
    documents: DocumentSource,
    column: str | None,
    load: Callable[[], Apply],
    columns: tuple[str, ...],
    label: str,
    *,
    counts: Counts | None,
    rejects: Rejects | None,
) -> Records:
    """Add columns to documents by a model. Streams, in batches of documents.

    `load`: loads the model when the first document is there, and gives what makes the columns.
    `columns`: their names; others of these names get a trailing underscore. `label`: goes into the
    column `model`. Texts are composed first (NFC), so that places are those of the text that is
    given out.
    """
    run = partial(_run, load, columns, label, counts, rejects)
    return lazily(as_records(documents, column), run)


def _run(
    load: Callable[[], Apply],
    columns: tuple[str, ...],
    label: str,
    counts: Counts | None,
    rejects: Rejects | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    own = Counts() if counts is None else counts
    new_columns = (*columns, MODEL)
    apply: Apply | None = None
    for batch in batches_of(documents, BATCH):
        good = list(composed(batch, own, rejects))
        if apply is None and good:
            apply = load()
        if apply is None:
            continue
        with out_of_memory():
            found = apply(good, own)
        for record, new in zip(good, found, strict=True):
            if isinstance(new, str):
                (rejects or refuse)(set_aside(record, "failed", new))
                continue
            yield {**rename_clashes(record, new_columns), **new, MODEL: label}
    if counts is None:
        log_texts(own)


def log_model(model: Pretrained) -> None:
    """Log which model is used."""
    logger.info(_("model: %s"), model.label)


def log_texts(counts: Counts) -> None:
    """Log how many texts were too long for the model, and what became of them."""
    if counts[COMPOSED]:
        logger.info(_("%s composed (NFC)"), plural(counts[COMPOSED], "text"))
    if counts[CUT]:
        logger.warning(
            _("%s longer than the model takes: their ends were cut off"),
            plural(counts[CUT], "text"),
        )
    if counts[CUT_STARTS]:
        logger.warning(
            _("%s longer than the model takes: their starts were cut off"),
            plural(counts[CUT_STARTS], "text"),
        )
    if counts[WINDOWS]:
        logger.info(
            _("%s longer than the model takes: read in windows that overlap"),
            plural(counts[WINDOWS], "text"),
        )


def by_length(
    items: Sequence[Item],
    length: Callable[[Item], int],
    size: int,
    compute: Callable[[list[Item]], Iterable[Any]],
) -> list[Any]:
    """What `compute` makes of items, in batches of items that are about as long.

    So little is padded. The longest come first: what is too much for the memory shows at once.
    """
    quiet_library()
    order = sorted(range(len(items)), key=lambda number: -length(items[number]))
    found: list[Any] = [None] * len(items)
    for start in range(0, len(order), size):
        numbers = order[start : start + size]
        results = compute([items[number] for number in numbers])
        for number, result in zip(numbers, results, strict=True):
            found[number] = result
    return found
