"""Words of groups of documents, for networks with two kinds of nodes."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from korpus.documents.groups import Groups
from korpus.records import Record, tokenized
from korpus.spark.documents import Documents
from korpus.spark.sums import Sums, summed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_GROUP, _CELL = 0, 1  # what a key is of


def group_counts(
    documents: Documents, *, by: str
) -> "tuple[list[str], list[str], csr_matrix, int]":
    """The plan of `korpus.networks.words.group_counts`."""
    import scipy.sparse

    sizes: dict[str, int] = {}
    terms: dict[str, int] = {}
    cells: list[tuple[int, str, str]] = []
    for key, a, _b, _c in summed(partial(_count, by), documents):
        if key[0] == _GROUP:
            sizes[key[1]] = a
        else:
            terms.setdefault(key[1], len(terms))
            cells.append((a, key[1], key[2]))
    place = {name: number for number, name in enumerate(sizes)}
    data = [a for a, _term, _group in cells]
    rows = [terms[term] for _a, term, _group in cells]
    columns = [place[group] for _a, _term, group in cells]
    shape = (len(terms), len(sizes))
    counts = scipy.sparse.csr_matrix((data, (rows, columns)), shape=shape, dtype="int64")
    return list(terms), list(sizes), counts, sizes.get("", 0)


def _count(by: str, documents: Iterable[Record], *, counts: Sums | None = None) -> Iterator[Record]:
    """Count words by group; yields nothing."""
    counts = Sums() if counts is None else counts
    groups = Groups(by)
    for record in tokenized(documents):
        name = groups.name(record)
        counts.add((_GROUP, name), 1)
        for token in record["tokens"]:
            counts.add((_CELL, token, name), 1)
    yield from ()
