"""The stage vectors: the vectors of morphemes in Kiwi's language model, as a model of korpus."""

import logging
from collections.abc import Iterable, Iterator
from itertools import count, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from korpus.cache import kept
from korpus.checks import check_choice, check_least
from korpus.documents.kiwi import kiwi, versions
from korpus.documents.letters import mend_lone
from korpus.errors import KorpusError
from korpus.files.model_files import load, save_model
from korpus.messages import _
from korpus.models.blas import one_blas_thread
from korpus.models.pretrained import PretrainedVectors
from korpus.models.report import Report
from korpus.models.retrofit import retrofit as go_on
from korpus.records import Record

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

NAMES = ("kiwi",)
_COMMON = 3  # of 256 dimensions; Mu & Viswanath take one in a hundred
_FORMAT = 2  # increase when the file in the cache changes
_LEAST = 1e-3  # squared length of the rest of a vector that the landmarks do not span
_MOST = 512  # landmarks
_DIMENSIONS = 256  # of today's model
_KEY = 4  # similarities that tell vectors apart
_ORIGIN = {
    "origin": "language model (cong) of Kiwi, https://github.com/bab2min/Kiwi, by Minchul Lee",
    "licence": "Apache-2.0",
    "trained_on": "Sejong Corpus and NIKL Corpora (National Institute of Korean Language)",
}
_ORDERED_AFTER = 35  # the first morphemes, single letters and quotes, are not by frequency
_SHIFT = 2.7  # of the law of Zipf and Mandelbrot


def vectors(
    name: str = "kiwi",
    *,
    common: int = _COMMON,
    retrofit: Iterable[Record] | None = None,
    min_count: int = 5,
    seed: int = 0,
    report: Report | None = None,
) -> PretrainedVectors:
    """Load the word vectors that come with Kiwi: 256 dimensions of some 70,000 morphemes.

    They are made once from Kiwi's similarities, and kept in the user's cache folder. `common`: the
    number of directions that all words share and that are taken out, with the mean (Mu &
    Viswanath 2018, All-but-the-Top); with 0 the vectors are Kiwi's own, with the same cosines.
    `retrofit`: tokens of a corpus, from which vectors are learned for the words that Kiwi does not
    know and that occur `min_count` times; see `korpus.models.retrofit`.
    `report`: called with landmarks done and their total if they have to be made.

    Columns in: `tokens`, `tags` of `retrofit`. Raises UsageError for a wrong option, KorpusError if
    Kiwi has no such language model.
    """
    check_choice("NAME", name, NAMES)
    check_least("--common", common, 0)
    file = "-".join(["kiwi-vectors", *versions().values(), f"{_FORMAT}.safetensors"])

    def found() -> Path:
        return kept(file, lambda new: save_model(str(new), _made(report)))

    try:
        model = load(found())
    except KorpusError:
        found().unlink()  # the machine stopped before all of it was on the disk
        model = load(found())
    assert isinstance(model, PretrainedVectors)
    model = without_common(model, common) if common else model
    return model if retrofit is None else go_on(model, retrofit, min_count=min_count, seed=seed)


@one_blas_thread
def without_common(model: PretrainedVectors, directions: int) -> PretrainedVectors:
    """Take the mean and the first principal directions out of the vectors of a model."""
    import numpy

    centred = model.vectors - model.vectors.mean(axis=0, dtype=float).astype(numpy.float32)
    _values, axes = numpy.linalg.eigh((centred.T @ centred).astype(float))
    shared = axes[:, ::-1][:, :directions].astype(numpy.float32)
    model.vectors = centred - centred @ shared @ shared.T
    model.options = model.options | {"common": directions}
    return model


def _made(report: Report | None) -> PretrainedVectors:
    """The vectors as Kiwi has them."""
    import numpy

    logger.info(_("making the vectors of Kiwi's morphemes, once"))
    engine = kiwi()
    checked = engine.morpheme_similarity
    # The library's own, without the checks in Python around it, is three times as fast.
    similarity = getattr(super(type(engine), engine), "morpheme_similarity", checked)
    try:
        similarity(_ORDERED_AFTER, _ORDERED_AFTER)
    except Exception as error:  # Kiwi has errors of its own
        raise KorpusError(
            _("this Kiwi has no vectors: {reason}").format(reason=error),
            _("run: {command}").format(command="pip install --upgrade kiwipiepy"),
        ) from None
    numbers, terms, rest = _morphemes(engine, similarity)
    vectors, landmarks = _spanned(similarity, numbers, report)
    keys = {key: row for row, key in enumerate(_keys(similarity, numbers, landmarks))}
    rows = list(range(len(numbers)))
    for form, tag in rest:
        try:
            key = next(_keys(similarity, [(form, tag)], landmarks))
        except ValueError:  # not in the language model
            continue
        if key in keys:
            terms.append(f"{mend_lone(form)}/{tag}")
            rows.append(keys[key])
    ranks = numpy.maximum(1, numpy.arange(len(numbers)) - _ORDERED_AFTER)
    likely = 1 / (ranks + _SHIFT)
    probabilities = (likely / likely.sum())[rows]
    return PretrainedVectors(
        terms=terms,
        options={"name": "kiwi", "common": 0, **versions(), **_ORIGIN},
        provenance={
            "analyzer": None,
            "analysis": None,
            "documents": 0,
            "tokens": 0,
            "digest": "",
        },
        vectors=vectors,
        rows=numpy.array(rows, numpy.int64),
        probabilities=probabilities,
    )


def _morphemes(engine: Any, similarity: Any) -> tuple[list[int], list[str], list[tuple[str, str]]]:
    """Kiwi's morphemes with a vector, by number and name, and the names of the others.

    The others are rare names and other spellings (넘 for 너무); of these spellings Kiwi knows the
    vector by name. Of the many proper nouns hardly any has one, so they are left out.
    """
    numbers: list[int] = []
    terms: list[str] = []
    rest: dict[tuple[str, str], None] = {}
    for number in count():
        try:
            morpheme = engine.morpheme(number)
        except ValueError:  # after the last
            break
        form, tag = morpheme.form, morpheme.tag
        if not form or not form.strip():
            continue
        value = similarity(number, _ORDERED_AFTER)
        if value == value:
            numbers.append(number)
            terms.append(f"{mend_lone(form)}/{tag}")
        elif tag not in ("NNP", "P", "UN"):
            rest[form, tag] = None
    known = set(terms)
    return numbers, terms, [name for name in rest if f"{mend_lone(name[0])}/{name[1]}" not in known]


@one_blas_thread
def _spanned(
    similarity: Any, numbers: list[int], report: Report | None
) -> "tuple[Array, list[int]]":
    """Vectors whose products are the similarities (float32), and the landmarks.

    A Cholesky decomposition with pivots (Harbrecht, Peters & Schneider 2012): the next landmark is
    the morpheme whose vector the others span least, until all are spanned, which takes as many
    landmarks as Kiwi's vectors have dimensions.
    """
    import numpy

    size = len(numbers)
    parts = numpy.empty((min(_MOST, size), size))
    left = numpy.ones(size)
    landmarks: list[int] = []
    for done in range(len(parts)):
        place = int(left.argmax())
        if left[place] < _LEAST:
            break
        landmark = numbers[place]
        row = numpy.fromiter(map(similarity, repeat(landmark), numbers), float, size)
        row -= parts[:done, place] @ parts[:done]
        parts[done] = row / numpy.sqrt(row[place])
        left -= parts[done] ** 2
        left[place] = 0
        landmarks.append(landmark)
        if report:
            report(done, max(_DIMENSIONS, done + 1))
    if report:
        report(len(landmarks), len(landmarks))
    return numpy.ascontiguousarray(parts[: len(landmarks)].T, numpy.float32), landmarks


def _keys(
    similarity: Any, names: "list[int] | list[tuple[str, str]]", landmarks: list[int]
) -> Iterator[tuple[float, ...]]:
    """Similarities of morphemes to some landmarks, which only the same vectors have in common."""
    for name in names:
        yield tuple(similarity(name, landmark) for landmark in landmarks[:_KEY])
