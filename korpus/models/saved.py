"""Models from the header and arrays of a model file, checked."""

from typing import TYPE_CHECKING, Any

import orjson

from korpus.errors import KorpusError
from korpus.models.tfidf import TfidfModel
from korpus.models.topics.topic_model import TopicModel
from korpus.models.vectors import WordVectors
from korpus.records import check_flat

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

Header = dict[str, Any]
AnyModel = TfidfModel | TopicModel | WordVectors

# What arrays of each kind of model are: their type, and their shape a letter a size.
_IDF = {"idf": ("float64", "v")}
_TOPICS = {
    "ids": ("uint8", "b"),
    "topic_term": ("float64", "kv"),
    "document_topic": ("float32", "nk"),
    "shares": ("float64", "k"),
    "document_tokens": ("int64", "n"),
    "term_frequency": ("int64", "v"),
}
_ARRAYS: dict[str, dict[str, tuple[str, str]]] = {
    "tfidf": _IDF | {"df": ("int64", "v")},
    "lda": _TOPICS | {"alpha": ("float64", "k"), "word_weight": ("float64", "kv")},
    "lsa": _TOPICS | _IDF | {"singular_values": ("float64", "k")},
    "nmf": _TOPICS | _IDF,
    "plsa": _TOPICS,
    "word2vec": {
        "vectors": ("float32", "vd"),
        "counts": ("int64", "v"),
        "ngrams": ("int64", "g"),
        "ngram_vectors": ("float32", "gd"),
    },
}
_OPTIONAL = {"word_weight", "ngrams", "ngram_vectors"}
_PROVENANCE = ("analyzer", "analysis", "documents", "tokens", "digest")


def restored(header: Header, arrays: "dict[str, Array]") -> AnyModel:
    """The model of a model file, as it was when it was saved.

    Raises KorpusError where the arrays do not fit each other or the vocabulary.
    """
    kind = str(header.get("kind"))
    if kind not in _ARRAYS:
        raise KorpusError(f"a {kind} model is not known to this korpus")
    try:
        terms, options = _strings(header["vocabulary"]), dict(header["options"])
        provenance = {name: header[name] for name in _PROVENANCE}
        _check(_ARRAYS[kind], arrays, len(terms))
        if kind == "tfidf":
            return TfidfModel(terms, arrays["df"], arrays["idf"], options, provenance)
        if kind == "word2vec":
            ngrams = {name: array for name, array in arrays.items() if name.startswith("ngram")}
            return WordVectors(
                terms, arrays["vectors"], arrays["counts"], ngrams, options, provenance
            )
        names = arrays["ids"].tobytes()
        check_flat(names)
        ids = _strings(orjson.loads(names))
        if len(ids) != len(arrays["document_topic"]):
            raise ValueError("a document has no id")
        inference = {name: array for name, array in arrays.items() if name not in _TOPICS}
        return TopicModel(
            kind,
            terms,
            ids,
            arrays["topic_term"],
            arrays["document_topic"],
            arrays["shares"],
            arrays["document_tokens"],
            arrays["term_frequency"],
            inference,
            options,
            provenance,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KorpusError(f"not a whole {kind} model ({error})", "fit it again") from None


def _check(expected: dict[str, tuple[str, str]], arrays: "dict[str, Array]", terms: int) -> None:
    """Raises ValueError unless the arrays are those expected, their sizes in agreement."""
    names = set(arrays)
    if names - set(expected) or set(expected) - _OPTIONAL - names:
        raise ValueError(f"its arrays are {', '.join(sorted(names))}")
    sizes = {"v": terms}
    for name, array in arrays.items():
        dtype, letters = expected[name]
        shape = tuple(
            sizes.setdefault(letter, size)
            for letter, size in zip(letters, array.shape, strict=False)
        )
        if array.dtype != dtype or array.shape != shape or array.ndim != len(letters):
            raise ValueError(f"{name} is {array.dtype} {array.shape}")


def _strings(value: Any) -> list[str]:
    if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise TypeError("names are not a list of strings")
    return value
