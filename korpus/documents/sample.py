"""The stage sample: some of the records, at random."""

import logging
import random
from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import compress

from korpus.documents.groups import Groups, chosen, named, quotas
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import DocumentSource, Record, Records, as_tokens, lazily, readable_again

logger = logging.getLogger("korpus")


def sample(
    documents: DocumentSource, size: int | float, *, by: str | None = None, seed: int = 0
) -> Records:
    """Take some of the records at random, in the order of the input.

    A number holds no more records than it gives; a share reads the input twice, or holds all of it
    if it comes from a generator.
    Parameters: `size`, a number of records as int, or a share of them as float; `by`, a column:
    so many, or that share, of each of its values (층화 표본); also `date:year` and `date:month`.
    Logs the groups that have fewer. The same `seed` gives the same sample of the same input.

    Columns in: `by`. Out: all columns, unchanged.
    Raises UsageError for a size out of range, KorpusError for a record without the column.
    """
    if size <= 0 or (isinstance(size, float) and size > 1):
        raise UsageError(
            _("the sample size must be a positive number, or a share up to 1"),
            _("a number such as 1000, or a share such as 0.1"),
        )
    if isinstance(size, int):
        return lazily(as_tokens(documents), partial(_number, size, by, seed))
    return lazily(readable_again(as_tokens(documents)), partial(_share, size, by, seed))


def group_codes(documents: Iterable[Record], groups: Groups) -> "array[int]":
    """The number of each record's group."""
    return array("L", map(groups.number, documents))


def sizes_of(codes: "array[int]", groups: Groups) -> list[int]:
    """How many records each group has."""
    sizes = [0] * len(groups.names)
    for code in codes:
        sizes[code] += 1
    return sizes


def _number(size: int, by: str | None, seed: int, documents: Iterable[Record]) -> Iterator[Record]:
    """Take so many records of each group, by reservoir sampling."""
    groups = Groups(by)
    dice = random.Random(seed).random
    kept: list[list[tuple[int, Record]]] = []
    seen: list[int] = []
    for row, record in enumerate(documents):
        group = groups.number(record)
        if group == len(kept):
            kept.append([])
            seen.append(0)
        seen[group] += 1
        if len(kept[group]) < size:
            kept[group].append((row, record))
        elif (place := int(dice() * seen[group])) < size:
            kept[group][place] = (row, record)
    fewer = [name for name, count in zip(groups.names, seen, strict=False) if count < size]
    if fewer and by:
        logger.warning(
            _("%s with fewer than %d rows: all were taken (%s)"),
            plural(len(fewer), "group"),
            size,
            named(fewer),
        )
    elif fewer:
        logger.warning(_("only %s: all were taken"), plural(sum(seen), "row"))
    chosen_rows = sorted((pair for group in kept for pair in group), key=lambda pair: pair[0])
    logger.info(_("took %s of %s"), f"{len(chosen_rows):,}", plural(sum(seen), "row"))
    yield from (record for _row, record in chosen_rows)


def _share(
    share: float, by: str | None, seed: int, documents: Records | list[Record]
) -> Iterator[Record]:
    groups = Groups(by)
    codes = group_codes(documents, groups)
    sizes = sizes_of(codes, groups)
    wanted = quotas(sizes, share, seed)
    log_empty(groups, wanted)
    flags = chosen(codes, sizes, wanted, seed)
    logger.info(_("took %s of %s"), f"{sum(flags):,}", plural(len(flags), "row"))
    yield from at(documents, compress(range(len(flags)), flags))


def log_empty(groups: Groups, wanted: list[int]) -> None:
    """Log the groups that are too small for the share."""
    empty = [name for name, number in zip(groups.names, wanted, strict=True) if not number]
    if empty and groups.by:
        logger.warning(
            _("%s too small for this share: no row taken (%s)"),
            plural(len(empty), "group"),
            named(empty),
        )


def at(documents: Records | list[Record], numbers: Iterable[int]) -> Iterator[Record]:
    """The records with these numbers, counted from 0 and rising."""
    if isinstance(documents, list):
        return (documents[number] for number in numbers)
    return documents.at(numbers)
