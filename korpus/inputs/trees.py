"""Dependency trees: the columns that they have beside tokens, and whether heads make a tree."""

from collections.abc import Sequence
from typing import Any

HEADS, RELATIONS = "heads", "relations"
# Lists as long as `tokens`, in the order of CoNLL-U.
TREE_COLUMNS = ("lemmas", "xpos", "feats", HEADS, RELATIONS, "deps", "misc")

Record = dict[str, Any]


def has_tree(record: Record) -> bool:
    """Whether a record has heads beside its tokens."""
    return isinstance(record.get(HEADS), list) and isinstance(record.get("tokens"), list)


def without_tree(record: Record) -> Record:
    """The record without the columns of a tree, which no longer fit when its tokens change.

    Columns of the user's that are no lists as long as the tokens stay.
    """
    if not has_tree(record):
        return record
    length = len(record["tokens"])
    return {
        key: value
        for key, value in record.items()
        if key not in TREE_COLUMNS or not isinstance(value, list) or len(value) != length
    }


def rootless_token(heads: Sequence[int]) -> int | None:
    """A token, counted from 1, whose chain of heads does not reach a root; None in a proper tree.

    `heads`: the number of the head of each token, 0 for a root. The token is in a circle, or the
    number of its head is that of no token.
    """
    state = [0] * (len(heads) + 1)  # 0: not seen, 1: on the way, 2: leads to a root
    state[0] = 2
    for start in range(1, len(heads) + 1):
        way = []
        at = start
        while state[at] == 0:
            state[at] = 1
            way.append(at)
            at = heads[at - 1]
            if not 0 <= at <= len(heads):
                return way[-1]
        if state[at] == 1:
            return at
        for passed in way:
            state[passed] = 2
    return None
