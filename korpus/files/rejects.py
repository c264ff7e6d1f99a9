"""The file of rejected documents beside an output."""

from contextlib import suppress
from pathlib import Path

from korpus.errors import KorpusError
from korpus.files.atomic import output_errors
from korpus.files.readers import json_lines
from korpus.messages import _


def check_rejects(path: str) -> None:
    """Raises KorpusError if a file of that name is not one of rejected documents.

    The user did not name it, so that only such a file may be replaced. It is known by its first
    line: the last keys of a rejected document are `error` and `reason`.
    """
    if not Path(path).is_file():
        return
    with output_errors(path), Path(path).open("rb") as stream:
        line = stream.readline()
    if not line:
        return
    with suppress(KorpusError):
        if list(next(json_lines([line], path)))[-2:] == ["error", "reason"]:
            return
    raise KorpusError(
        _("{path} exists, and holds no rejected documents").format(path=path),
        _("move it away, or name another file with --rejects"),
    )
