"""Read what was run: from a lock file, the header of a model, or a report."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from korpus.errors import KorpusError
from korpus.messages import _

if TYPE_CHECKING:
    from korpus.reports import Study

# A report holds its data here, as JSON in which `<` is escaped.
_IN_PAGE = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)


def read_study(path: str) -> "Study":
    """The study that a file records. Raises KorpusError for a file that records none."""
    from korpus import files, reports
    from korpus.cli.study_lock import read_lock

    suffix = Path(path).suffix.lower()
    if suffix == ".lock":
        lock = read_lock(Path(path), _("give the study.lock that korpus run wrote"))
        if lock is None:
            raise KorpusError(
                _("{path}: no such file").format(path=path),
                _("run: {command}").format(command="korpus run"),
            )
        return reports.study_of_lock(cast(dict[str, object], lock))
    if suffix in (".html", ".htm"):
        return _of_page(path, files.read_text(path))
    if Path(path).is_file() and suffix != ".safetensors":
        raise KorpusError(
            _("{path}: not a lock file, a model or a report").format(path=path),
            _("give study.lock, x.safetensors or report.html"),
        )
    return reports.study_of_header(files.load_header(path))


def _of_page(path: str, text: str) -> "Study":
    found = _IN_PAGE.search(text)
    try:
        study = json.loads(found[1] if found else "")["sections"]["methods"]["study"]
        if not isinstance(study["steps"], list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KorpusError(
            _("{path}: not a report of korpus with its methods").format(path=path),
            _("make one: korpus report FILE -o report.html"),
        ) from None
    return cast("Study", study)
