"""Models from the header and arrays of a model file, checked."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson

from korpus.errors import KorpusError
from korpus.models.tfidf import TfidfModel
from korpus.models.topics import TOPIC_KINDS, TopicModel
from korpus.models.vectors import WordVectors

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

Header = dict[str, Any]
AnyModel = TfidfModel | TopicModel | WordVectors

_ORIGIN = ("analyzer", "analysis", "documents", "tokens", "digest")


def restored(header: Header, arrays: "dict[str, Array]") -> AnyModel:
    """The model of a model file, as it was when it was saved.

    Raises KorpusError where the arrays do not fit each other or the vocabulary.
    """
    kind = str(header.get("kind"))
    if kind not in _MAKE:
        raise KorpusError(f"a {kind} model is not known to this korpus")
    try:
        return _MAKE[kind](header, dict(arrays))
    except (KeyError, TypeError, ValueError) as error:
        raise KorpusError(f"not a whole {kind} model ({error})", "fit it again") from None


def _tfidf(header: Header, arrays: "dict[str, Array]") -> TfidfModel:
    terms = header["vocabulary"]
    _check(arrays, df=(len(terms),), idf=(len(terms),))
    return TfidfModel(terms, arrays["df"], arrays["idf"], header["options"], _origin(header))


def _topics(header: Header, arrays: "dict[str, Array]") -> TopicModel:
    terms = header["vocabulary"]
    ids = orjson.loads(arrays.pop("ids").tobytes())
    k = len(arrays["topic_term"])
    shapes = {
        "topic_term": (k, len(terms)),
        "document_topic": (len(ids), k),
        "shares": (k,),
        "term_frequency": (len(terms),),
        "alpha": (k,),
        "word_weight": (k, len(terms)),
        "df": (len(terms),),
        "idf": (len(terms),),
        "singular_values": (k,),
    }
    _check(arrays, **{name: shapes[name] for name in arrays})
    return TopicModel(
        header["kind"],
        terms,
        ids,
        arrays.pop("topic_term"),
        arrays.pop("document_topic"),
        arrays.pop("shares"),
        arrays.pop("term_frequency"),
        arrays,
        header["options"],
        _origin(header),
    )


def _word2vec(header: Header, arrays: "dict[str, Array]") -> WordVectors:
    terms = header["vocabulary"]
    size = header["options"]["size"]
    _check(arrays, vectors=(len(terms), size), counts=(len(terms),))
    ngrams = {name: array for name, array in arrays.items() if name.startswith("ngram")}
    if ngrams:
        _check(ngrams, ngram_vectors=(len(ngrams["ngrams"]), size))
    return WordVectors(
        terms, arrays["vectors"], arrays["counts"], ngrams, header["options"], _origin(header)
    )


def _origin(header: Header) -> Header:
    return {name: header[name] for name in _ORIGIN}


def _check(arrays: "dict[str, Array]", **shapes: tuple[int, ...]) -> None:
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} is {arrays[name].shape}, not {shape}")


_MAKE: dict[str, Callable[[Header, dict[str, "Array"]], AnyModel]] = {
    "tfidf": _tfidf,
    **dict.fromkeys(TOPIC_KINDS, _topics),
    "word2vec": _word2vec,
}
