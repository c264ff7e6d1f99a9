"""The stage topics_compare: which topics of two models are alike. And a map of topics."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _, listed, plural
from korpus.models.topics.metadata import with_topics
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Row, Table
from korpus.statistics.distances import classical_mds, cosines, distributions, jensen_shannon

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COSINE, JENSEN_SHANNON = MEASURES = ("cosine", "js")
_COLUMNS = [
    *("a", "b", "cosine", "distance", "jaccard", "shared"),
    *("a_share", "b_share", "a_terms", "b_terms"),
]
_SHOWN = 20


def topics_compare(
    a: Model, b: Model, *, measure: str = COSINE, min_similarity: float = 0, top: int = 10
) -> "TopicMatches":
    """Match the topics of two models one to one, so that the sum of similarities is the largest.

    That is the assignment problem (Kuhn 1955: Hungarian method). Topics are compared as
    distributions over the terms that both models have, which are made to sum to 1.

    Parameters: `measure`, what is summed: cosine, or js, 1 less the Jensen-Shannon distance;
    `min_similarity`, a pair below it is no match; `top`, first terms per topic that are compared
    and shown. How much of both models the shared terms hold, and the topics without a match, are
    logged. Out: see `TopicMatches`.
    Raises UsageError for a model without shares of topics, KorpusError if no term is shared.
    """
    from scipy.optimize import linear_sum_assignment

    check_choice("--measure", measure, MEASURES)
    check_least("--top", top, 1)
    if not 0 <= min_similarity <= 1:
        raise UsageError(
            _("{option} {value} is not between 0 and 1").format(
                option="--min-similarity", value=f"{min_similarity:g}"
            )
        )
    models = with_shares(a), with_shares(b)
    rows = _on_shared_terms(*models)
    cosine, distance = cosines(*rows), jensen_shannon(*rows)
    similarity = cosine if measure == COSINE else 1 - distance
    found = zip(*linear_sum_assignment(similarity, maximize=True), strict=True)
    pairs = [(int(x), int(y)) for x, y in found if similarity[x, y] >= min_similarity]
    matches = TopicMatches(*models, cosine, distance, similarity, pairs, top)
    matches.log()
    return matches


def topic_map(model: Model, *, top: int = 10) -> Table:
    """Points for topics of one model, whose distances are near those of the topics.

    Jensen-Shannon distances of the topics' distributions over terms, and classical multidimensional
    scaling, as in LDAvis (Sievert & Shirley 2014), which scales the divergences instead.
    Columns out: `topic`, `share`, `terms`, `x`, `y`.
    Raises UsageError for a model without shares of topics.
    """
    fitted = with_shares(model)
    rows = distributions(fitted.topic_term)
    distances = jensen_shannon(rows, rows)
    distances[range(len(rows)), range(len(rows))] = 0
    places = classical_mds(distances).tolist()
    names = fitted.topic_names, fitted.shares.tolist(), fitted.first_terms(top)
    table = [(*row, *place) for *row, place in zip(*names, places, strict=True)]
    return Table(["topic", "share", "terms", "x", "y"], lambda: table)


def with_shares(model: Model) -> TopicModel:
    """A model of topics that have shares. Raises UsageError for one of another kind."""
    fitted = with_topics(model)
    fitted.certainty()
    return fitted


def _on_shared_terms(a: TopicModel, b: TopicModel) -> "list[Array]":
    """The distributions of both over the terms that both have; logs how much these hold."""
    column = {term: number for number, term in enumerate(b.terms)}
    pairs = [(number, column[term]) for number, term in enumerate(a.terms) if term in column]
    if not pairs:
        raise KorpusError(
            _("the two models have no term in common"),
            _("fit both on tokens that were made in the same way"),
        )
    weights = [
        model.topic_term[:, list(columns)]
        for model, columns in zip((a, b), zip(*pairs, strict=True), strict=True)
    ]
    if not len(pairs) == len(a.terms) == len(b.terms):
        held = [
            100 * float(model.shares @ shared.sum(axis=1)) / float(model.shares.sum())
            for model, shared in zip((a, b), weights, strict=True)
        ]
        logger.info(
            _("%s in common: %.1f %% of the weight of A, %.1f %% of that of B"),
            plural(len(pairs), "term"),
            *held,
        )
    return [distributions(shared) for shared in weights]


@dataclass
class TopicMatches:
    """The topics of two models and how alike they are.

    `cosine`, `distance` (Jensen-Shannon), `similarity` (by which they are matched): topics of `a` ×
    topics of `b`. `pairs`: those matched. `top`: the number of first terms.
    """

    a: TopicModel
    b: TopicModel
    cosine: "Array"
    distance: "Array"
    similarity: "Array"
    pairs: list[tuple[int, int]]
    top: int

    def table(self) -> Table:
        """A row per topic of `a` with its match, then those of `b` without one.

        Columns: `a`, `b`, the topics; `cosine`; `distance`, of Jensen and Shannon, from 0 (the
        same) to 1; `jaccard` similarity of their first terms, and `shared`, those of them that
        both have; `a_share`, `b_share`, `a_terms`, `b_terms`. Empty where there is no match.
        """
        return Table(_COLUMNS, self._rows)

    def unmatched(self) -> tuple[list[int], list[int]]:
        """The topics of `a` and of `b` without a match."""
        mine, theirs = ({pair[side] for pair in self.pairs} for side in (0, 1))
        return (
            [topic for topic in range(len(self.a.shares)) if topic not in mine],
            [topic for topic in range(len(self.b.shares)) if topic not in theirs],
        )

    def log(self) -> None:
        """Log the topics without a match."""
        for name, model, topics in zip("AB", (self.a, self.b), self.unmatched(), strict=True):
            if topics:
                logger.info(
                    _("%s of %s without a match: %s"),
                    plural(len(topics), "topic"),
                    name,
                    listed((str(model.topic_names[topic]) for topic in topics), _SHOWN),
                )

    def _rows(self) -> Iterator[Row]:
        terms = [model.first_terms(self.top) for model in (self.a, self.b)]
        names = self.a.topic_names, self.b.topic_names
        shares = self.a.shares.tolist(), self.b.shares.tolist()
        matched = dict(self.pairs)
        alone = self.unmatched()[1]
        for x, y in [
            *((x, matched.get(x)) for x in range(len(shares[0]))),
            *((None, y) for y in alone),
        ]:
            both: Row = (None,) * 4
            if x is not None and y is not None:
                mine, theirs = terms[0][x].split(), terms[1][y].split()
                shared = [term for term in mine if term in theirs]
                jaccard = len(shared) / len({*mine, *theirs})
                both = (
                    float(self.cosine[x, y]),
                    float(self.distance[x, y]),
                    jaccard,
                    " ".join(shared),
                )
            sides = ((x, 0), (y, 1))
            name, share, first = (
                [None if at is None else of[side][at] for at, side in sides]
                for of in (names, shares, terms)
            )
            yield (*name, *both, *share, *first)
