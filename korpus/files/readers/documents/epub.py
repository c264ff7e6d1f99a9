"""E-books (.epub), without digital rights management."""

import logging
import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote
from zipfile import ZipFile

from korpus.errors import KorpusError
from korpus.files.readers.documents.packed import encrypted, opened_member, opened_zip
from korpus.files.readers.documents.parts import Parts
from korpus.files.readers.documents.tree import HTML, add_tree, html_root
from korpus.files.readers.reading import Reading
from korpus.messages import _, plural
from korpus.records import Record

logger = logging.getLogger("korpus")

_FONTS = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")
_LARGEST = 16 << 20  # bytes; a chapter is held in memory


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The book of a file, its chapters in order. Raises KorpusError for other files."""
    parts = Parts()
    with opened_zip(stream, name) as archive:
        members = set(archive.namelist())
        if "META-INF/encryption.xml" in members:
            listed = _content(archive, "META-INF/encryption.xml", name)
            if listed.count(b"EncryptionMethod ") > sum(map(listed.count, _FONTS)):
                raise encrypted(name)
        missing = 0
        for chapter in _chapters(archive, name):
            if chapter not in members:
                missing += 1
                continue
            page = _root(archive, chapter, name, html=True)
            if page is not None:
                add_tree(page, HTML, parts)
    if missing:
        logger.warning(_("%s: %s missing, which the book lists"), name, plural(missing, "chapter"))
    yield {"text": parts.text(reading)}


def _chapters(archive: ZipFile, name: str) -> Iterator[str]:
    """The members with the text, in the order of reading."""
    try:
        container = _root(archive, "META-INF/container.xml", name)
        package = next(container.iter("{*}rootfile")).get("full-path")
        root = _root(archive, package, name)
    except (KeyError, StopIteration):
        raise KorpusError(_("{name}: not an e-book (.epub)").format(name=name)) from None
    items = {item.get("id"): item.get("href") for item in root.iter("{*}item")}
    for reference in root.iter("{*}itemref"):
        if href := items.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href)))


def _content(archive: ZipFile, member: str, name: str) -> bytes:
    with opened_member(archive, member, name) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise KorpusError(_("{name}: {member} is too large").format(name=name, member=member))
    return content


def _root(archive: ZipFile, member: str, name: str, *, html: bool = False) -> Any:
    from lxml import etree

    content = _content(archive, member, name)
    if html:
        if not content.startswith(b"<?xml"):  # which says its encoding, as UTF-8 is implied
            content = b'<?xml version="1.0" encoding="utf-8"?>' + content
        return html_root(content)[0]
    options = {"resolve_entities": False, "load_dtd": False, "no_network": True}
    return etree.fromstring(
        content, etree.XMLParser(remove_comments=True, remove_pis=True, **options)
    )
