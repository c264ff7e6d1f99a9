"""Zip files that hold a document: HWPX, Word, EPUB."""

import contextlib
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO

from korpus.errors import KorpusError
from korpus.files.sources import check_zip
from korpus.messages import _

# Bytes; a second or two of parsing. A document of more is compressed far less than a bomb.
ALWAYS_ALLOWED = 32 << 20


@contextlib.contextmanager
def opened_zip(stream: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip file whose members have an allowed size. Raises KorpusError, or zipfile's errors."""
    check_zip(stream, name, ALWAYS_ALLOWED)
    with zipfile.ZipFile(stream) as archive:
        yield archive


@contextlib.contextmanager
def opened_member(archive: zipfile.ZipFile, member: str, name: str) -> Iterator[IO[bytes]]:
    """A member of a zip file. Raises KorpusError if it is encrypted."""
    if archive.getinfo(member).flag_bits & 1:
        raise encrypted(name)
    with archive.open(member) as stream:
        yield stream


def check_encrypted(data: bytes, name: str) -> None:
    """Raises KorpusError for a file of Word or Excel with a password, which is an OLE file."""
    if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted(name)


def encrypted(name: str) -> KorpusError:
    """The error for a file that a password protects."""
    return KorpusError(
        _("{name} is encrypted").format(name=name),
        _("save it without a password, and read that"),
    )
