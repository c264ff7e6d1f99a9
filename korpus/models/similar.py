"""The stage similar: the nearest terms or documents by cosine similarity."""

import unicodedata
from collections.abc import Iterable

from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.files.model_files import Model, Neighbours
from korpus.messages import _
from korpus.records import Row, Table, as_list

NEAREST = ("terms", "documents")


def similar(
    model: Model,
    words: str | Iterable[str] = (),
    *,
    minus: str | Iterable[str] = (),
    like: str | None = None,
    nearest: str = "terms",
    top: int = 10,
) -> Table:
    """Find the terms or documents that are nearest to some words or to a document.

    For terms, the query is the sum of the words' unit vectors minus those of `minus`, which also
    solves analogies (Mikolov et al. 2013: 왕 + 여자 − 남자). A term's vector is its own for
    word2vec; for topic models it is its weight in each topic times the topic's share (lsa: times
    the singular value). With `nearest` "documents" the words form a document, which is compared
    with the fitted documents of a topic model. `like`, given instead of words: the id of a fitted
    document; the documents nearest to it are found. `top`: number of rows.

    Ties: the more frequent term or the longer document comes first.
    Columns out: `rank`, `term` or `id`, `similarity` (cosine, −1 to 1).
    Raises KorpusError for a word or an id that the model does not know, UsageError for a model
    without vectors.
    """
    words, minus = _composed(words), _composed(minus)
    check_choice("--nearest", nearest, NEAREST)
    check_least("--top", top, 1)
    if like is not None:
        if words or minus:
            raise UsageError(_("--like cannot be combined with words"))
        return _table("id", model.documents_like(like, top))
    if not all([*words, *minus, words]):
        raise UsageError(
            _("no word given"),
            _("such as: {example}").format(example="korpus similar w2v.safetensors 영화"),
        )
    if nearest == "terms":
        return _table("term", model.terms_near(words, minus, top))
    if minus:
        raise UsageError(_("--minus cannot be combined with --nearest documents"))
    return _table("id", model.documents_near(words, top))


def _table(name: str, neighbours: Neighbours) -> Table:
    rows: list[Row] = [(rank, *neighbour) for rank, neighbour in enumerate(neighbours, 1)]
    return Table(["rank", name, "similarity"], lambda: rows)


def _composed(words: str | Iterable[str]) -> list[str]:
    """Words in the form of terms (NFC): a terminal may send decomposed syllables (NFD)."""
    return [unicodedata.normalize("NFC", word) for word in as_list(words)]
