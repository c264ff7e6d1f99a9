"""Web pages: the article, without menus and advertisements."""

import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.documents.extras import needs_extra
from korpus.files.readers.documents.parts import CELL, TABLE, Parts
from korpus.files.readers.documents.tree import HTML, Names, add_tree, html_root
from korpus.files.readers.reading import COMMENTS, Reading
from korpus.files.readers.whole import whole_text
from korpus.messages import _
from korpus.records import Record

logger = logging.getLogger("korpus")

_LARGEST = 32 << 20  # characters; the tree of a page takes many times as much memory
_NAMES = Names(
    ("p", "head", "item", "quote", "code", "lb"), {"table": TABLE, "cell": CELL}, ("row",), ()
)
_COLUMNS = ("title", "author", "date", "url")


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The article of a page, with what the page says of itself.

    Where no article is found, all text of the page. Raises KorpusError if it is too large.
    """
    with needs_extra("html", name):
        import trafilatura
    page = whole_text(stream, name, reading.encoding)
    if len(page) > _LARGEST:
        raise KorpusError(
            _("{name}: a web page of more than {limit} million characters").format(
                name=name, limit=_LARGEST // 1_000_000
            ),
            _("cut it into smaller pages"),
        )
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    root, is_deep = html_root(page.encode(), "utf-8")
    found: Any = trafilatura.bare_extraction(root if is_deep else page, with_metadata=True)
    parts = Parts()
    if found is not None and found.body is not None:
        add_tree(found.body, _NAMES, parts)
        if found.commentsbody is not None:
            parts.open(COMMENTS)
            add_tree(found.commentsbody, _NAMES, parts)
            parts.close()
    text = parts.text(reading)
    if not text and reading.tables == "text":
        if is_deep:  # trafilatura has changed the tree
            root, _is_deep = html_root(page.encode(), "utf-8")
        text = _all_text(root, reading)
        logger.info(_("%s: no article found, so all text of the page is read"), name)
    metadata = {} if found is None else found.as_dict()
    row = {column: metadata[column] for column in _COLUMNS if metadata.get(column)}
    yield {"text": text, **row}


def _all_text(root: Any, reading: Reading) -> str:
    parts = Parts()
    if root is not None:
        add_tree(root, HTML, parts)
    return parts.text(reading)
