"""A dependency tree as text: each word below its head, with its tag and its relation."""

from collections.abc import Iterable, Iterator

from korpus.files.writers.plain import NUL_REPLACEMENT
from korpus.files.writers.tagged import tagged_line
from korpus.records import Record, has_tree, rootless_token

_BRANCH, _LAST, _BESIDE, _BELOW = "├─ ", "└─ ", "│  ", "   "


def tree_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Per sentence its text and its tree, and a blank line. Others as `tagged`. Streams."""
    return map(_lines, records)


def _lines(record: Record) -> bytes:
    heads = record.get("heads")
    if not has_tree(record) or heads is None or len(heads) != len(record["tokens"]):
        return tagged_line(record)
    if not all(type(head) is int for head in heads) or rootless_token(heads) is not None:
        return tagged_line(record)
    text = " ".join(str(record.get("text", "")).split())
    lines = [f"{record.get('id', '')}: {text}", *_branches(record), "", ""]
    return "\n".join(lines).replace("\0", NUL_REPLACEMENT).encode("utf-8", "replace")


def _branches(record: Record) -> Iterator[str]:
    tokens, heads = record["tokens"], record["heads"]
    below: list[list[int]] = [[] for _ in range(len(tokens) + 1)]
    for number, head in enumerate(heads, 1):
        below[head].append(number)
    tags = record.get("tags") or [""] * len(tokens)
    relations = record.get("relations") or [""] * len(tokens)
    # Words to show, with what stands before them and before those below them.
    waiting = [(number, "", "") for number in reversed(below[0])]
    while waiting:
        number, lead, more = waiting.pop()
        tag = f"/{tags[number - 1]}" if tags[number - 1] else ""
        word = " ".join(tokens[number - 1].split())
        yield f"{lead}{word}{tag} {relations[number - 1]}".rstrip()
        children = below[number]
        for child in reversed(children):
            branch, beside = (_LAST, _BELOW) if child == children[-1] else (_BRANCH, _BESIDE)
            waiting.append((child, more + branch, more + beside))
