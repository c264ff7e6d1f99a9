"""Decide, before any work, whether an output may be written."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import STDOUT
from korpus.files.found import is_table
from korpus.files.model_files import check_suffix
from korpus.files.places import writable_place
from korpus.files.readers import input_format_of
from korpus.files.sources import STDIN, files_in, hidden, is_archive, split_member
from korpus.files.write import check_terminal, check_written
from korpus.files.writers import check_chart, check_picture
from korpus.messages import _

PICTURE, CHART, PROSE, PAGE = "picture", "chart", "prose", "page"
FOLDER = "folder"
PROSE_SUFFIXES = (".md", ".txt", ".docx", ".tex")
PAGE_SUFFIXES = (".html", ".htm")


def check_output(
    output: str,
    inputs: Iterable[str] = (),
    *,
    no_clobber: bool = False,
    in_parts: bool = False,
) -> None:
    """Raises KorpusError if `output` cannot be written, or must not be.

    An existing file is replaced, but never one of `inputs`, the paths that the command reads: also
    not through links, as a file of a folder that is read, or as the file that standard input comes
    from. `no_clobber`: nothing that exists is replaced. `in_parts`: the output is a folder of part
    files, which may take the place of another such folder.
    """
    if output == STDOUT:
        if any(map(_is_stdout, inputs)):
            raise UsageError(
                _("standard output goes to an input"), _("give the output another name")
            )
        return
    path = Path(output)
    if in_parts:
        output = output.rstrip("/")
        if any(_is_same(path, source) for source in inputs):
            raise UsageError(
                _("{name} is an input too").format(name=output), _("give the output another name")
            )
    is_own = in_parts and (not path.is_dir() or is_table(output) or not any(path.iterdir()))
    if not is_own and (path.is_dir() or output.endswith(("/", os.sep))):
        raise KorpusError(
            _("{name}: is a folder").format(name=output), _("give the name of a file")
        )
    target = writable_place(output, no_clobber=no_clobber)
    if not target.exists():
        return
    if any(_is_input(target, source) for source in inputs):
        raise UsageError(
            _("{name} is an input too").format(name=output), _("give the output another name")
        )
    if not os.access(target, os.W_OK):
        raise KorpusError(
            _("{name}: cannot be written ({reason})").format(
                name=output, reason=os.strerror(errno.EACCES)
            ),
            _("choose another name"),
        )


def _is_same(path: Path, source: str) -> bool:
    return path.exists() and Path(source).exists() and path.samefile(source)


def _is_stdout(source: str) -> bool:
    """Whether standard output is a file that is read, as by `korpus read x.jsonl >> x.jsonl`."""
    try:
        found = os.fstat(1)
        if not stat.S_ISREG(found.st_mode):
            return False
        if source == STDIN:
            return os.path.samestat(os.fstat(0), found)
        path = _file_of(source)
        files = files_in(path) if path.is_dir() else [path]
        return any(os.path.samestat(file.stat(), found) for file in files)
    except OSError:  # closed, or not there
        return False


def check_format(kind: str | tuple[str, ...], path: str, format: str | None = None) -> None:
    """Raises UsageError if no writer knows the format of an output.

    `kind`: records, tables, picture, chart, prose, page or folder; or the suffixes that it may
    have. `format`: the user's choice.
    """
    if kind == FOLDER:
        return
    if isinstance(kind, tuple):
        check_suffix(path, kind)
    elif kind in (PROSE, PAGE):
        if path != STDOUT:
            check_suffix(path, PROSE_SUFFIXES if kind == PROSE else PAGE_SUFFIXES)
    elif kind in (PICTURE, CHART):
        (check_chart if kind == CHART else check_picture)(path)
        check_terminal(path, "PNG")
    else:
        check_written(path, format, kind)


def _is_input(target: Path, source: str) -> bool:
    """Whether an existing file is a source, or one of the files that a folder stands for."""
    if not target.is_file():  # a device or a pipe is not replaced
        return False
    if source == STDIN:
        with contextlib.suppress(OSError):  # it may be closed
            return os.path.samestat(os.fstat(0), target.stat())
        return False
    path = _file_of(source)
    if not path.is_dir():
        return path.exists() and path.samefile(target)
    folder = Path(os.path.realpath(path))
    return (
        target.is_relative_to(folder)
        and not hidden(target, folder)
        and (input_format_of(str(target)) is not None or is_archive(str(target)))
    )


def _file_of(source: str) -> Path:
    """The file or folder that a source is in: for a member of an archive, the archive."""
    member = split_member(source)
    return Path(source if member is None else member[0])
