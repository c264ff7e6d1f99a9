"""The stage wordcloud: tokens or a table of weights → a picture."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.records import Record, tokenized
from korpus.views.fonts import check_glyphs, default_font

if TYPE_CHECKING:
    import numpy
    from wordcloud import WordCloud

# Columns of a table to weigh terms by, the preferred one first.
WEIGHT_COLUMNS = ("tfidf", "count", "weight")
# What may stand before the term in a table without groups.
NO_GROUPS = ("id", "rank", "")
_GROUPS_SHOWN = 20


def weights(rows: Iterable[Record], group: str | None = None) -> dict[str, float]:
    """The weight of each term: its count in tokens, or the sum of its weights in a table.

    `group`: of a table, only its rows with this value in the column before `term`, as in tables of
    `freq --by` and of topics. Streams; holds the weights. Columns in: `tokens`; or `term` and one
    of `tfidf`, `count`, `weight`.
    Raises KorpusError for other columns, a weight that is not a number, no terms, no such group,
    or a table of several groups of which none is chosen.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        raise KorpusError(_("there is nothing to draw: the input is empty"))
    everything = chain([first], rows)
    sums: defaultdict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    if "term" in first and "tokens" not in first:
        column = next((name for name in WEIGHT_COLUMNS if name in first), None)
        if column is None:
            raise KorpusError(
                _("the table has no column to weigh terms by: {names}").format(
                    names=", ".join(WEIGHT_COLUMNS)
                ),
                _("its columns are {columns}").format(columns=", ".join(first)),
            )
        for row in _of_group(everything, first, group):
            term = str(row.get("term", ""))
            sums[term] += _number(row.get(column), term)
    else:
        if group is not None:
            message = _("these are tokens, without groups")
            raise KorpusError(message, _("count them first: korpus freq --by COLUMN"))
        for record in tokenized(everything):
            counts.update(record["tokens"])
    found = [*sums.items(), *counts.items()]
    drawable = {term: weight for term, weight in found if weight > 0 and term.strip()}
    if not drawable:
        raise KorpusError(
            _("there is nothing to draw: no term is left"),
            _("did an earlier step remove all tokens?"),
        )
    return drawable


def _of_group(rows: Iterable[Record], first: Record, group: str | None) -> Iterator[Record]:
    """The rows of a group. Raises KorpusError if there are several and none is chosen."""
    names = list(first)
    before = [name for name in names[: names.index("term")] if name not in NO_GROUPS]
    column = before[0] if before else None
    if column is None and group is not None:
        raise KorpusError(
            _("the table has no groups"),
            _("its columns are {columns}").format(columns=", ".join(first)),
        )
    groups: dict[str, None] = {}
    for row in rows:
        value = str(row.get(column)) if column else ""
        groups[value] = None
        if group in (None, value):
            yield row
    shown = ", ".join(list(groups)[:_GROUPS_SHOWN])
    if group is not None and group not in groups:
        message = _("the table has no group {group!r}").format(group=group)
        raise KorpusError(message, _("its groups are {groups}").format(groups=shown))
    if group is None and len(groups) > 1:
        raise KorpusError(
            _("the table has {number} groups").format(number=len(groups)),
            _("draw one with --group VALUE: {groups}").format(groups=shown),
        )


def wordcloud(
    terms: dict[str, float] | Iterable[Record],
    *,
    group: str | None = None,
    size: tuple[int, int] = (1200, 800),
    max_words: int = 200,
    mask: "numpy.ndarray | None" = None,
    font: "str | Path | None" = None,
    colormap: str = "viridis",
    background: str = "white",
    seed: int = 0,
) -> "WordCloud":
    """Draw a word cloud, in which the size of a word grows with its weight.

    Parameters: `terms`, weights by term, or the input of `weights`: tokens or a table; `group`, see
    there; `size`, width and height in pixels; `max_words`, the maximum number of words, heaviest
    first; `mask`, the pixels of a picture, whose white parts stay empty and whose size replaces
    `size`; `font`, a .ttf or .otf file (default: NanumGothic); `colormap`, a name that matplotlib
    knows; `background`, a colour or "transparent"; `seed`, which decides the layout.

    Columns in: `tokens`, or `term` and a weight. Returns a `wordcloud.WordCloud`, which has
    `to_file` and `to_svg`. Raises KorpusError if the font lacks a glyph or the words do not fit,
    UsageError for an unknown colour or colour map.
    """
    from matplotlib import colormaps
    from PIL import ImageColor
    from wordcloud import WordCloud

    if max_words < 1:
        raise UsageError(
            _("{option} {value} is less than 1").format(option="--max-words", value=max_words)
        )
    if colormap not in colormaps:
        raise UsageError(
            _("unknown colormap {name!r}").format(name=colormap),
            _("try viridis, plasma, Dark2, tab10, Blues, autumn"),
        )
    if not isinstance(terms, dict):
        terms = weights(terms, group)
    transparent = background == "transparent"
    if not transparent:
        try:
            ImageColor.getrgb(background)
        except ValueError:
            raise UsageError(
                _("unknown colour {name!r}").format(name=background),
                _("give a name such as white, a code such as #f5f5f5, or transparent"),
            ) from None
    font = Path(font) if font else default_font()
    heaviest = nsmallest(max_words, terms.items(), key=lambda item: (-item[1], item[0]))
    check_glyphs(font, (term for term, _ in heaviest))
    cloud = WordCloud(
        font_path=str(font),
        width=size[0],
        height=size[1],
        max_words=max_words,
        mask=mask,
        colormap=colormap,
        background_color=None if transparent else background,
        mode="RGBA" if transparent else "RGB",
        random_state=seed,
    )
    try:
        return cloud.generate_from_frequencies(dict(heaviest))
    except ValueError as error:
        raise KorpusError(
            _("the words do not fit the picture ({error})").format(error=error),
            _("give a larger --size or another --mask"),
        ) from None


def _number(value: object, term: str) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise KorpusError(
            _("the weight of {term!r} is not a number: {value!r}").format(term=term, value=value),
            _("expected a table such as korpus freq writes"),
        )
    return number
