"""Which documents a cross-validation trains on and which it tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from korpus.documents.cuts import natural
from korpus.errors import KorpusError
from korpus.messages import _, plural

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def random_folds(truth: "Array", folds: int, seed: int) -> "Iterator[tuple[Array, Array]]":
    """Numbers of documents to train on and to test, with the same share of each class in all."""
    from sklearn.model_selection import StratifiedKFold

    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    yield from split.split(truth, truth)


def group_folds(
    truth: "Array", groups: list[str], folds: int, seed: int
) -> "Iterator[tuple[Array, Array]]":
    """Folds in which no group is on both sides. Raises KorpusError for fewer groups than folds."""
    from sklearn.model_selection import StratifiedGroupKFold

    if len(set(groups)) < folds:
        raise KorpusError(
            _("{groups} cannot make {folds} folds").format(
                groups=plural(len(set(groups)), "group"), folds=folds
            ),
            _("lower --folds"),
        )
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    yield from split.split(truth, truth, groups)


def time_folds(times: list[str], folds: int) -> "Iterator[tuple[Array, Array]]":
    """Folds that train on the past: documents are cut into folds + 1 parts of about equal size.

    Each part but the first is tested by a model of all parts before it. Documents of one time stay
    in one part. Raises KorpusError for too few times.
    """
    import numpy

    names = sorted(set(times), key=natural)
    place = {name: number for number, name in enumerate(names)}
    places = numpy.fromiter(map(place.__getitem__, times), numpy.int64, len(times))
    before = numpy.cumsum(numpy.bincount(places)) - numpy.bincount(places)
    part = before[places] * (folds + 1) // len(places)
    if len(numpy.unique(part)) <= folds:
        raise KorpusError(
            _("{times} cannot make {folds} folds").format(
                times=plural(len(names), "time"), folds=folds
            ),
            _("lower --folds"),
        )
    for number in range(1, folds + 1):
        yield numpy.flatnonzero(part < number), numpy.flatnonzero(part == number)
