"""Go through the XML of a document (HWPX, Word) in one pass, in little memory."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from korpus.files.readers.documents.parts import CELL, TABLE, Parts
from korpus.files.readers.reading import BESIDE

# What the elements of a format stand for. Other values are characters, such as a tab.
PARAGRAPH, TEXT, ROW, SKIPPED = "paragraph", "text", "row", "skipped"
DELETED, END_DELETED = "deleted", "end of deleted"
_OPENS = {TABLE, CELL, *BESIDE}


def read_xml(
    stream: IO[bytes],
    roles: Mapping[str, str],
    parts: Parts,
    kind: str = "",
) -> None:
    """Add the text of an XML stream to `parts`. `roles`: by the local name of an element.

    `kind`: what all of it is, such as headers. Raises lxml's errors for broken XML, and for nesting
    and entities that no program writes.
    """
    if kind:
        parts.open(kind)
    skipping = deleted = in_text = 0
    known: dict[Any, str | None] = {}
    for event, element in _events(stream):
        tag = element.tag
        if tag not in known:
            known[tag] = roles.get(tag.rpartition("}")[2]) if isinstance(tag, str) else SKIPPED
        role = known[tag]
        if role == SKIPPED:
            skipping += 1 if event == "start" else -1
        elif role is None or skipping:
            if role == TEXT:
                in_text += 1 if event == "start" else -1
        elif event == "start":
            if role == TEXT:
                in_text += 1
            elif role in _OPENS and _is_one(element, role):
                parts.open(role)
            elif role == ROW:
                parts.row()
            elif role == PARAGRAPH:
                parts.end_line()
        elif role == TEXT:
            in_text -= 1
            deleted = _add_text(element, roles, parts, deleted)
        elif role in _OPENS:
            if _is_one(element, role):
                parts.close()
        elif role == PARAGRAPH:
            parts.end_line()
        elif role != ROW and not in_text and not deleted:
            parts.add(role)
        if event == "end" and not in_text:
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del element.getparent()[0]
    if kind:
        parts.close()


def _events(stream: IO[bytes]) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    return iter(
        etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    )


def _is_one(element: Any, role: str) -> bool:
    """Whether an element is what its name says: of the fields of HWPX, only memos are comments."""
    return not element.tag.endswith("}fieldBegin") or element.get("type") == "MEMO"


def _add_text(element: Any, roles: Mapping[str, str], parts: Parts, deleted: int) -> int:
    """Add the text of an element, with the characters that elements in it stand for.

    `deleted`: whether it begins in text that was deleted. Returns whether it ends there.
    """
    if element.text and not deleted:
        parts.add(element.text)
    for child in element:
        role = roles.get(child.tag.rpartition("}")[2]) if isinstance(child.tag, str) else None
        if role in (DELETED, END_DELETED):
            deleted = role == DELETED
        elif not deleted and role is not None and role not in (TEXT, SKIPPED):
            parts.add(role)
        elif role == TEXT or role is None:
            deleted = _add_text(child, roles, parts, deleted)
        if child.tail and not deleted:
            parts.add(child.tail)
    return deleted
