"""The stage similar: the nearest terms and documents by cosine."""

import difflib
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from korpus.errors import KorpusError, UsageError
from korpus.models.infer import document_coordinates
from korpus.models.saved import AnyModel
from korpus.models.tfidf import TfidfModel
from korpus.models.topics.topic_model import TopicModel
from korpus.models.vectors import WordVectors
from korpus.records import Row, Table, as_list
from korpus.tokens import known_term_counts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

NEAREST = ("terms", "documents")
_NOTHING_CLOSE = "terms are as korpus morph gives them: korpus info MODEL shows some"


def similar(
    model: AnyModel,
    words: str | Iterable[str],
    *,
    minus: str | Iterable[str] = (),
    nearest: str = "terms",
    top: int = 10,
) -> Table:
    """Find the terms nearest to some words, or the documents nearest to them.

    The query is the mean of the words' unit vectors, less those of `minus`, as analogies are
    solved (Mikolov et al. 2013: 왕 + 여자 − 남자). A term's vector is its own for word2vec, its
    topics (each scaled to the topic's size) for topic models. With `nearest` "documents" the
    words make a document, and a topic model's documents are compared with it.

    Of equally near ones the more frequent term, or the longer document, comes first.
    Columns out: `rank`, `term`, `similarity` (cosine); of documents `rank`, `id`, `similarity`.
    Raises KorpusError for a word that the model has not, UsageError for a model without vectors.
    """
    words, minus = _composed(words), _composed(minus)
    import numpy

    if nearest not in NEAREST:
        raise UsageError(f"--nearest {nearest} is unknown", f"one of: {', '.join(NEAREST)}")
    if top < 1:
        raise UsageError(f"--top {top} is less than 1")
    if not all([*words, *minus, words]):
        raise UsageError("no word given", "such as: korpus similar w2v.safetensors 영화")
    if isinstance(model, TfidfModel):
        raise UsageError("a tfidf model has no vectors", "fit one: korpus lsa -m lsa.safetensors")
    if nearest == "documents":
        names, sizes, vectors, query = _documents(model, words, minus)
    else:
        names, sizes, vectors, query = _terms(model, words, minus)
    if not query.any():
        raise KorpusError("these words come to nothing: their vectors cancel out, or are zero")
    cosines = (_unit(vectors) @ _unit(query[None])[0]).round(7)
    left_out = set() if nearest == "documents" else {*words, *minus}
    rows: list[Row] = []
    for place in numpy.lexsort((-sizes, -cosines)).tolist():
        if len(rows) == top:
            break
        if names[place] not in left_out:
            rows.append((len(rows) + 1, names[place], float(cosines[place])))
    return Table(["rank", "id" if nearest == "documents" else "term", "similarity"], lambda: rows)


def _terms(
    model: TopicModel | WordVectors, words: list[str], minus: list[str]
) -> "tuple[list[str], Array, Array, Array]":
    if isinstance(model, WordVectors):
        vectors = model.vectors
    else:
        # By Bayes' rule P(topic | term) but for its sum, which a cosine has not; lsa: V S.
        scale = model.inference.get("singular_values", model.shares)
        vectors = (model.topic_term * scale[:, None]).T
    place = {term: row for row, term in enumerate(model.terms)}

    def vector(word: str) -> "Array":
        if word in place:
            found: Array = vectors[place[word]]
            return found
        unseen = model.unseen(word) if isinstance(model, WordVectors) else None
        if unseen is None:
            raise _unknown(word, model.terms)
        return unseen

    parts = [*(_unit(vector(word)[None])[0] for word in words)]
    parts += [*(-_unit(vector(word)[None])[0] for word in minus)]
    query: Array = sum(parts)
    sizes = model.counts if isinstance(model, WordVectors) else model.term_frequency
    return model.terms, sizes, vectors, query


def _documents(
    model: TopicModel | WordVectors, words: list[str], minus: list[str]
) -> "tuple[list[str], Array, Array, Array]":
    if isinstance(model, WordVectors):
        raise UsageError("word vectors have no documents", "fit: korpus lsa -m lsa.safetensors")
    if minus:
        raise UsageError("--minus is for terms, not for --nearest documents")
    known = set(model.terms)
    for word in words:
        if word not in known:
            raise _unknown(word, model.terms)
    counts, _, _ = known_term_counts([{"id": "", "tokens": words}], model.terms)
    query = document_coordinates(model, counts)[0]
    return model.ids, model.document_tokens, model.document_topic, query


def _composed(words: str | Iterable[str]) -> list[str]:
    """Words as terms are written: a terminal may give decomposed syllables (NFD)."""
    return [unicodedata.normalize("NFC", word) for word in as_list(words)]


def _unit(vectors: "Array") -> "Array":
    """Rows of length 1, in double precision; a row of zeros stays."""
    import numpy

    lengths = numpy.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    scaled: Array = vectors / numpy.where(lengths == 0, 1, lengths)
    return scaled


def _unknown(word: str, terms: list[str]) -> KorpusError:
    """The error for a word that is no term, with the closest spellings by jamo."""
    jamo = {unicodedata.normalize("NFD", term): term for term in terms}
    close = difflib.get_close_matches(unicodedata.normalize("NFD", word), jamo, n=5)
    hint = f"close to it: {', '.join(jamo[match] for match in close)}" if close else None
    return KorpusError(f"{word} is not in the model's vocabulary", hint or _NOTHING_CLOSE)
