"""The stage wordcloud: tokens or a table of weights → a picture."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.errors import KorpusError, UsageError
from korpus.records import Record, tokenized
from korpus.views.fonts import check_glyphs, default_font

if TYPE_CHECKING:
    import numpy
    from wordcloud import WordCloud

# The columns of a table that hold a weight, best first.
WEIGHT_COLUMNS = ("tfidf", "count", "weight")


def weights(rows: Iterable[Record]) -> dict[str, float]:
    """The weight of each term in tokens (its count) or in a table (the sum of its weights).

    Streams, and holds the weights. Columns in: `tokens`; or `term` and one of `tfidf`, `count`,
    `weight`. Raises KorpusError where there is neither, where a weight is not a number, and where
    there is no term at all.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        raise KorpusError("there is nothing to draw: the input is empty")
    everything = chain([first], rows)
    sums: defaultdict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    if "term" in first and "tokens" not in first:
        column = next((name for name in WEIGHT_COLUMNS if name in first), None)
        if column is None:
            raise KorpusError(
                f"the table has no column to weigh terms by: {', '.join(WEIGHT_COLUMNS)}",
                f"its columns are {', '.join(first)}",
            )
        for row in everything:
            term = str(row.get("term", ""))
            sums[term] += _number(row.get(column), term)
    else:
        for record in tokenized(everything):
            counts.update(record["tokens"])
    found = [*sums.items(), *counts.items()]
    drawable = {term: weight for term, weight in found if weight > 0 and term.strip()}
    if not drawable:
        raise KorpusError(
            "there is nothing to draw: no term is left", "were all tokens removed before?"
        )
    return drawable


def wordcloud(
    terms: dict[str, float] | Iterable[Record],
    *,
    size: tuple[int, int] = (1200, 800),
    max_words: int = 200,
    mask: "numpy.ndarray | None" = None,
    font: "str | Path | None" = None,
    colormap: str = "viridis",
    background: str = "white",
    seed: int = 0,
) -> "WordCloud":
    """Draw a word cloud, the area of words growing with their weight.

    Parameters: `terms`, their weights, or what `weights` takes: tokens or a table; `size`, width
    and height in pixels; `max_words`, the most words to draw, heaviest first; `mask`, an array of
    a picture, whose white stays empty and whose size counts; `font`, a file (default:
    NanumGothic); `colormap`, a name that matplotlib knows; `background`, a colour, or
    "transparent"; `seed`: the same seed draws the same cloud.

    Out: a `wordcloud.WordCloud`, with `to_file` and `to_svg`. Raises KorpusError where the font
    has no glyph for a character, UsageError for an unknown colour or map.
    """
    from matplotlib import colormaps
    from PIL import ImageColor
    from wordcloud import WordCloud

    if max_words < 1:
        raise UsageError(f"--max-words {max_words} is less than 1")
    if colormap not in colormaps:
        raise UsageError(
            f"unknown colormap {colormap!r}", "try viridis, plasma, Dark2, tab10, Blues, autumn"
        )
    if not isinstance(terms, dict):
        terms = weights(terms)
    transparent = background == "transparent"
    if not transparent:
        try:
            ImageColor.getrgb(background)
        except ValueError:
            raise UsageError(
                f"unknown colour {background!r}", "a name such as white, #f5f5f5, or transparent"
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
            f"the words do not fit the picture ({error})", "give a larger --size or another --mask"
        ) from None


def _number(value: object, term: str) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise KorpusError(
            f"the weight of {term!r} is not a number: {value!r}", "is this a table of korpus freq?"
        )
    return number
