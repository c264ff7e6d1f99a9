"""The files that sources stand for: folders and archives are expanded."""

import logging
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from unicodedata import normalize

from korpus.errors import KorpusError
from korpus.files.choose_format import readable_formats
from korpus.files.formats import suffix_format
from korpus.files.readers import Reading, input_format_of
from korpus.files.sources import (
    ARCHIVES,
    STDIN,
    files_in,
    is_archive,
    names_in,
    plain_suffix,
    source_errors,
    source_name,
    split_member,
)
from korpus.messages import _, plural
from korpus.records import Record

logger = logging.getLogger("korpus")

_COMPLETE = "_SUCCESS"  # the mark of Spark


class Found(NamedTuple):
    """A file that is read.

    `name`: in records. `columns`: what its path says. `error`: why it cannot be read.
    """

    path: str
    name: str
    columns: Record
    error: KorpusError | None = None


def is_many(source: str) -> bool:
    """Whether a source is a folder or an archive."""
    with source_errors(source):
        return source != STDIN and (Path(source).is_dir() or is_archive(source))


def is_table(source: str) -> bool:
    """Whether a source is a folder that stands for one file: the parts of it that Spark wrote."""
    with source_errors(source):
        return source != STDIN and Path(source, _COMPLETE).is_file()


def find_files(sources: Sequence[str], reading: Reading) -> list[Found]:
    """The files of sources, those of folders and archives by path.

    Raises KorpusError for a source that does not exist, and a folder without readable files.
    """
    found: list[Found] = []
    for source in sources:
        with source_errors(source):
            if source != STDIN and not split_member(source):
                Path(source).stat()  # a file that was named has to be there
        if is_many(source):
            found += _inside(source, len(sources) > 1, reading)
        else:
            name = "-" if source == STDIN else _name(source)
            around = [] if source == STDIN else list(PurePosixPath(name).parent.parts)
            columns = reading.path_columns
            found.append(_found(source, name, around[-len(columns) :], columns))
    return found


def _inside(source: str, several: bool, reading: Reading) -> list[Found]:
    """The files in a folder or an archive that can be read."""
    found: list[Found] = []
    skipped: list[str] = []
    for path, name, error in _paths(source, several):
        if reading.glob is not None and not _matches(name, reading.glob):
            continue
        if error is not None:
            found.append(Found(path, name, {}, error))
        elif input_format_of(path):
            around = list(PurePosixPath(name).parent.parts)
            found.append(_found(path, name, around, reading.path_columns))
        elif Path(path).name != _COMPLETE:
            skipped.append(path)
    if skipped and found:
        logger.info(
            _("%s: %s of other formats left out (%s …)"),
            source,
            plural(len(skipped), "file"),
            skipped[0],
        )
    if not found:
        if reading.glob is not None and not skipped:
            raise KorpusError(
                _("{name}: no file is named {pattern}").format(name=source, pattern=reading.glob)
            )
        raise KorpusError(
            _("{name}: no file in this folder can be read").format(name=source),
            readable_formats(),
        )
    if not reading.whole_file and any(suffix_format(file.path) in ("txt", None) for file in found):
        logger.info(
            _("%s: each line of a .txt file is a document; --whole-file: each file"), source
        )
    return found


def _paths(source: str, several: bool) -> list[tuple[str, str, KorpusError | None]]:
    """Path, name and error of each file in a folder or an archive, and in archives in a folder."""
    if not Path(source).is_dir():
        return _members(source, "", strict=not several)
    with source_errors(source):  # not of the output, inside whose block this runs
        inside = files_in(Path(source))
    found: list[tuple[str, str, KorpusError | None]] = []
    for path in inside:
        name = _name(str(path.relative_to(source)))
        if is_archive(str(path)):
            found += _members(str(path), f"{name}/", strict=False)
        else:
            found.append((str(path), name, None))
    return found


def _members(
    archive: str, prefix: str, *, strict: bool
) -> list[tuple[str, str, KorpusError | None]]:
    try:
        with source_errors(archive):
            names = names_in(archive, source_name(archive))
    except KorpusError as error:
        if strict:
            raise
        return [(archive, prefix.rstrip("/") or _name(archive), error)]
    found: list[tuple[str, str, KorpusError | None]] = []
    for name in names:
        path = f"{archive}/{name}"
        nested = None
        if plain_suffix(name) in ARCHIVES:
            nested = KorpusError(
                _("{name}: an archive in an archive").format(name=source_name(path)),
                _("unpack the outer one, and read the folder"),
            )
        found.append((path, prefix + normalize("NFC", name), nested))
    return found


def _found(path: str, name: str, around: list[str], columns: tuple[str, ...]) -> Found:
    """A file with the columns of its path; with an error if it lies in too few folders."""
    error = None
    if len(around) < len(columns):
        error = KorpusError(
            _("{name} lies in {folders}, --path-columns names {count}").format(
                name=name, folders=plural(len(around), "folder"), count=len(columns)
            )
        )
    return Found(path, name, dict(zip(columns, around, strict=False)), error)


def _name(path: str) -> str:
    """A path as the name of a source: in NFC, which names from macOS are not in."""
    return normalize("NFC", source_name(path))


def _matches(name: str, pattern: str) -> bool:
    pattern = normalize("NFC", pattern).removeprefix("**/")
    return fnmatchcase(name, pattern) or fnmatchcase(PurePosixPath(name).name, pattern)
