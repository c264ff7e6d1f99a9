"""Whether something new may be written at a path, be it a file or a folder."""

import os
from pathlib import Path

from korpus.errors import KorpusError
from korpus.messages import _


def writable_place(output: str, *, no_clobber: bool) -> Path:
    """The path that `output` stands for, links followed. Raises KorpusError if its folder is not
    there or cannot be written in, or, under `no_clobber`, if something is there."""
    if no_clobber and os.path.lexists(output):
        raise KorpusError(
            _("{name} exists and --no-clobber was given").format(name=output),
            _("give another name, or leave --no-clobber out"),
        )
    target = Path(os.path.realpath(output))
    if not target.parent.is_dir():
        raise KorpusError(
            _("{name}: cannot be written (no folder {folder})").format(
                name=output, folder=target.parent
            ),
            _("make the folder first"),
        )
    if not os.access(target.parent, os.W_OK):
        raise KorpusError(
            _("{name}: cannot be written (no permission to write in {folder})").format(
                name=output, folder=target.parent
            ),
            _("choose another folder"),
        )
    return target
