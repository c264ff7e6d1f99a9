"""The picture of a concordance: where in the documents its words are (dispersion plot)."""

from collections import Counter
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record
from korpus.tokens.kwic import Concordance
from korpus.views.style import data, styled, tooltip

if TYPE_CHECKING:
    import altair

_MOST_WORDS = 12
_PARTS = 800  # of the width, as many as it has pixels
_HEIGHT = 34  # per word


def plot_dispersion(lines: Concordance) -> "altair.Chart":
    """Draw a line across for each of the 12 most frequent keywords, with a mark where it is.

    From left to right are the documents, in the order of the input. Marks are as dark as the word
    is frequent there.
    """
    import altair

    if not lines.places:
        raise KorpusError(_("there is nothing to draw: the pattern was not found"))
    totals = Counter(word for _place, word in lines.places)
    words = sorted(totals, key=lambda word: (-totals[word], word))[:_MOST_WORDS]
    step = lines.documents / _PARTS
    marks = Counter((word, int(place / step)) for place, word in lines.places if word in words)
    rows: list[Record] = [
        {"word": f"{word} ({totals[word]:,})", "place": (part + 0.5) * step, "count": count}
        for (word, part), count in sorted(marks.items())
    ]
    chart = (
        altair.Chart(data(rows))
        .mark_tick(thickness=1.5, size=_HEIGHT * 0.7)
        .encode(
            altair.X(
                "place:Q",
                title=_("documents in the order of the input"),
                scale=altair.Scale(domain=[0, lines.documents], nice=False),
            ),
            altair.Y("word:N", title=None, sort=[f"{word} ({totals[word]:,})" for word in words]),
            altair.Opacity("count:Q", legend=None, scale=altair.Scale(type="sqrt", range=[0.6, 1])),
            tooltip=tooltip("word:N", "count:Q"),
        )
    )
    sized: altair.Chart = chart.properties(width=_PARTS, height=_HEIGHT * len(words))
    return styled(sized, _("Where the words are"))
