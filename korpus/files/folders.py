"""Outputs that are folders: written beside the target, then put in its place in one step.

A folder of korpus has a file korpus.json, which says what made it and lists its files. Only such a
folder is ever replaced, and only while it holds nothing else.
"""

import contextlib
import ctypes
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import output_errors
from korpus.files.places import writable_place
from korpus.messages import _
from korpus.version import __version__

MARK = "korpus.json"
_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux
_FILES = "files"


def check_folder(output: str, inputs: Iterable[str] = (), *, no_clobber: bool = False) -> None:
    """Raises KorpusError if the folder `output` cannot be written, or must not be replaced.

    `inputs`: what the command reads, which is never replaced. `no_clobber`: nothing is.
    """
    target = writable_place(output, no_clobber=no_clobber)
    for source in inputs:
        read = Path(os.path.realpath(source))
        if read == target or target in read.parents:
            raise UsageError(
                _("{name} is an input too").format(name=output), _("give the output another name")
            )
    if target.exists():
        _check_replaced(output, target)


def _check_replaced(output: str, target: Path) -> None:
    """Raises KorpusError for what is there, unless it is an empty folder or one of korpus."""
    if not target.is_dir():
        raise KorpusError(
            _("{path} is a file, not a folder").format(path=output), _("choose another folder")
        )
    with output_errors(output):
        there = {path.name for path in target.iterdir()}
    if others := sorted(there - _written(target)):
        raise KorpusError(
            _("{path} holds files that korpus did not write: {name}").format(
                path=output, name=others[0]
            ),
            _("choose another folder"),
        )


def _written(target: Path) -> set[str]:
    """The names in a folder that korpus wrote."""
    try:
        names = json.loads((target / MARK).read_bytes())[_FILES]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {MARK, *filter(lambda name: isinstance(name, str), names)}


@contextlib.contextmanager
def new_folder(
    output: str, provenance: Mapping[str, Any], *, licence: str | None = None
) -> Iterator[str]:
    """Give an empty folder to write in, which gets the name `output` if the block ends well.

    An earlier one of korpus is replaced as a whole; if the block fails, it stays as it was.
    `provenance`: what made the folder, for its korpus.json. `licence`: that of what it was made
    from, for its README.md, which replaces another. Raises KorpusError where it cannot be
    written.
    """
    target = Path(os.path.realpath(output))
    with output_errors(output):
        check_folder(output)
        temporary = target.with_name(f".{target.name}.{token_hex(4)}.part")
        try:
            temporary.mkdir()
            yield str(temporary)
            _write_card(temporary / "README.md", licence)
            names = sorted(path.name for path in temporary.iterdir())
            mark = {"korpus": __version__, **provenance, _FILES: names}
            text = json.dumps(mark, ensure_ascii=False, indent=2) + "\n"
            (temporary / MARK).write_text(text, "utf-8")
            _sync(temporary)
            check_folder(output)  # someone may have put something there
            _put(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)  # what was replaced, or is not complete


def _write_card(path: Path, licence: str | None) -> None:
    """Write a model card in the place of that of peft, which is a form to fill in."""
    path.unlink(missing_ok=True)
    if licence:
        path.write_text(f"---\nlicense: {licence}\n---\n", "utf-8")


def _put(temporary: Path, target: Path) -> None:
    """Give a folder the name of another, which gets its name; in one step where the system can."""
    if not target.exists():
        temporary.rename(target)
        return
    if _exchanged(temporary, target):
        return
    aside = target.with_name(f".{target.name}.{token_hex(4)}.old")
    target.rename(aside)
    try:
        temporary.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, as Linux can."""
    if sys.platform != "linux":
        return False
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    names = os.fsencode(one), os.fsencode(other)
    return bool(exchange(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)


def _sync(folder: Path) -> None:
    """Make the files of a folder durable before it gets its name, all with usual permissions."""
    permissions = stat.S_IMODE((folder / MARK).stat().st_mode)
    for path in folder.iterdir():
        if path.is_file():
            path.chmod(permissions)  # weights are written for the owner alone
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
