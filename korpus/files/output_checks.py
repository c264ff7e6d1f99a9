"""Checks of outputs before any work."""

import os
from collections.abc import Iterable
from pathlib import Path

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import STDOUT, check_place
from korpus.files.images import check_picture
from korpus.files.models import check_suffix
from korpus.files.write import RECORD_FORMATS, _choose, check_table
from korpus.messages import _


def check_output(output: str, inputs: Iterable[str] = (), *, no_clobber: bool = False) -> None:
    """Raises where an output cannot be written."""
    check_place(output, inputs, True)
    if no_clobber and output != STDOUT and Path(os.path.realpath(output)).exists():
        raise KorpusError(
            _("{path} exists, and --no-clobber was given").format(path=output),
            _("give another name"),
        )


def check_format(kind: str | tuple[str, ...], path: str, format: str | None = None) -> None:
    """Raises UsageError where no writer knows the format of a path.

    `kind`: records, table or picture; or the allowed suffixes.
    """
    if kind == "table":
        check_table(path, format)
    elif kind == "records":
        _choose(path, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    elif kind == "picture":
        check_picture(path)
    else:
        assert isinstance(kind, tuple), UsageError
        check_suffix(path, kind)
