"""How heavy each term is in a word cloud: counts of tokens, or the weights of a table."""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.records import Record, tokenized

logger = logging.getLogger("korpus")

Weights = dict[str, float]

# Columns of a table to weigh terms by, the preferred one first.
WEIGHT_COLUMNS = ("tfidf", "count", "weight")
# What may stand before the term in a table without groups.
_NO_GROUPS = ("id", "rank", "")
_GROUPS_SHOWN = 20


class Groups(NamedTuple):
    """The weights of terms in each group. `column`: the column of the groups.

    Tokens, and tables without groups, have one group and no column.
    """

    column: str | None
    weights: dict[str, Weights]


def weights(rows: Iterable[Record], group: str | None = None) -> Weights:
    """The weight of each term: its count in tokens, or the sum of its weights in a table.

    `group`: of a table, only its rows with this value in the column before `term`, as in tables of
    `freq --by` and of topics. Streams; holds the weights. Columns in and errors: `group_weights`.
    Raises KorpusError also for a table of several groups of which none is chosen.
    """
    found = group_weights(rows, group).weights
    if len(found) > 1:
        raise KorpusError(
            _("the table has {number} groups").format(number=len(found)),
            _("choose one: {groups}").format(groups=listed(found, _GROUPS_SHOWN)),
        )
    return next(iter(found.values()))


def group_weights(
    rows: Iterable[Record], group: str | None = None, *, by: str | None = None
) -> Groups:
    """The weight of each term in each group of a table, or in tokens. Streams; holds the weights.

    `group`: only this one. `by`: the rows are a table of `freq` by this column, which may be id.
    Columns in: `tokens`; or `term`, one of `tfidf`, `count`, `weight`, and
    before `term` the column of the groups. Terms without weight or letters are left out.
    Raises KorpusError for other columns, a weight that is not a number, no terms, no such group.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        raise KorpusError(_("there is nothing to draw: the input is empty"))
    everything = chain([first], rows)
    if "term" in first and "tokens" not in first:
        found = _of_table(everything, list(first), group, by)
    elif group is None:
        found = Groups(None, {"": _of_tokens(everything)})
    else:
        message = _("these are tokens, without groups")
        raise KorpusError(message, _("give the column of the groups: --by COLUMN"))
    drawable = {value: drawn for value, sums in found.weights.items() if (drawn := _drawable(sums))}
    if not drawable:
        raise KorpusError(
            _("there is nothing to draw: no term is left"),
            _("did an earlier step remove all tokens?"),
        )
    if empty := [value for value in found.weights if value not in drawable]:
        logger.info(
            _("%s without a term to draw left out: %s"),
            plural(len(empty), "group"),
            listed(empty, _GROUPS_SHOWN),
        )
    return Groups(found.column, drawable)


def _of_tokens(records: Iterable[Record]) -> Weights:
    counts: Counter[str] = Counter()
    for record in tokenized(records):
        counts.update(record["tokens"])
    return dict(counts)


def _of_table(
    rows: Iterable[Record], columns: list[str], group: str | None, by: str | None
) -> Groups:
    weight = next((name for name in WEIGHT_COLUMNS if name in columns), None)
    if weight is None:
        raise KorpusError(
            _("the table has no column to weigh terms by: {names}").format(
                names=", ".join(WEIGHT_COLUMNS)
            ),
            _("its columns are {columns}").format(columns=", ".join(columns)),
        )
    none = () if by else _NO_GROUPS
    before = [name for name in columns[: columns.index("term")] if name not in none]
    column = before[0] if before else None
    if column is None and group is not None:
        raise KorpusError(
            _("the table has no groups"),
            _("its columns are {columns}").format(columns=", ".join(columns)),
        )
    found: dict[str, defaultdict[str, float]] = {}
    for row in rows:
        value = str(row.get(column)) if column else ""
        sums = found.setdefault(value, defaultdict(float))
        if group in (None, value):
            term = str(row.get("term", ""))
            sums[term] += _number(row.get(weight), term)
    if group is None:
        return Groups(column, dict(found))
    if group not in found:
        message = _("the table has no group {group!r}").format(group=group)
        raise KorpusError(
            message, _("its groups are {groups}").format(groups=listed(found, _GROUPS_SHOWN))
        )
    return Groups(column, {group: found[group]})


def _drawable(sums: Weights) -> Weights:
    """The terms with a positive weight, in one line; those that then are equal are added up."""
    found: defaultdict[str, float] = defaultdict(float)
    for term, weight in sums.items():
        shown = " ".join(term.split())
        if weight > 0 and shown:
            found[shown] += weight
    return dict(found)


def _number(value: object, term: str) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise KorpusError(
            _("the weight of {term!r} is not a number: {value!r}").format(term=term, value=value),
            _("expected a table such as korpus freq writes"),
        )
    return number
