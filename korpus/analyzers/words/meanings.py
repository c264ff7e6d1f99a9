"""Vectors of words by the language model that comes with kiwi."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from korpus.documents.kiwi import start

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# The tags of a group in kiwi's model, of which the first that has the form is taken.
_TAGS = {
    "noun": ("NNG", "NNP"),
    "propernoun": ("NNP", "NNG"),
    "root": ("XR", "NNG"),
    "foreign": ("SL",),
    "verb": ("VV", "VV-I", "VV-R"),
    "adjective": ("VA", "VA-I", "VA-R"),
    "adverb": ("MAG",),
    "unknown": ("NNG", "NNP"),
}
_SUFFIX = "하"  # 감사하/VV is 감사/NNG and this
_LANDMARKS = 320  # more than the 256 dimensions of kiwi's vectors
_LEAST = 1e-3  # eigenvalue of a dimension, as a share of the largest
# Kiwi has one vector for spellings of a word (넘, 너무), but also for hundreds of rare morphemes.
_SAME, _MOST_SAME = 0.9999, 3


def kiwi_vectors(words: Sequence[tuple[str, str]]) -> "dict[int, Array]":
    """The vectors of those words that kiwi's default model (cong) has, by their numbers.

    `words`: pairs of a form, without the 다 of a dictionary form, and its group. Kiwi tells cosines
    only, so the vectors are those that have the same: the words are compared with some of them, the
    landmarks (Nystrom's method). Rare words that kiwi does not tell apart are left out.
    """
    import numpy as np

    kiwi = start()
    found = {number: name for number, word in enumerate(words) if (name := _name(kiwi, *word))}
    names = list(found.values())
    step = max(1, len(names) // _LANDMARKS)
    landmarks = list(range(0, len(names), step))
    cosine = kiwi.morpheme_similarity
    table = np.array([[cosine(name, names[mark]) for mark in landmarks] for name in names])
    if not names:
        return {}
    table[landmarks, range(len(landmarks))] = 1.0
    values, axes = np.linalg.eigh(table[landmarks])
    kept = values > _LEAST * values[-1]
    vectors = table @ axes[:, kept] / np.sqrt(values[kept])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    same = (vectors @ vectors.T > _SAME).sum(axis=1)
    return {number: vectors[at] for at, number in enumerate(found) if same[at] <= _MOST_SAME}


def _name(kiwi: Any, form: str, group: str) -> tuple[str, str] | None:
    """How kiwi's model names a word; None if it does not have it."""
    names = [(form, tag) for tag in _TAGS.get(group, ())]
    if form.endswith(_SUFFIX) and form != _SUFFIX:
        names += [(form.removesuffix(_SUFFIX), tag) for tag in _TAGS["root"]]
    for name in names:
        try:
            kiwi.most_similar_morphemes(name, top_n=1)
        except ValueError:
            continue
        return name
    return None
