"""Nearest neighbours by cosine similarity."""

import difflib
import unicodedata
from collections.abc import Callable, Container
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.files.model_files import Neighbours
from korpus.messages import _
from korpus.models.blas import one_blas_thread

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


_COMPARED = 10_000  # ids whose spelling is compared with an unknown one


@one_blas_thread
def nearest(
    query: "Array",
    vectors: "Array",
    names: list[str],
    sizes: "Array",
    top: int,
    left_out: Container[str] = (),
) -> Neighbours:
    """The names whose vectors have the highest cosine with the query.

    `vectors`: a row per name. `sizes`: one per name; the larger comes first among ties.
    Raises KorpusError if the query is zero.
    """
    import numpy

    if not query.any():
        raise KorpusError(_("the query vector is zero: the words cancel out or have no weight"))
    cosines = (unit(vectors) @ unit(query[None])[0]).round(7)
    found: Neighbours = []
    for row in numpy.lexsort((-sizes, -cosines)).tolist():
        if len(found) == top:
            break
        if names[row] not in left_out:
            found.append((names[row], float(cosines[row])))
    return found


def combined(
    words: list[str], minus: list[str], vector: "Callable[[str], Array | None]", terms: list[str]
) -> "Array":
    """The sum of the unit vectors of `words` minus those of `minus`.

    `vector` gives the vector of a word or None. Raises KorpusError for a word without one.
    """

    def unit_vector(word: str) -> "Array":
        found = vector(word)
        if found is None:
            raise unknown_word(word, terms)
        row: Array = unit(found[None])[0]
        return row

    parts = [unit_vector(word) for word in words] + [-unit_vector(word) for word in minus]
    query: Array = sum(parts[1:], parts[0])
    return query


def unit(vectors: "Array") -> "Array":
    """Rows scaled to length 1, in double precision; zero rows stay zero."""
    import numpy

    lengths = numpy.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    scaled: Array = vectors / numpy.where(lengths == 0, 1, lengths)
    return scaled


def unknown_document(document_id: str, ids: list[str]) -> KorpusError:
    """The error for an id that no document of the model has; its hint names similar ids."""
    close = difflib.get_close_matches(document_id, ids[:_COMPARED], n=5) or ids[:5]
    return KorpusError(
        _("no document of the model has the id {id!r}").format(id=document_id),
        _("its ids are such as: {ids}").format(ids=", ".join(close)),
    )


def unknown_word(word: str, terms: list[str]) -> KorpusError:
    """The error for a word outside the vocabulary; its hint names terms of similar spelling."""
    jamo = {unicodedata.normalize("NFD", term): term for term in terms}
    close = difflib.get_close_matches(unicodedata.normalize("NFD", word), jamo, n=5)
    hint = _("terms are written as korpus morph writes them: korpus info MODEL shows some")
    if close:
        hint = _("similar terms: {terms}").format(terms=", ".join(jamo[match] for match in close))
    return KorpusError(_("{word} is not in the model's vocabulary").format(word=word), hint)
