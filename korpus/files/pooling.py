"""How the vector of a text is made of those of its pieces, as sentence-transformers saves it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from korpus.errors import KorpusError
from korpus.files.sources import source_errors
from korpus.messages import _

MEAN, FIRST, MAX = "mean", "cls", "max"
_MODULES = "modules.json"
_LENGTHS = "sentence_bert_config.json"
_MODES = {
    "pooling_mode_mean_tokens": MEAN,
    "pooling_mode_cls_token": FIRST,
    "pooling_mode_max_tokens": MAX,
}


class Pooling(NamedTuple):
    """How the vectors of pieces become one.

    `mode`: MEAN, FIRST or MAX. `is_unit`: whether the vector is scaled to length 1. `longest`: the
    pieces that the model takes; None if it does not say.
    """

    mode: str
    is_unit: bool
    longest: int | None


def pooling_of(name: str, folder: str) -> Pooling | None:
    """The pooling that a model of sentence-transformers declares; None for other models.

    Raises KorpusError for steps that are not known.
    """
    path = Path(folder, _MODULES)
    if not path.is_file():
        return None
    with source_errors(str(path)):
        data = path.read_bytes()
    try:
        modules = [(str(one["type"]), str(one["path"])) for one in json.loads(data)]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise KorpusError(
            _("{path}: {file} is damaged").format(path=name, file=_MODULES),
            _("copy or download the model again"),
        ) from None
    mode, is_unit = MEAN, False
    for kind, place in modules:
        step = kind.rpartition(".")[2]
        if step == "Pooling":
            mode = _mode(name, read_config(name, folder, f"{place}/config.json"))
        elif step == "Normalize":
            is_unit = True
        elif step != "Transformer" or ".." in place:
            raise KorpusError(
                _("{path}: makes vectors by a step that is not known here: {step}").format(
                    path=name, step=step
                ),
                _("choose a model with Transformer, Pooling and Normalize only"),
            )
    longest = None
    if Path(folder, _LENGTHS).is_file():
        longest = read_config(name, folder, _LENGTHS).get("max_seq_length")
    return Pooling(mode, is_unit, longest if isinstance(longest, int) and longest > 2 else None)


def _mode(name: str, config: dict[str, Any]) -> str:
    """The mode of pooling, in the form of older and of newer files."""
    wanted = config.get("pooling_mode")
    modes = [mode for option, mode in _MODES.items() if config.get(option) is True]
    if isinstance(wanted, str):
        modes = [wanted]
    others = [
        option
        for option, value in config.items()
        if option.startswith("pooling_mode_") and value is True and option not in _MODES
    ]
    if len(modes) == 1 and modes[0] in _MODES.values() and not others:
        return modes[0]
    raise KorpusError(
        _("{path}: makes vectors by a step that is not known here: {step}").format(
            path=name, step=", ".join([*modes, *others]) or "Pooling"
        ),
        _("choose a model with Transformer, Pooling and Normalize only"),
    )


def read_config(name: str, folder: str, file: str) -> dict[str, Any]:
    """An object of JSON in the folder of a model. Raises KorpusError without it."""
    path = Path(folder, file)
    if not path.is_file():
        raise KorpusError(
            _("{path}: is not the folder of a model: it has no {file}").format(
                path=name, file=file
            ),
            _("give the folder that holds {file}").format(file=file),
        )
    with source_errors(str(path)):
        data = path.read_bytes()
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise KorpusError(
            _("{path}: {file} is damaged").format(path=name, file=file),
            _("copy or download the model again"),
        )
    return found
