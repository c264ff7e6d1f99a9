"""Archives (.zip, .tar, .tar.gz) as folders: `news.zip/2024/a.txt` is a file in one.

Nothing is unpacked to the disk, but for a temporary file of a member that is too large for the
memory. Archives in archives are not opened.
"""

import contextlib
import io
import logging
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import PurePath
from typing import IO, BinaryIO, Protocol, TypeVar, cast

from korpus.errors import KorpusError
from korpus.files.sources.decompress import (
    GZIP,
    ZSTD,
    Decompressed,
    check_size,
    check_zip,
    plain_suffix,
)
from korpus.files.sources.spool import spooled
from korpus.messages import _, plural

logger = logging.getLogger("korpus")

Info = TypeVar("Info")

ARCHIVES = (".zip", ".tar", ".tgz")
_KEPT = 64 << 20  # bytes of a member that are kept in memory
_UTF8 = 0x800  # the flag of a zip member whose name is UTF-8
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class _Archive(Protocol):
    @property
    def members(self) -> Mapping[str, object]: ...
    @property
    def left_out(self) -> list[str]: ...
    def names(self) -> list[str]: ...
    def opened(self, name: str) -> IO[bytes]: ...
    def close(self) -> None: ...


class _Zip:
    def __init__(self, stream: BinaryIO, name: str) -> None:
        check_zip(stream, name)
        self.stream = stream
        self.name = name
        self.file = zipfile.ZipFile(stream)
        files = [info for info in self.file.infolist() if not info.is_dir()]
        links = {info.filename for info in files if stat.S_ISLNK(info.external_attr >> 16)}
        named = ((_zip_name(info), info) for info in files if info.filename not in links)
        self.members, again = _by_name(named)
        self.left_out = [*sorted(links), *again]

    def names(self) -> list[str]:
        return sorted(self.members)

    def opened(self, name: str) -> IO[bytes]:
        info = self.members[name]
        if info.flag_bits & 1:
            raise KorpusError(
                _("{name} is encrypted").format(name=f"{self.name}/{name}"),
                _("unpack the archive with its password, and read the folder"),
            )
        return self.file.open(info)

    def close(self) -> None:
        self.file.close()
        self.stream.close()


class _Tar:
    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        start = cast(io.BufferedReader, stream).peek(4)[:4]
        if start.startswith((GZIP, ZSTD)):
            content: BinaryIO = cast(
                BinaryIO, io.BufferedReader(Decompressed(stream, start, name), 1 << 18)
            )
            if not content.seekable():
                content = spooled(iter(partial(content.read, 1 << 20), b""))
        else:
            content = stream
        self.file = tarfile.open(fileobj=content, mode="r:")  # noqa: SIM115
        # In the order of the file, which is thus decompressed only once more.
        files: list[tuple[str, tarfile.TarInfo]] = []
        targets: set[str] = set()  # of hard links
        self.left_out: list[str] = []
        for info in self.file:
            if info.isreg() or (info.islnk() and info.linkname in targets):
                files.append((info.name, info))
                targets.add(info.name)
            elif not info.isdir():
                self.left_out.append(info.name)
        self.members, again = _by_name(files)
        self.left_out += again

    def names(self) -> list[str]:
        return list(self.members)

    def opened(self, name: str) -> IO[bytes]:
        found = self.file.extractfile(self.members[name])
        assert found is not None
        return found

    def close(self) -> None:
        self.file.close()
        self.stream.close()


_last: tuple[tuple[str, int, int], _Archive] | None = None  # which is kept open


def is_archive(path: str) -> bool:
    """Whether a path is that of an archive, by its suffix."""
    return plain_suffix(path) in ARCHIVES and os.path.isfile(path)  # noqa: PTH113


def names_in(path: str, name: str) -> list[str]:
    """The names of the files in an archive. Raises KorpusError if it is broken or too large."""
    with _errors(name):
        archive = _archive(path, name)
    if archive.left_out:
        logger.warning(
            _("%s: %s left out: links, and files whose name comes again later (%s …)"),
            name,
            plural(len(archive.left_out), "file"),
            archive.left_out[0],
        )
    return [found for found in archive.names() if not _is_hidden(found)]


def split_member(path: str) -> tuple[str, str] | None:
    """The archive and the member that a path names; None if it names no member."""
    for parent in PurePath(path).parents:
        if is_archive(str(parent)):
            return str(parent), PurePath(path).relative_to(parent).as_posix()
    return None


def open_member(path: str, member: str, name: str) -> BinaryIO:
    """A seekable stream of a member. Raises KorpusError if it cannot be read."""
    with _errors(f"{name}/{member}"):
        archive = _archive(path, name)
        if member not in archive.members:
            raise FileNotFoundError(2, os.strerror(2), f"{path}/{member}")
        with archive.opened(member) as stream:
            content = stream.read(_KEPT)
            if len(content) < _KEPT:
                return cast(BinaryIO, io.BufferedReader(io.BytesIO(content)))
            chunks = iter(partial(stream.read, 1 << 20), b"")
            size = os.stat(path).st_size  # noqa: PTH116
            return spooled(_checked(chain([content], chunks), name, size))


def _checked(chunks: Iterable[bytes], name: str, compressed: int) -> Iterator[bytes]:
    """Bytes of a member. Raises KorpusError if they are too many."""
    count = 0
    for chunk in chunks:
        count += len(chunk)
        check_size(name, compressed, count)
        yield chunk


def close_archive() -> None:
    """Close the archive that is kept open, if there is one."""
    global _last
    if _last is not None:
        _last[1].close()
        _last = None


def _archive(path: str, name: str) -> _Archive:
    """An open archive. The last one stays open, as its members are read one after another."""
    global _last
    found = os.stat(path)  # noqa: PTH116
    key = (os.path.abspath(path), found.st_mtime_ns, found.st_size)  # noqa: PTH100
    if _last is None or _last[0] != key:
        close_archive()
        stream = cast(BinaryIO, open(path, "rb"))  # noqa: SIM115, PTH123
        try:
            if not stat.S_ISREG(found.st_mode):
                raise zipfile.BadZipFile("not a regular file")
            archive = (_Zip if plain_suffix(path) == ".zip" else _Tar)(stream, name)
        except BaseException:
            stream.close()
            raise
        _last = (key, archive)
    return _last[1]


@contextlib.contextmanager
def _errors(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise KorpusError(
            _("{name}: broken archive ({reason})").format(name=name, reason=error),
            _("fetch it again, or unpack it and read the folder"),
        ) from None


def _by_name(members: Iterable[tuple[str, Info]]) -> tuple[dict[str, Info], list[str]]:
    """Members by their names, without `./`, `../` and a first `/`; names of those that come again.

    As when an archive is unpacked, the last one of a name counts.
    """
    found: dict[str, Info] = {}
    again: list[str] = []
    for name, info in members:
        short = "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
        if short in found:
            again.append(short)
        found[short] = info
    return found, again


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a member. Without a flag for UTF-8 it is UTF-8 or CP949 all the same."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:  # from an extra field
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp949", "replace")


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
