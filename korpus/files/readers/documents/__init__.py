"""Readers of files that are one document each: HWP, Word, PDF, web pages, e-books."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.documents import docx, epub, html, hwp, pdf
from korpus.files.readers.reading import Reading
from korpus.messages import _
from korpus.records import Record

Read = Callable[[BinaryIO, str, Reading], Iterator[Record]]


def _guarded(read: Read) -> Read:
    """A reader whose errors, whatever they are, say which file is broken.

    The libraries that parse a broken file raise errors of many kinds.
    """

    def read_guarded(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
        try:
            yield from read(stream, name, reading)
        except KorpusError:
            raise
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise KorpusError(
                _("{name}: broken file ({reason})").format(name=name, reason=reason)
            ) from error

    return read_guarded


read_docx = _guarded(docx.read)
read_epub = _guarded(epub.read)
read_html = _guarded(html.read)
read_hwp = _guarded(hwp.read)
read_pdf = _guarded(pdf.read)
