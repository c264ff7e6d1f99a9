"""The stage words_synonyms: tokens → a word table of terms that may be one, to edit."""

import logging
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from korpus.analyzers.words.meanings import kiwi_vectors
from korpus.analyzers.words.spellings import alike
from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.nearest import unit
from korpus.models.vector_model import VectorModel, Word
from korpus.records import DocumentSource, Row, Table, as_tokens, split_names, tokenized
from korpus.tagsets import CONJUGATED, group_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

METHODS = ("spelling", "kiwi", "word2vec")
COLUMNS = [
    *("form", "tag", "score", "becomes", "drop"),
    *("count", "becomes_count", "spelling", "kiwi", "word2vec", "others"),
]
# Groups of terms, and the kind within which two may be one.
_KINDS = {
    **dict.fromkeys(("noun", "propernoun", "root", "foreign", "unknown"), "name"),
    **dict.fromkeys(("verb", "adjective"), "predicate"),
    "adverb": "adverb",
}
_LEAST_MEANING = 0.6  # cosine of terms that are not spelt alike
_NEIGHBOURS = 10  # of a term
_SHARED = 3  # components that are taken out of vectors
_SHARED_AT = 100  # terms for each of these
_SHORTEST = 2  # characters of terms that are compared by spelling
_OTHERS = 3  # further suggestions in a row


class Term(NamedTuple):
    """A frequent term. `stem`: its form without the 다 of a dictionary form."""

    form: str
    tag: str
    group: str
    frequency: int
    stem: str


class Pair(NamedTuple):
    """Two terms by their numbers, the more frequent one first, and how alike they are."""

    score: float
    one: int
    other: int
    spelling: float | None
    kiwi: float | None
    word2vec: float | None


def words_synonyms(
    documents: DocumentSource,
    model: Model | None = None,
    *,
    method: str | Sequence[str] = (),
    min_count: int = 5,
    terms: int = 3000,
    top: int = 200,
) -> Table:
    """Suggest terms of a corpus that may be one, as a word table to edit. Needs the whole input.

    Parameters: `documents`, tokens, best with `--lemma`; `model`, word vectors of `word2vec`;
    `method`, one or several of `spelling` (the distance of their letters, jamo), `kiwi` (the
    vectors of its language model) and `word2vec` (those of `model`) (default: all that can be);
    `min_count`, the fewest occurrences of a term; `terms`, the number of the most frequent terms
    that are compared; `top`, the number of suggestions.

    Two terms are compared if both are names (nouns, roots, foreign words), predicates or adverbs.
    A term is suggested to become a more frequent one, which itself stays as it is, so the table can
    be given to `morph` and `words apply` when a person has deleted the rows that are wrong.

    Columns in: `tokens`, `tags`. Out, best first: `form`, `tag`, `score`, `becomes`, `drop`
    (empty); `count` and `becomes_count` (occurrences of both), `spelling` (1 - distance / letters),
    `kiwi` and `word2vec` (cosines, empty if a word is unknown), `others` (what else it may become).
    `score` is the mean cosine, or for two words spelt alike the geometric mean of that and of
    `spelling`, or `spelling` where no cosine is known.
    """
    methods = _methods(method, model)
    for option, value in (("--min-count", min_count), ("--terms", terms), ("--top", top)):
        check_least(option, value, 1)
    listed = _frequent(documents, min_count)[:terms]
    pairs = _pairs(listed, methods, model) if listed else []
    rows = _rows(listed, pairs)
    if not rows:
        logger.warning(_("no two terms that occur %s times are alike"), f"{min_count:,}")
    else:
        logger.info(
            _("%s among the %s most frequent terms; delete the rows that are wrong"),
            plural(len(rows), "suggestion"),
            f"{len(listed):,}",
        )
    return Table(COLUMNS, lambda: rows[:top])


def _methods(method: str | Sequence[str], model: Model | None) -> list[str]:
    given = split_names(method)
    for name in given:
        check_choice("--method", name, METHODS)
    if model is None and "word2vec" in given:
        raise UsageError(_("--method word2vec needs word vectors"), _("add: -m w2v.safetensors"))
    if model is not None and not isinstance(model, VectorModel):
        raise UsageError(_("the model has no word vectors"), _("make one with korpus word2vec"))
    able = [name for name in METHODS if name != "word2vec" or model is not None]
    return [name for name in able if name in given or not given]


def _frequent(documents: DocumentSource, min_count: int) -> list[Term]:
    """The terms that may be compared, the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for record in tokenized(as_tokens(documents)):
        analyzer = record.get("analyzer")
        name = analyzer if isinstance(analyzer, str) else ""
        counts.update((form, tag, name) for form, tag in zip(*_columns(record), strict=True))
    by_kind: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for (form, tag, name), count in counts.items():
        group = group_of(tag, name)
        if group in _KINDS and form.strip():
            by_kind.setdefault((form, _KINDS[group]), Counter())[tag, group] += count
    found = []
    for (form, _kind), tags in by_kind.items():
        if tags.total() >= min_count:
            tag, group = max(tags, key=lambda item: (tags[item], item))
            is_lemma = group in CONJUGATED and form.endswith("다") and len(form) > 1
            found.append(Term(form, tag, group, tags.total(), form[:-1] if is_lemma else form))
    return sorted(found, key=lambda term: (-term.frequency, term.form))


def _columns(record: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    return record["tokens"], record["tags"]


def _pairs(terms: list[Term], methods: list[str], model: Model | None) -> list[Pair]:
    """The pairs of terms that are alike, best first."""
    spelt: dict[tuple[int, int], float] = {}
    vectors: dict[str, _Vectors] = {}
    if "spelling" in methods:
        long = [number for number, term in enumerate(terms) if len(_root(term)) >= _SHORTEST]
        for one, other, value in alike([_root(terms[number]) for number in long]):
            spelt[long[one], long[other]] = value
    if "kiwi" in methods:
        vectors["kiwi"] = _Vectors(kiwi_vectors([(term.stem, term.group) for term in terms]))
    if "word2vec" in methods:
        assert isinstance(model, VectorModel)
        rows, weights = model.lookup([Word(term.form, term.tag) for term in terms])
        vectors["word2vec"] = _Vectors(
            {number: rows[number] for number in weights.nonzero()[0].tolist()}
        )
    found = {pair for each in vectors.values() for pair in each.near()}
    pairs = []
    for one, other in sorted(found | spelt.keys()):
        if (
            _KINDS[terms[one].group] != _KINDS[terms[other].group]
            or terms[one].form == terms[other].form
        ):
            continue
        spelling = spelt.get((one, other))
        known = {name: each.cosine(one, other) for name, each in vectors.items()}
        values = [value for value in known.values() if value is not None]
        meaning = max(0.0, sum(values) / len(values)) if values else None
        if spelling is None:
            if meaning is None or meaning < _LEAST_MEANING:
                continue
            score = meaning
        else:
            score = spelling if meaning is None else math.sqrt(spelling * meaning)
        pairs.append(
            Pair(round(score, 4), one, other, spelling, known.get("kiwi"), known.get("word2vec"))
        )
    return sorted(pairs, key=lambda pair: (-pair.score, pair.one, pair.other))


def _root(term: Term) -> str:
    """The stem of a term without 하, which says nothing of the spelling of the rest."""
    return term.stem.removesuffix("하") if term.group in CONJUGATED else term.stem


class _Vectors:
    """The cosines of terms by vectors, without their mean and what most of them share.

    The mean and the first components say little but how frequent a word is (Mu & Viswanath 2018).
    """

    @one_blas_thread
    def __init__(self, vectors: "dict[int, Array]") -> None:
        import numpy

        self._numbers = list(vectors)
        self._places = {number: place for place, number in enumerate(self._numbers)}
        if not vectors:
            return
        matrix = unit(numpy.array(list(vectors.values())))
        matrix = matrix - matrix.mean(axis=0)
        _left, _values, axes = numpy.linalg.svd(matrix, full_matrices=False)
        shared = axes[: min(_SHARED, len(vectors) // _SHARED_AT)]
        matrix = unit(matrix - matrix @ shared.T @ shared)
        self._cosines = matrix @ matrix.T

    def near(self) -> Iterator[tuple[int, int]]:
        """The pairs of terms of which one is among the nearest of the other."""
        for place, number in enumerate(self._numbers):
            nearest = (-self._cosines[place]).argsort(kind="stable")[: _NEIGHBOURS + 1]
            for other in nearest.tolist():
                if other != place:
                    pair = sorted((number, self._numbers[other]))
                    yield pair[0], pair[1]

    def cosine(self, one: int, other: int) -> float | None:
        """The cosine of two terms; None without a vector of one of them."""
        if one not in self._places or other not in self._places:
            return None
        return round(float(self._cosines[self._places[one], self._places[other]]), 4)


def _rows(terms: list[Term], pairs: Iterable[Pair]) -> list[Row]:
    """A row per term that may become a more frequent one, which has no row itself."""
    becomes: dict[int, Pair] = {}
    others: dict[int, list[str]] = {}
    targets: set[int] = set()
    for pair in pairs:
        if pair.other in becomes or pair.other in targets or pair.one in becomes:
            others.setdefault(pair.other, []).append(f"{terms[pair.one].form} {pair.score:.2f}")
            continue
        becomes[pair.other] = pair
        targets.add(pair.one)
    return [
        (
            *(terms[number].form, terms[number].tag, pair.score, terms[pair.one].form, ""),
            *(terms[number].frequency, terms[pair.one].frequency),
            *("" if value is None else value for value in pair[3:]),
            ", ".join(others.get(number, [])[:_OTHERS]),
        )
        for number, pair in becomes.items()
    ]
