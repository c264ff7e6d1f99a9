"""Words and their neighbours among each other: what the pictures of `similar` show."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice
from korpus.files.model_files import Model
from korpus.models.blas import one_blas_thread
from korpus.models.nearest import unit
from korpus.models.reduction import reduced
from korpus.records import Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

MAP, HEAT = CHARTS = ("map", "heat")
REDUCTIONS = ("pca", "umap")


@dataclass
class Neighbourhood:
    """Words that were asked for, then their neighbours.

    `names`: words; the first `asked` of them were asked for. `places`: float, words × 2.
    `cosines`: float, words × words.
    """

    names: list[str]
    asked: int
    places: "Array"
    cosines: "Array"


@one_blas_thread
def neighbourhood(
    model: Model, words: list[str], found: Table, *, reduce: str = "pca", seed: int = 0
) -> Neighbourhood:
    """The words of a query and the terms that `similar` found, with all their similarities.

    `reduce`: how they are placed in two dimensions, pca or umap. Raises UsageError for a model
    without vectors of terms.
    """
    import numpy

    check_choice("--reduce", reduce, REDUCTIONS)
    names = list(dict.fromkeys([*words, *(str(row["term"]) for row in found)]))
    rows = unit(model.term_points(names))
    places = numpy.zeros((len(names), 2))
    flat = reduced(rows, reduce, 2, seed)
    places[:, : flat.shape[1]] = flat[:, :2]
    return Neighbourhood(names, len(dict.fromkeys(words)), places, (rows @ rows.T).round(7))
