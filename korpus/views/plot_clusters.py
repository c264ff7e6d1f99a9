"""The map of clusters: items that are alike lie together."""

import logging
from typing import TYPE_CHECKING, Any

from korpus.messages import _, plural
from korpus.models.cluster import NOISE, Clusters
from korpus.models.cluster_methods import flat_map, sample
from korpus.views.charts import COLOURS, styled
from korpus.views.labels import Circle, place_labels

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

_SIDE, _MARGIN = 760, 40  # pixels
_MOST = 2000  # items
_GREY = "#999999"
_NAMED_BY = 4  # terms
_MOST_LABELS = 400


def plot_clusters(clusters: Clusters, *, seed: int = 0) -> "altair.TopLevelMixin":
    """Draw documents or words in two dimensions by t-SNE, with colours for clusters.

    Of more than 2,000 items a random sample is drawn, which is logged. Words have their names;
    those for which there is no room are left out. The eighth cluster and later ones, and noise, are
    grey.
    """
    import altair
    import numpy

    known = numpy.flatnonzero(clusters.labels >= 0)
    chosen = sample(known, seed, _MOST)
    if len(chosen) < len(known):
        logger.info(
            _("the map shows a sample of %s of %s"), plural(len(chosen), "item"), f"{len(known):,}"
        )
    points = _points(clusters, chosen, flat_map(clusters.features.rows[chosen], seed))
    names = {
        row["cluster"]: " ".join([f"{row['cluster']}:", *row["terms"].split(" ")[:_NAMED_BY]])
        for row in clusters.table
    }
    shown = [label for label in names if label != NOISE][: len(COLOURS) - 1]
    for point in points:
        label = point["label"]
        point["cluster"] = names[label] if label in shown else _("others")
    domain = [names[label] for label in shown]
    colours = list(COLOURS[: len(shown)])
    if len(shown) < len(names):
        domain.append(_("others"))
        colours.append(_GREY)
    x = altair.X("x:Q", axis=None).scale(domain=[0, _SIDE], nice=False)
    y = altair.Y("y:Q", axis=None).scale(domain=[_SIDE, 0], nice=False)
    colour = altair.Color(
        "cluster:N",
        title=_("cluster"),
        scale=altair.Scale(domain=domain, range=colours),
        legend=altair.Legend(labelLimit=320),
    )
    dots = (
        altair.Chart(altair.InlineData(values=points))
        .mark_circle(size=46, opacity=0.75)
        .encode(x, y, colour, tooltip=["name:N", "cluster:N"])
    )
    labelled = [point for point in points if "label_x" in point]
    words = (
        altair.Chart(altair.InlineData(values=labelled))
        .mark_text(color="#222222", fontSize=11)
        .encode(
            altair.X("label_x:Q", axis=None),
            altair.Y("label_y:Q", axis=None),
            altair.Text("name:N"),
        )
    )
    return styled(altair.layer(dots, words).properties(width=_SIDE, height=_SIDE))


def _points(clusters: Clusters, chosen: Any, places: Any) -> list[dict[str, Any]]:
    import numpy

    low, high = places.min(axis=0, initial=numpy.inf), places.max(axis=0, initial=-numpy.inf)
    spread = numpy.where(high > low, high - low, 1)
    points: list[dict[str, Any]] = [
        {
            "name": clusters.features.names[number],
            "label": int(clusters.labels[number]),
            "x": float(_MARGIN + (_SIDE - 2 * _MARGIN) * (place[0] - low[0]) / spread[0]),
            "y": float(_MARGIN + (_SIDE - 2 * _MARGIN) * (place[1] - low[1]) / spread[1]),
        }
        for number, place in zip(chosen.tolist(), places, strict=True)
    ]
    if clusters.members.columns[0] == "term" and len(points) <= _MOST_LABELS:
        circles = [Circle(point["x"], point["y"], 4, point["name"], 11) for point in points]
        for point, at in zip(points, place_labels(circles, _SIDE, _SIDE), strict=True):
            if at is not None:
                point["label_x"], point["label_y"] = at
    return points
