"""The stage split: records in parts, for training and testing, or by the values of a column."""

import logging
from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from korpus.documents.groups import Groups, chosen, quotas
from korpus.documents.sample import at, group_codes, log_empty, sizes_of
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import (
    DocumentSource,
    Record,
    Records,
    as_tokens,
    readable_again,
    rename_clashes,
)

logger = logging.getLogger("korpus")

PART = "part"  # the column
_TRAIN_AND_TEST = ("train", "test")


class Parts(NamedTuple):
    """Which part each record belongs to: `codes` are numbers of `names`."""

    names: list[str]
    codes: "array[int]"

    def rows(self) -> dict[str, "array[int]"]:
        """The numbers of the records in each part."""
        found = [array("L") for _name in self.names]
        for row, code in enumerate(self.codes):
            found[code].append(row)
        return dict(zip(self.names, found, strict=True))

    def marked(self, documents: Iterable[Record]) -> Iterator[Record]:
        """The records with a column `part` after the id: the name of the part they belong to."""
        for record, code in zip(documents, self.codes, strict=True):
            named = {"id": record["id"]} if "id" in record else {}
            yield {**named, PART: self.names[code], **rename_clashes(record, (PART,))}


def split(
    documents: DocumentSource,
    *,
    test: int | float | None = None,
    by: str | None = None,
    seed: int = 0,
) -> dict[str, Records]:
    """Split records in parts: for training and testing, or by the values of a column.

    Reads the input several times, or holds all of it if it comes from a generator.
    Parameters: `test`, a number (int) or a share (float) of the records, chosen at random: the
    parts are `train` and `test`; `by`, a column: without `test` there is a part for each of its
    values, with `test` each value has its share in both (층화); also `date:year`, `date:month`.
    The same `seed` gives the same parts of the same input.

    Columns in: `by`. Out: all columns, unchanged, in the order of the input.
    Raises UsageError without `test` and `by`, KorpusError for a record without the column.
    """
    kept = readable_again(as_tokens(documents))
    rows = parts_of(kept, test=test, by=by, seed=seed).rows()
    return {name: Records(partial(at, kept, numbers)) for name, numbers in rows.items()}


def parts_of(
    documents: Iterable[Record],
    *,
    test: int | float | None = None,
    by: str | None = None,
    seed: int = 0,
) -> Parts:
    """Which part each record belongs to; for parameters and errors see `split`."""
    if test is None and by is None:
        raise UsageError(
            _("neither --test nor --by was given"),
            _("--test 0.2: for training and testing; --by COLUMN: a part for each value"),
        )
    if test is not None and (test <= 0 or (isinstance(test, float) and test >= 1)):
        raise UsageError(
            _("--test must be a positive whole number, or a share below 1"),
            _("a number such as 1000, or a share such as 0.2"),
        )
    groups = Groups(by)
    codes = group_codes(documents, groups)
    if test is None:
        logger.info(_("%s in %s"), plural(len(codes), "row"), plural(len(groups.names), "part"))
        return Parts(groups.names, codes)
    sizes = sizes_of(codes, groups)
    wanted = quotas(sizes, test, seed)
    log_empty(groups, wanted)
    flags = chosen(codes, sizes, wanted, seed)
    tested = sum(flags)
    logger.info(_("%s for training, %s for testing"), f"{len(flags) - tested:,}", f"{tested:,}")
    return Parts(list(_TRAIN_AND_TEST), array("L", list(flags)))
