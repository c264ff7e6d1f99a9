"""Edge lists → graphs."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Any
from unicodedata import normalize

from korpus.documents.comparisons import is_missing, number
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.networks.graph import Graph, is_weight, merged
from korpus.records import EDGE_SOURCE, EDGE_TARGET, Record, as_tokens

logger = logging.getLogger("korpus")

# Names of the column, in lower case; the first is the usual one.
_WEIGHT = ("weight", "가중치", "value", "count", "freq", "frequency", "n", "빈도", "횟수")
_SHOWN = 10  # columns in a message


def edge_graph(rows: Iterable[Record], *, directed: bool = False) -> Graph:
    """Make a graph of an edge list. Needs the whole input; holds the graph.

    Columns in: `source`, `target` and maybe `weight` (default: 1), in large or small letters; also
    `from` and `to`, and for the weight `count`, `freq`, `frequency`, `n`, `value`, 가중치, 빈도 and
    횟수; two or three columns of other names are taken in their order. Without a weight the other
    columns are named in the log. Edges that repeat are added up, those from a node to itself are
    left out. A row with one end only is a node, which may have no edges. Nodes with the most weight
    come first.
    Raises KorpusError without these columns, and for a weight that is below 0 or not a number.
    """
    import numpy

    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    ends: list[int] = []
    weights: list[float] = []
    keys: tuple[str, str, str | None] | None = None
    single = empty = 0
    for place, row in enumerate(as_tokens(rows), 1):
        if keys is None or keys[0] not in row or keys[1] not in row:
            keys = _columns(row)
        source, target = _name(row[keys[0]]), _name(row[keys[1]])
        if source is None or target is None:
            single += (source or target) is not None
            empty += (source or target) is None
            for name in filter(None, (source, target)):
                numbers[name]  # a node
            continue
        weight = keys[2]
        weights.append(_weight(row, (keys[0], keys[1], weight), place) if weight else 1.0)
        ends += (numbers[source], numbers[target])
    if single:
        logger.info(_("%s with one end: a node without this edge"), plural(single, "row"))
    if empty:
        logger.warning(_("%s without source and target left out"), plural(empty, "row"))
    pairs = numpy.array(ends, numpy.int64).reshape(-1, 2)
    graph = merged(
        list(numbers), pairs[:, 0], pairs[:, 1], numpy.array(weights, float), is_directed=directed
    )
    return graph.select_nodes(_by_strength(graph))


def _by_strength(graph: Graph) -> Any:
    import numpy

    size = len(graph.names)
    strength = numpy.bincount(graph.sources, graph.weights, size)
    strength += numpy.bincount(graph.targets, graph.weights, size)
    alphabetical = numpy.array(sorted(range(size), key=graph.names.__getitem__), numpy.int64)
    return alphabetical[numpy.argsort(-strength[alphabetical], kind="stable")]


def _columns(row: Record) -> tuple[str, str, str | None]:
    known = {key.strip().lower(): key for key in reversed(row)}
    found = [
        next((known[name] for name in names if name in known), None)
        for names in (EDGE_SOURCE, EDGE_TARGET, _WEIGHT)
    ]
    if found[0] is None or found[1] is None:
        if len(row) not in (2, 3):
            raise KorpusError(
                _("an edge list has the columns source and target, and maybe weight"),
                _("its columns are {columns}").format(columns=", ".join(row)),
            )
        found = [*row, None]
        logger.warning(
            _("taken in their order for source, target, weight: %s (--header-row 0: no names)"),
            ", ".join(row),
        )
    elif found[2] is None and (unused := [key for key in row if key not in found and key != "id"]):
        logger.warning(_("each row counts 1; not used: %s"), listed(unused, _SHOWN))
    source, target, weight = found[:3]
    return str(source), str(target), weight


def _name(value: Any) -> str | None:
    """The name of a node; None if it is missing."""
    return None if is_missing(value) else normalize("NFC", str(value).strip())


def _weight(row: Record, keys: tuple[str, str, str], place: int) -> float:
    value = row.get(keys[2])
    found = number(value) if isinstance(value, str) else value
    try:
        weight = float("nan" if found is None else found)
    except (TypeError, ValueError, OverflowError):
        weight = float("nan")
    if is_weight(weight):
        return weight
    reason, hint = (
        _("{column} {value!r} is not a number from 0").format(column=keys[2], value=value),
        _("paths and centralities need weights above 0; remove or recode the others"),
    )
    if is_missing(value):
        reason = _("{column} is empty").format(column=keys[2])
        hint = _("give a number; 0 makes no edge")
    raise KorpusError(
        _("edge list, row {place} after the header, {source} → {target}: {reason}").format(
            place=place, source=row[keys[0]], target=row[keys[1]], reason=reason
        ),
        hint,
    )
