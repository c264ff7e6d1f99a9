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


def html_root(content: bytes, encoding: str | None = None) -> tuple[Any, bool]:
    """The root of a page, None if it is empty, and whether its elements are nested deeply.

    The parser drops what is nested too deep for it: a usual page that is more than 256 deep goes
    to one that takes 2048. Raises ValueError for more than that.
    """
    import lxml.html
    from lxml import etree

    for is_deep in (False, True):
        parser = lxml.html.HTMLParser(
            huge_tree=is_deep,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            encoding=encoding,
        )
        root = etree.fromstring(content, parser)
        if not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            return root, is_deep
    raise ValueError("its elements are nested too deep")


def add_tree(root: Any, names: Names, parts: Parts) -> None:
    """Add the text of an element to `parts`. Without recursion, as pages may be nested deeply."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else None
        kind = names.opens.get(tag) if tag else None
        is_line = tag in names.lines
        is_shown = tag is not None and tag not in names.skipped
        if event == "start" and is_shown:
            if kind:
                parts.open(kind)
            elif tag in names.rows:
                parts.row()
            elif is_line:
                parts.end_line()
            parts.add_words(element.text)
        elif event == "start":
            walk.skip_subtree()
        else:
            if is_shown and kind:
                parts.close()
            elif is_shown and is_line:
                parts.end_line()
            if element is not root:
                parts.add_words(element.tail)
