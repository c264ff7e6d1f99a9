"""PDF: its text, joined or by page, without running heads and hyphens at line ends."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.documents.packed import encrypted
from korpus.files.readers.reading import Reading
from korpus.messages import _
from korpus.records import Record
from korpus.workers.child import in_kept_child

_HYPHEN = re.compile("(?:[\ufffe\x02\u00ad]|(?<=[a-z])-)\n(?=[a-zà-ÿ])|[\ufffe\x02\u00ad]\n?")
_NUMBERS = re.compile(r"\d+")
_EDGE = 2  # lines at the top and the bottom of a page in which running heads are
_FEWEST, _SHARE = 3, 0.5  # pages that have the same line there, and their share of all
_PASSWORD = 4  # the error of PDFium


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The document of a file, or one of each page. It is parsed in a child process.

    Raises KorpusError for a broken or encrypted file, and for one without text.
    """
    crashed = _("{name}: broken PDF, or too large for the memory").format(name=name)
    rows = in_kept_child(_pages, stream.read(), name, crashed=crashed)
    pages = [row["text"] for row in rows]
    without = sum(not page.strip() for page in pages)
    if without == len(pages):
        raise KorpusError(
            _("{name} has no text: is it scanned?").format(name=name),
            _("recognise its text first (OCR), with ocrmypdf -l kor for example"),
        )
    reading.counts["empty page"] += without
    pages = _without_heads(pages, reading.counts)
    texts = [_HYPHEN.sub("", page).strip() for page in pages]
    if not reading.pages:
        yield {"text": "\n".join(filter(None, texts))}
        return
    for number, text in enumerate(texts, 1):
        yield {"text": text, "page": number}


def _pages(data: bytes, name: str) -> Iterator[Record]:
    """The text of each page, its lines ended by `\\n`."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise encrypted(name) from None
        raise _broken(name, error) from None
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise _broken(name, error) from None
        found = text.get_text_range(errors="replace")
        yield {"text": found.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")}
        text.close()
        page.close()


def _broken(name: str, error: Exception) -> KorpusError:
    return KorpusError(_("{name}: broken PDF ({reason})").format(name=name, reason=error))


def _without_heads(pages: list[str], counts: Counter[str]) -> list[str]:
    """Pages without the lines that recur at their top or bottom, but for numbers in them."""
    lines = [[line for line in page.split("\n") if line.strip()] for page in pages]
    edges = [({*map(_key, page[:_EDGE])}, {*map(_key, page[-_EDGE:])}) for page in lines]
    tops, bottoms = (Counter(key for edge in edges for key in edge[at]) for at in (0, 1))
    fewest = max(_FEWEST, _SHARE * len(pages))
    kept = []
    for page in lines:
        start, end = 0, len(page)
        while start < min(_EDGE, end) and tops[_key(page[start])] >= fewest:
            start += 1
        while end > max(start, len(page) - _EDGE) and bottoms[_key(page[end - 1])] >= fewest:
            end -= 1
        counts["running head"] += start + len(page) - end
        kept.append("\n".join(page[start:end]))
    return kept


def _key(line: str) -> str:
    return _NUMBERS.sub("#", line.strip())
