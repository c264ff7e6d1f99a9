"""The text of a tree of elements, as web pages and e-books have."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from korpus.files.readers.documents.parts import CELL, TABLE, Parts


class Names(NamedTuple):
    """The names of elements: those that end a line, that open a part, rows of tables, and those
    whose text is not shown."""

    lines: Collection[str]
    opens: Mapping[str, str]
    rows: Collection[str]
    skipped: Collection[str]


HTML = Names(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "section", "br", "pre"),
    {"table": TABLE, "td": CELL, "th": CELL},
    ("tr",),
    ("head", "script", "style", "noscript", "rt", "rp"),
)


def add_tree(element: Any, names: Names, parts: Parts) -> None:
    """Add the text of an element to `parts`."""
    if not isinstance(element.tag, str):  # a comment
        return
    tag = element.tag.rpartition("}")[2]
    if tag in names.skipped:
        return
    kind = names.opens.get(tag)
    is_line = tag in names.lines
    if kind:
        parts.open(kind)
    elif tag in names.rows:
        parts.row()
    elif is_line:
        parts.end_line()
    parts.add_words(element.text)
    for child in element:
        add_tree(child, names, parts)
        parts.add_words(child.tail)
    if kind:
        parts.close()
    elif is_line:
        parts.end_line()
