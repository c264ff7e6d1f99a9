"""Model files: one .safetensors file of arrays with a JSON header. Reading one runs no code."""

import contextlib
import io
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import orjson

from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import open_output
from korpus.files.model_reading import DTYPES, MAX_HEADER, MODEL_FORMAT, load_model
from korpus.files.model_reading import Header as Header
from korpus.files.read import read_text
from korpus.files.sources import plain_suffix, spool_errors
from korpus.messages import _
from korpus.records import Record, Table
from korpus.version import __version__

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# The class of each kind of model, imported when such a file is loaded.
MODELS = {
    "tfidf": "korpus.models.tfidf:TfidfModel",
    "encode": "korpus.models.encode:Encoder",
    "lda": "korpus.models.topics.lda_model:LdaModel",
    "dmr": "korpus.models.topics.dmr:DmrModel",
    "dtm": "korpus.models.topics.dtm_model:DtmModel",
    "stm": "korpus.models.topics.stm_model:StmModel",
    "nmf": "korpus.models.topics.nmf:NmfModel",
    "plsa": "korpus.models.topics.nmf:PlsaModel",
    "lsa": "korpus.models.topics.lsa:LsaModel",
    "word2vec": "korpus.models.word2vec_model:WordVectors",
    "embed": "korpus.models.topics.embed:EmbedModel",
    "vectors": "korpus.models.pretrained:PretrainedVectors",
    "tf embed": "korpus.models.embeddings:DocumentEmbeddings",
    "index": "korpus.models.search.search_index:SearchIndex",
    "classify": "korpus.models.classify.classifier:Classifier",
    "lm": "korpus.models.lm.ngram_model:NgramModel",
}
# Names that stand where a model file may: of models that come with a library.
NAMED = {"kiwi": "korpus.models.kiwi_vectors:vectors"}
# Reads language models of other programs.
_ARPA = "korpus.models.lm.arpa:from_arpa"
SUFFIX, _ARPA_SUFFIX = ".safetensors", ".arpa"
# dtype, and one letter per dimension: equal letters mean equal sizes.
ArraySpec = tuple[str, str]
# Names with their cosine similarity, the nearest first.
Neighbours = list[tuple[str, float]]


class Model(ABC):
    """A fitted model. `kind` is the name of the command that fits it.

    A method that does not apply to a kind of model raises UsageError.
    """

    kind: ClassVar[str]

    @abstractmethod
    def header(self) -> Header:
        """What the model file's header records: options, vocabulary, fitted documents …"""

    @abstractmethod
    def arrays(self) -> "dict[str, Array]":
        """The arrays of the model file."""

    @classmethod
    @abstractmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file's header and arrays.

        Raises KeyError, TypeError or ValueError if they are incomplete or do not fit together.
        """

    @abstractmethod
    def transform(self, records: Iterable[Record]) -> Table:
        """Describe new documents; see `korpus.infer`."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a .safetensors file; see `save_model`."""
        check_suffix(os.fspath(path), (SUFFIX,))
        save_model(os.fspath(path), self)

    def topics(self, *, top: int = 10, relevance: float | None = None, examples: int = 3) -> Table:
        """One row per topic; see `korpus.topics`."""
        raise self._without_topics()

    def topic_terms(self, *, top: int | None = 10, relevance: float | None = None) -> Table:
        """One row per topic and term; see `korpus.models.topic_terms`."""
        raise self._without_topics()

    def terms_near(self, words: list[str], minus: list[str], top: int) -> Neighbours:
        """The terms nearest to some words; see `korpus.similar`."""
        raise self._without_terms()

    def term_points(self, words: list[str]) -> "Array":
        """The vectors of terms, as `terms_near` compares them: a row per word."""
        raise self._without_terms()

    def documents_near(self, words: list[str], top: int) -> Neighbours:
        """The documents nearest to some words; see `korpus.similar`."""
        raise self._without_documents()

    def documents_like(self, document_id: str, top: int) -> Neighbours:
        """The documents nearest to one of them; see `korpus.similar`."""
        raise self._without_documents()

    def _without_terms(self) -> UsageError:
        return UsageError(
            _("{kind} models have no term vectors").format(kind=self.kind),
            _("fit one that has: korpus lsa -m lsa.safetensors"),
        )

    def search(self, *args: Any, **kwargs: Any) -> Table:
        """Find the documents that answer queries; see `korpus.search`."""
        raise UsageError(
            _("{kind} models cannot be searched").format(kind=self.kind),
            _("make one: korpus index tokens.jsonl -m index.safetensors"),
        )

    def _without_documents(self) -> UsageError:
        return UsageError(
            _("{kind} models have no document vectors").format(kind=self.kind),
            _("fit one that has: korpus lsa -m lsa.safetensors"),
        )

    def _without_topics(self) -> UsageError:
        return UsageError(
            _("{kind} models have no topics").format(kind=self.kind),
            _("fit one that has: korpus lda -m lda.safetensors"),
        )


def load(path: str | os.PathLike[str], *, report: Callable[..., None] | None = None) -> Model:
    """Load a model file of any kind, or the word vectors of Kiwi by the name `kiwi`.

    Language models may also be ARPA files, by their suffix .arpa.
    `report`: called as a model is made that comes with a library, see `korpus.vectors`.
    Raises KorpusError for a damaged file, no model, one of a newer korpus, or too large a one.
    """
    name = os.fspath(path)
    if name in NAMED and not Path(name).exists():
        return cast(Model, resolve_name(NAMED[name])(name, report=report))
    if plain_suffix(name) == _ARPA_SUFFIX:
        return cast(Model, resolve_name(_ARPA)(io.StringIO(read_text(name)), name))
    header, arrays = load_model(name)
    kind = header.get("kind")
    if not isinstance(kind, str) or kind not in MODELS:
        raise KorpusError(
            _("{path}: unknown kind of model: {kind}").format(path=name, kind=kind),
            _("upgrade: pip install --upgrade korpus"),
        )
    try:
        return cast(Model, resolve_name(MODELS[kind]).restored(header, arrays))
    except (KeyError, TypeError, ValueError) as error:
        raise KorpusError(
            _("{path}: not a complete {kind} model ({error})").format(
                path=name, kind=kind, error=error
            ),
            _("fit it again"),
        ) from None


def save_model(path: str, model: Model) -> None:
    """Write a model file atomically. The same model gives the same bytes.

    The safetensors format is written here, array by array: its library copies all arrays, or
    writes a file of its own beside the temporary one.
    Raises KorpusError where the file cannot be written.
    """
    import numpy

    header = {"kind": model.kind, "korpus": __version__, "format": MODEL_FORMAT, **model.header()}
    text = orjson.dumps(header)
    if len(text) > MAX_HEADER:
        raise KorpusError(
            _("{path}: the vocabulary is larger than {size} MiB, the limit of a model file").format(
                path=path, size=MAX_HEADER >> 20
            ),
            _("drop rare terms with --min-df"),
        )
    described: dict[str, Any] = {"__metadata__": {"korpus": text.decode("utf-8")}}
    arrays = {name: numpy.asarray(array) for name, array in model.arrays().items()}
    # The widest types first, so that each array begins at a multiple of its type.
    arrays = dict(sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0])))
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        dtype = DTYPES[array.dtype.name]
        described[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [start, end]}
    head = orjson.dumps(described)
    head += b" " * (-len(head) % 8)
    with open_output(path) as stream:
        stream.write(len(head).to_bytes(8, "little") + head)
        for array in arrays.values():
            little = numpy.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            stream.write(little.data.cast("B") if little.nbytes else b"")


def check_arrays(
    arrays: "dict[str, Array]",
    specs: Mapping[str, ArraySpec],
    optional: Iterable[str],
    sizes: Mapping[str, int],
) -> None:
    """Raise ValueError unless the arrays have the names, dtypes and shapes of `specs`.

    `optional`: names that may be missing. `sizes`: sizes that are known, by their letter.
    """
    names = set(arrays)
    if names - set(specs) or set(specs) - set(optional) - names:
        raise ValueError(_("its arrays are {names}").format(names=", ".join(sorted(names))))
    known = dict(sizes)
    for name, array in arrays.items():
        dtype, letters = specs[name]
        shape = tuple(
            known.setdefault(letter, size)
            for letter, size in zip(letters, array.shape, strict=False)
        )
        if array.dtype != dtype or array.shape != shape or array.ndim != len(letters):
            raise ValueError(f"{name}: {array.dtype} {array.shape}")


def check_suffix(path: str | None, suffixes: tuple[str, ...]) -> None:
    """Raise UsageError unless a path ends in one of the suffixes."""
    if path is None or path.lower().endswith(suffixes):
        return
    message = _("{path}: the name must end in {suffix}")
    if len(suffixes) > 1:
        message = _("{path}: the name must end in {suffix} or {other}")
    raise UsageError(
        message.format(path=path, suffix=", ".join(suffixes[:-1] or suffixes), other=suffixes[-1]),
        _("such as: {example}").format(example=f"result{suffixes[0]}"),
    )


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for what a library reads from files. Errors of writing become KorpusError."""
    with spool_errors(), tempfile.TemporaryDirectory(prefix="korpus-") as folder:
        yield Path(folder)
