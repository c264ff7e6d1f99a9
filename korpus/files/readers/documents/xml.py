"""Go through the XML of a document (HWPX, Word) in one pass, without a tree in memory."""

from collections.abc import Mapping
from typing import IO, NoReturn
from xml.parsers import expat

from korpus.files.readers.documents.parts import CELL, TABLE, Parts
from korpus.files.readers.reading import BESIDE, COMMENTS

# What the elements of a format stand for. Other values are characters, such as a tab.
PARAGRAPH, TEXT, ROW, SKIPPED = "paragraph", "text", "row", "skipped"
MEMO = "memo"  # a comment if its type is MEMO
DELETED, END_DELETED = "deleted", "end of deleted"
_OPENS = {TABLE, CELL, *BESIDE}
_DEEPEST = 256  # elements in elements


def read_xml(stream: IO[bytes], roles: Mapping[str, str], parts: Parts, kind: str = "") -> None:
    """Add the text of an XML stream to `parts`. `roles`: by the local name of an element.

    `kind`: what all of it is, such as headers. Raises ExpatError for broken XML, ValueError for
    entities and for nesting that no program writes.
    """
    if kind:
        parts.open(kind)
    reader = _Reader(roles, parts)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse  # a few can stand for gigabytes
    parser.ParseFile(stream)
    if kind:
        parts.close()


def _refuse(*_entity: object) -> NoReturn:
    raise ValueError("it defines entities")


class _Reader:
    """What is done at the start and the end of elements."""

    def __init__(self, roles: Mapping[str, str], parts: Parts) -> None:
        self.roles = roles
        self.parts = parts
        self.known: dict[str, str | None] = {}  # roles by the name with its prefix
        self.depth = self.skipping = self.in_text = 0
        self.is_deleted = False
        self.memos: list[bool] = []  # of the fields that are open, whether each is a memo

    def role(self, name: str) -> str | None:
        """What an element stands for."""
        if name not in self.known:
            self.known[name] = self.roles.get(name.rpartition(":")[2])
        return self.known[name]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """The start of an element."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("its elements are nested too deeply")
        role = self.role(name)
        if role is None:
            return
        if role == SKIPPED:
            self.skipping += 1
        elif self.skipping:
            return
        elif role == TEXT:
            self.in_text += 1
        elif role == PARAGRAPH:
            self.parts.end_line()
        elif role in _OPENS:
            self.parts.open(role)
        elif role == ROW:
            self.parts.row()
        elif role == MEMO:
            self.memos.append(attributes.get("type") == "MEMO")
            if self.memos[-1]:
                self.parts.open(COMMENTS)
        elif role in (DELETED, END_DELETED):
            self.is_deleted = role == DELETED
        elif not self.is_deleted:
            self.parts.add(role)

    def end(self, name: str) -> None:
        """The end of an element."""
        self.depth -= 1
        role = self.role(name)
        if role is None:
            return
        if role == SKIPPED:
            self.skipping -= 1
        elif self.skipping:
            return
        elif role == TEXT:
            self.in_text -= 1
        elif role == PARAGRAPH:
            self.parts.end_line()
        elif role in _OPENS or (role == MEMO and self.memos.pop()):
            self.parts.close()

    def text(self, text: str) -> None:
        """Text in an element."""
        if self.in_text and not (self.skipping or self.is_deleted):
            self.parts.add(text)
