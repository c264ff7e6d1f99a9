"""The map of clusters: items that are alike lie together."""

import logging
from typing import TYPE_CHECKING, Any

from korpus.messages import _, plural
from korpus.models.cluster import NOISE, Clusters
from korpus.models.cluster_methods import flat_map, sample
from korpus.views.maps import map_chart, map_points
from korpus.views.style import COLOURS, GREY, left_out, styled

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

_MOST = 2000  # items
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
        colours.append(GREY)
    colour = altair.Color(
        "cluster:N",
        title=_("cluster"),
        scale=altair.Scale(domain=domain, range=colours),
        legend=altair.Legend(labelLimit=320),
    )
    chart = map_chart(points, colour, ["name:N", "cluster:N"])
    hidden = (
        sum("label_x" not in point for point in points) if _is_labelled(clusters, chosen) else 0
    )
    note = [_("near ones are alike (t-SNE)"), left_out(hidden)]
    return styled(chart, _("Map of clusters"), note, is_map=True)


def _is_labelled(clusters: Clusters, chosen: Any) -> bool:
    """Whether the names of items are drawn: of words, unless they are many."""
    return clusters.members.columns[0] == "term" and len(chosen) <= _MOST_LABELS


def _points(clusters: Clusters, chosen: Any, places: Any) -> list[dict[str, Any]]:
    names = [clusters.features.names[number] for number in chosen.tolist()]
    points = map_points(names, places, has_labels=_is_labelled(clusters, chosen))
    for point, number in zip(points, chosen.tolist(), strict=True):
        point["label"] = int(clusters.labels[number])
    return points
