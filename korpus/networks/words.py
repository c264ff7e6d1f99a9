"""Tokens → graphs: words that occur together, or words and groups of documents."""

import logging
from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import order_of
from korpus.documents.groups import NO_VALUE, Groups, log_missing
from korpus.elsewhere import elsewhere
from korpus.messages import _, listed, plural
from korpus.networks.graph import Graph
from korpus.records import DocumentSource, Record, tokenized
from korpus.statistics.association import MEASURES
from korpus.tokens.cooccurrences import cooccurrences
from korpus.tokens.placed import PlacedPart

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COUNT = "count"
_WORD = "word"  # the mode of words
_SHOWN = 10  # names in a message
WEIGHTS = (COUNT, "pmi", "npmi", "cosine", "jaccard", "dice", "g2")


def check_words(weight: str, min_count: int, top_nodes: int) -> None:
    """Raises UsageError for options that the functions here do not take."""
    check_choice("--weight", weight, WEIGHTS)
    check_least("--min-count", min_count, 1)
    check_least("--top-nodes", top_nodes, 0)


def word_graph(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    unit: str,
    window: int,
    weight: str,
    min_count: int,
    top_nodes: int,
) -> Graph:
    """The network of words that occur together. For the options see `network`.

    Words are nodes whatever their tags. Those that are never with another are left out.
    """
    import numpy

    check_words(weight, min_count, top_nodes)
    found = cooccurrences(
        documents,
        unit=unit,
        window=window,
        tagged=False,
        min_frequency=min_count,
        max_terms=top_nodes or None,
    )
    found = found.select(found.first != found.second)
    values = _values(found.joint, None if weight == COUNT else found.measure(weight))
    positive = _positive(values)
    found, values = found.select(positive), values[positive]
    graph = Graph(
        [form for form, _tag in found.terms],
        found.first.astype(numpy.int64),
        found.second.astype(numpy.int64),
        values,
        node_columns={"frequency": found.frequencies},
        edge_columns={} if weight == COUNT else {COUNT: found.joint},
    )
    tied = numpy.zeros(len(graph.names), dtype=bool)
    tied[graph.sources] = tied[graph.targets] = True
    wanted = int((found.frequencies >= min_count).sum())
    wanted = min(wanted, top_nodes) if top_nodes else wanted
    _log_nodes(len(found.frequencies), wanted, wanted - int(tied.sum()))
    order = numpy.argsort(-found.frequencies, kind="stable")
    return graph.select_nodes(order[tied[order]])


def group_graph(
    documents: Iterable[Record], by: str, *, weight: str, min_count: int, top_nodes: int
) -> Graph:
    """The network of words and the groups of documents that they are in (2-mode).

    For the options see `network`. The nodes are words by frequency, then groups in natural order,
    with their tokens as frequency. A group whose name is taken gets ` (COLUMN)`, which is logged.
    """
    import numpy

    check_words(weight, min_count, top_nodes)
    terms, names, counts, missing = group_counts(documents, by=by)
    log_missing(by, missing)
    frequencies = numpy.asarray(counts.sum(axis=1)).ravel()
    sizes = numpy.asarray(counts.sum(axis=0)).ravel()
    alphabetical = sorted(
        numpy.flatnonzero(frequencies >= min_count).tolist(), key=terms.__getitem__
    )
    ranked = sorted(alphabetical, key=frequencies.__getitem__, reverse=True)
    kept = ranked[: top_nodes or None]
    _log_nodes(len(terms), len(kept), 0)
    pairs = counts[kept].tocoo()
    joint, totals = pairs.data, (frequencies[kept][pairs.row], sizes[pairs.col])
    measured = None
    if weight != COUNT:
        measured = MEASURES[weight].function(joint, *totals, max(int(sizes.sum()), 1))
    values = _values(joint, measured)
    positive = _positive(values)
    words = [terms[place] for place in kept]
    graph = Graph(
        words + _group_names(names, words, by),
        pairs.row[positive].astype(numpy.int64),
        pairs.col[positive].astype(numpy.int64) + len(words),
        values[positive],
        node_columns={
            "mode": [_WORD] * len(words) + [f"{by}_" if by == _WORD else by] * len(names),
            "frequency": numpy.concatenate([frequencies[kept], sizes]),
        },
        edge_columns={} if weight == COUNT else {COUNT: joint[positive]},
    )
    key = order_of(by)
    order = sorted(range(len(names)), key=lambda place: key(names[place]))
    return graph.select_nodes(
        numpy.array([*range(len(words)), *(len(words) + place for place in order)], int)
    )


@elsewhere
def group_counts(
    documents: Iterable[Record], *, by: str
) -> "tuple[list[str], list[str], csr_matrix, int]":
    """Words, names of groups, the counts (words × groups), and how many documents have no group.

    Needs the whole input; holds numbers. `by`: the column of the groups.
    """
    import numpy
    import scipy.sparse

    groups = Groups(by)
    number: defaultdict[str, int] = defaultdict(count().__next__)
    numbers, lengths, places = array("i"), array("i"), array("i")
    for record in tokenized(documents):
        numbers.extend(map(number.__getitem__, record["tokens"]))
        lengths.append(len(record["tokens"]))
        places.append(groups.number(record))
    columns = numpy.repeat(numpy.asarray(places, int), numpy.asarray(lengths, int))
    ones = numpy.ones(len(columns), numpy.int64)
    cells = (ones, (numpy.asarray(numbers, int), columns))
    counts = scipy.sparse.csr_matrix(cells, shape=(len(number), len(groups.names)))
    return list(number), groups.names, counts, places.count(groups.numbers.get("", -1))


def _group_names(groups: list[str], words: list[str], by: str) -> list[str]:
    """Names for groups ("" is that of missing values) that no word and no other group has."""
    forms, taken = set(words), {*words, *groups}
    shown, changed = [], []
    for group in groups:
        name = group or NO_VALUE
        if name in (forms if group else taken):
            tries = (f"{name} ({by})" + (f" {number}" if number > 1 else "") for number in count(1))
            changed.append(next(other for other in tries if other not in taken))
            name = changed[-1]
        taken.add(name)
        shown.append(name)
    if changed:
        logger.info(
            _("%s renamed, as another has the name: %s"),
            plural(len(changed), "node"),
            listed(changed, _SHOWN),
        )
    return shown


def _values(joint: "Array", measured: "Array | None") -> "Array":
    return (joint if measured is None else measured).astype(float)


def _positive(values: "Array") -> "Array":
    """Which pairs are edges: those whose weight is above 0. Logs the others."""
    positive = values > 0
    if not positive.all():
        logger.info(
            _("%s together no more often than by chance (weight 0 or below) left out"),
            plural(int((~positive).sum()), "pair"),
        )
    found: Array = positive
    return found


def _log_nodes(types: int, kept: int, lonely: int) -> None:
    if kept < types:
        logger.info(
            _("the %s that occur most, of %s (--min-count, --top-nodes)"),
            plural(kept, "word"),
            f"{types:,}",
        )
    if lonely > 0:
        logger.info(_("%s without edges left out"), plural(lonely, "node"))
