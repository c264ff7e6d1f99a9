"""Pre-trained models of the library transformers: find their folder, here or on a hub.

Nothing is loaded here and nothing of a model runs. Only weights in the safetensors format are
taken: other formats are pickles, which can run code.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError, UsageError
from korpus.files.digests import source_digest
from korpus.files.hub import snapshot
from korpus.files.pooling import Pooling, pooling_of, read_config
from korpus.files.sources import source_errors
from korpus.messages import _

PACKAGES = ("torch", "transformers")
_CONFIG, _ADAPTER = "config.json", "adapter_config.json"
_ADAPTER_WEIGHTS = "adapter_model.safetensors"
# Any of them is enough to make a tokenizer of.
_TOKENIZER_FILES = (
    *("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model"),
    *("sentencepiece.bpe.model", "source.spm"),
)
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.msgpack", "*.h5")
_HUB_NAME = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_LARGEST_CARD = 1 << 20  # bytes of a model card that are read
_MOST_ADAPTERS = 2  # an adapter may be of a model that is an adapter; no deeper


@dataclass(frozen=True)
class Pretrained:
    """A pre-trained model that was found, and what tells it from others.

    `name`: as it was given. `folder`: of its config, weights and tokenizer. `revision`: the commit
    of one of a hub. `digest`: of its weights. `licence`: as its model card says. `architecture`:
    the class that it was saved from, such as BertForMaskedLM; "" if unknown. `config`,
    `tokenizer`: the folders of these. `pooling`: how a vector is made of a text; None if the model
    does not say. `adapter`: the folder of a LoRA adapter for the model in `folder`.
    """

    name: str
    folder: str
    revision: str | None
    digest: str
    licence: str | None
    architecture: str
    config: str
    tokenizer: str
    pooling: Pooling | None = None
    adapter: str | None = None

    @property
    def provenance(self) -> dict[str, Any]:
        """What outputs say about the model: `model`, `revision`, `digest`, `licence`."""
        return {
            "model": self.name,
            "revision": self.revision,
            "digest": self.digest,
            "licence": self.licence,
        }

    @property
    def label(self) -> str:
        """Its name, revision, digest and licence in short, for a column of outputs.

        Of a folder only the last part of its path, so that outputs do not depend on where it is.
        """
        name = self.name
        if self.revision is None:
            name = Path(self.folder if self.adapter is None else self.adapter).resolve().name
        parts = [name if self.revision is None else f"{name}@{self.revision[:12]}"]
        parts.append(f"sha256:{self.digest[:12]}")
        return " ".join(parts if self.licence is None else [*parts, f"({self.licence})"])


def check_packages(packages: tuple[str, ...] = PACKAGES) -> None:
    """Raises KorpusError where packages of the extra are missing. Imports none of them."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise KorpusError(
            _("transformers need packages that are missing: {names}").format(
                names=", ".join(missing)
            ),
            _("install it: {command}").format(command="pip install 'korpus[transformers]'"),
        )


def has_tokenizer(source: Pretrained) -> bool:
    """Whether a model has the file of a tokenizer."""
    return any(Path(source.tokenizer, name).is_file() for name in _TOKENIZER_FILES)


def find_pretrained(
    name: str, *, revision: str | None = None, download: bool = False
) -> Pretrained:
    """Find a pre-trained model by the path of its folder, or by its name on the hub.

    `revision`: a commit, branch or tag of a model of the hub; it has to be given. `download`: get
    it from the hub where it is not in the cache of Hugging Face; without it, nothing is asked of
    the network. Raises UsageError for a revision of a folder and a hub's model without one, and
    KorpusError for a model that is not there, has no config or no weights in safetensors, and
    where packages are missing.
    """
    check_packages()
    return _found(name, revision, download, _MOST_ADAPTERS)


def _found(name: str, revision: str | None, download: bool, deep: int) -> Pretrained:
    given = Path(name)
    with source_errors(name):
        is_folder, is_there = given.is_dir(), given.exists()
    if is_there and not is_folder:
        raise KorpusError(
            _("{path}: is a file, not the folder of a model").format(path=name),
            _("give the folder that holds {file}").format(file=_CONFIG),
        )
    if is_folder and revision is not None:
        raise UsageError(
            _("--revision is for models of the hub; {path} is a folder").format(path=name),
            _("leave it out"),
        )
    if is_folder:
        return _described(name, name, None, download, deep)
    if not _HUB_NAME.fullmatch(name) or name.count("/") != 1:
        raise KorpusError(
            _("{path}: no such file or folder").format(path=name),
            _("give the folder of a model, or its name on the hub: owner/name"),
        )
    if revision is None:
        raise UsageError(
            _("{name} is a model of the hub, and has no --revision").format(name=name),
            _("name the commit to use, which the model's page lists: --revision COMMIT"),
        )
    folder = snapshot(name, revision, download)
    commit = Path(folder).name
    return _described(
        name, folder, commit if _COMMIT.fullmatch(commit) else revision, download, deep
    )


def _described(
    name: str, folder: str, revision: str | None, download: bool, deep: int
) -> Pretrained:
    if Path(folder, _ADAPTER).is_file():
        return _adapted(name, folder, revision, download, deep)
    config = read_config(name, folder, _CONFIG)
    weights = _weights(folder)
    if not weights:
        raise _without_weights(name, folder)
    names = config.get("architectures")
    first = names[0] if isinstance(names, list) and names else ""
    return Pretrained(
        name=name,
        folder=folder,
        revision=revision,
        digest=source_digest([*map(str, weights)]),
        licence=_licence(folder),
        architecture=first if isinstance(first, str) else "",
        config=folder,
        tokenizer=folder,
        pooling=pooling_of(name, folder),
    )


def _adapted(name: str, folder: str, revision: str | None, download: bool, deep: int) -> Pretrained:
    """A LoRA adapter with the model that it belongs to."""
    config = read_config(name, folder, _ADAPTER)
    base, commit = config.get("base_model_name_or_path"), config.get("revision")
    weights = Path(folder, _ADAPTER_WEIGHTS)
    if not weights.is_file():
        raise _without_weights(name, folder)
    if not isinstance(base, str) or not deep:
        raise KorpusError(
            _("{path}: the adapter does not say which model it belongs to").format(path=name),
            _("make it again: korpus tf finetune --lora"),
        )
    beside = Path(folder, base)  # a path may be relative to the adapter
    where = str(beside) if beside.is_dir() else base
    under = _found(where, commit if isinstance(commit, str) else None, download, deep - 1)
    joined = sha256(f"{under.digest}{source_digest([str(weights)])}".encode()).hexdigest()
    own = _architecture(folder)
    has_tokenizer = Path(folder, "tokenizer_config.json").is_file()
    return Pretrained(
        name=name,
        folder=under.folder,
        revision=revision,
        digest=joined,
        licence=_licence(folder) or under.licence,
        architecture=own or under.architecture,
        config=folder if own else under.config,  # it has the labels of the adapter's task
        tokenizer=folder if has_tokenizer else under.tokenizer,
        pooling=under.pooling,
        adapter=folder,
    )


def _architecture(folder: str) -> str:
    """The class that the config of an adapter's own task names; "" without one."""
    if not Path(folder, _CONFIG).is_file():
        return ""
    names = read_config(folder, folder, _CONFIG).get("architectures")
    return str(names[0]) if isinstance(names, list) and names else ""


def _weights(folder: str) -> list[Path]:
    """The files of weights beside the config, in order; not those of folders inside."""
    return sorted(path for path in Path(folder).glob("*.safetensors") if path.is_file())


def _without_weights(name: str, folder: str) -> KorpusError:
    pickled = sorted(path.name for pattern in _PICKLED for path in Path(folder).glob(pattern))
    if pickled:
        return KorpusError(
            _("{path}: its weights are not in the safetensors format but in {file}").format(
                path=name, file=pickled[0]
            ),
            _("such files can run code; take a revision or a model with model.safetensors"),
        )
    return KorpusError(
        _("{path}: the folder has no weights: model.safetensors is missing").format(path=name),
        _("copy or download the model again"),
    )


def _licence(folder: str) -> str | None:
    """The licence that the head of the model card names: README.md, between lines of `---`."""
    card = Path(folder, "README.md")
    if not card.is_file():
        return None
    with source_errors(str(card)), card.open("rb") as stream:
        text = stream.read(_LARGEST_CARD).decode("utf-8", "replace")
    head = re.match(r"\s*---\s*\n(.*?)\n---", text, re.S)
    line = re.search(r"^license:[ \t]*(\S.*)$", head[1], re.M) if head else None
    return line[1].strip().strip("'\"") if line else None
