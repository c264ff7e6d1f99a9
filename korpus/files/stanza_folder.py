"""Parsers of dependency trees: a folder with models of stanza, as `stanza.download` makes it."""

import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record

logger = logging.getLogger("korpus")

_TOKENIZE, _WORDS, _TAG, _LEMMA, _PARSE = "tokenize", "mwt", "pos", "lemma", "depparse"
_NEEDED, _OPTIONAL = (_TOKENIZE, _TAG, _PARSE), (_WORDS, _LEMMA)
# Folders of word vectors and character models, which taggers and parsers may need.
_BESIDE = ("pretrain", "forward_charlm", "backward_charlm")
_KOREAN = "ko"
_SUFFIX = ".pt"
_IDENTITY = "identity"  # stanza's lemmatizer that needs no model: the form
# Only weights are loaded, whatever stanza asks for: pickles can run code.
_ONLY_WEIGHTS = {"TORCH_FORCE_WEIGHTS_ONLY_LOAD": "1", "HF_HUB_OFFLINE": "1"}


class StanzaParser:
    """What parses texts with the models of a folder; see `korpus.analyzers.Parser`."""

    analyzer = "stanza"

    def __init__(self, pipeline: Any, analysis: str) -> None:
        self.analysis = analysis
        self._pipeline = pipeline

    def __call__(self, texts: list[str]) -> list[list[tuple[int, int, Record]]]:
        """The sentences of each text: start, end, columns. Raises KorpusError if stanza fails."""
        wanted = [text for text in texts if text.strip()]
        try:
            found = iter(self._pipeline.bulk_process(wanted) if wanted else [])
        except Exception as error:  # libraries below raise what they like
            raise KorpusError(_("stanza fails: {reason}").format(reason=_reason(error))) from error
        return [list(_sentences(next(found))) if text.strip() else [] for text in texts]


def load_parser(folder: str) -> StanzaParser:
    """Load the models of stanza in a folder, which has a subfolder per language, or is one.

    Of several languages Korean is taken; of several packages the default one of resources.json,
    else the first by name. Nothing is downloaded, and files that hold more than weights are
    refused. Raises KorpusError for a folder without models, and where stanza is not installed.
    """
    place = _language_folder(Path(folder))
    known = _resources(place)
    default = known.get("packages", {}).get("default", {})
    packages: dict[str, str] = {}
    for kind in (_PARSE, _TOKENIZE, _TAG, *_OPTIONAL):
        if names := _models(place / kind):
            packages[kind] = _chosen(names, default.get(kind), packages.get(_PARSE, ""))
    missing = [kind for kind in _NEEDED if kind not in packages]
    if missing:
        raise KorpusError(
            _("{folder}: models of stanza are missing: {names}").format(
                folder=folder, names=", ".join(missing)
            ),
            _download_hint(),
        )
    packages.setdefault(_LEMMA, _IDENTITY)
    pipeline = _pipeline(place, packages, known, folder)
    shown = " ".join(f"{kind}={packages[kind]}" for kind in sorted(packages))
    analysis = f"stanza {version('stanza')} {place.name} {shown}"
    logger.info(_("models of %s: %s"), folder, analysis)
    return StanzaParser(pipeline, analysis)


def _language_folder(folder: Path) -> Path:
    folder = folder.absolute()
    if not folder.is_dir():
        raise KorpusError(_("{name}: no such folder").format(name=folder.name), _download_hint())
    if (folder / _PARSE).is_dir():
        return folder
    found = sorted(one for one in folder.iterdir() if (one / _PARSE).is_dir())
    korean = [one for one in found if one.name == _KOREAN]
    if not found:
        raise KorpusError(
            _("{name} has no models of stanza that parse").format(name=folder.name),
            _download_hint(),
        )
    if not korean and len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise KorpusError(
            _("{name} has models of several languages").format(name=folder.name),
            _("name the folder of one: {names}").format(names=names),
        )
    return (korean or found)[0]


def _download_hint() -> str:
    command = """python -c "import stanza; stanza.download('ko', model_dir='stanza')\""""
    return _("download models once, then give -m stanza: {command}").format(command=command)


def _resources(place: Path) -> dict[str, Any]:
    """What resources.json says about the language; empty without that file."""
    try:
        found = json.loads((place.parent / "resources.json").read_text("utf-8"))
        found = found.get(place.name, {})
    except (OSError, ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


def _models(folder: Path) -> list[str]:
    return sorted(one.stem for one in folder.glob(f"*{_SUFFIX}"))


def _chosen(names: list[str], default: object, parser: str) -> str:
    """The package of a kind of model: that of the parser, the default, one of its treebank."""
    treebank = parser.partition("_")[0]
    alike = [name for name in names if parser and name.partition("_")[0] == treebank]
    for name in (parser, default, *alike):
        if name in names:
            return str(name)
    return names[0]


def _pipeline(place: Path, packages: dict[str, str], known: dict[str, Any], folder: str) -> Any:
    try:
        import stanza
    except ImportError:
        raise KorpusError(
            _("parsing needs the package stanza"),
            _("install it: {command}").format(command="pip install 'korpus[tree]'"),
        ) from None
    ours = {
        kind: {package: {"dependencies": _dependencies(place, kind, package, known)}}
        for kind, package in packages.items()
    }
    logging.getLogger("stanza").setLevel(logging.CRITICAL)  # its errors are raised too
    with tempfile.TemporaryDirectory() as own, _environment(_ONLY_WEIGHTS):
        resources = Path(own) / "resources.json"
        resources.write_text(json.dumps({place.name: {**ours, "packages": {}}}), "utf-8")
        try:
            return stanza.Pipeline(
                place.name,
                dir=str(place.parent),
                package=None,
                processors=packages,
                download_method=None,
                resources_filepath=str(resources),
                use_gpu=False,
                logging_level="CRITICAL",
            )
        except Exception as error:  # libraries below raise what they like
            raise KorpusError(
                _("{folder}: the models of stanza cannot be loaded: {reason}").format(
                    folder=folder, reason=_reason(error)
                ),
                _("are they of this version of stanza? Files may hold weights only"),
            ) from error


def _dependencies(
    place: Path, kind: str, package: str, known: dict[str, Any]
) -> list[dict[str, str]]:
    """The vectors and character models that a model needs: as resources.json says, else all."""
    listed = known.get(kind, {}).get(package)
    if isinstance(listed, dict):
        return list(listed.get("dependencies", []))
    if kind not in (_TAG, _PARSE):
        return []
    found = {name: _models(place / name) for name in _BESIDE}
    return [{"model": name, "package": names[0]} for name, names in found.items() if names]


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def _sentences(document: Any) -> Iterator[tuple[int, int, Record]]:
    for sentence in document.sentences:
        words = sentence.words
        columns: Record = {
            "tokens": [word.text for word in words],
            "tags": [word.upos or "" for word in words],
            "heads": [word.head for word in words],
            "relations": [word.deprel or "" for word in words],
        }
        for name, key in (("lemmas", "lemma"), ("xpos", "xpos"), ("feats", "feats")):
            values = [getattr(word, key) or "" for word in words]
            if any(values):
                columns[name] = values
        yield sentence.tokens[0].start_char, sentence.tokens[-1].end_char, columns
