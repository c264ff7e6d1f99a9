"""The stage wordcloud: tokens or a table of weights → a picture."""

import logging
import math
from collections.abc import Iterable
from heapq import nsmallest
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.documents.groups import shown
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, column_title, plural
from korpus.pictures import default_font, not_a_font
from korpus.records import Record
from korpus.views.fonts import check_glyphs
from korpus.views.style import BRIGHT
from korpus.views.weights import Groups, Weights, weights

if TYPE_CHECKING:
    import numpy
    from wordcloud import WordCloud

logger = logging.getLogger("korpus")

# Of a grid: clouds and pixels.
_MOST_CLOUDS, _MOST_PIXELS = 36, 50_000_000
_OURS = "korpus"  # the colour map of the family
_LONGEST = 50  # characters of a word that is drawn
_TITLE = 0.08  # height of a title in a grid, as a share of the height of a cloud
_GAP = 0.02  # between the clouds of a grid, as a share of the width of a cloud


def wordcloud(
    terms: Weights | Iterable[Record],
    *,
    group: str | None = None,
    size: tuple[int, int] = (1200, 800),
    max_words: int = 200,
    mask: "numpy.ndarray | None" = None,
    font: "str | Path | None" = None,
    colormap: str = "korpus",
    background: str = "white",
    horizontal: bool = False,
    seed: int = 0,
) -> "WordCloud":
    """Draw a word cloud, in which the size of a word grows with its weight.

    Parameters: `terms`, weights by term, or the input of `weights`: tokens or a table; `group`, see
    there; `size`, width and height in pixels; `max_words`, the maximum number of words, heaviest
    first; `mask`, the pixels of a picture, whose white parts stay empty and whose size replaces
    `size`; `font`, a .ttf or .otf file (default: NanumGothic); `colormap`, a name that matplotlib
    knows, or korpus, the colours of charts; `background`, a colour or "transparent"; `horizontal`,
    no word is upright; `seed`, which decides the layout.
    Words of more than 50 characters are left out, and their number is logged.

    Columns in: `tokens`, or `term` and a weight. Returns a `wordcloud.WordCloud`, which has
    `to_file` and `to_svg`. Raises KorpusError if the font lacks a glyph or the words do not fit,
    UsageError for an unknown colour or colour map.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap
    from wordcloud import WordCloud

    check_least("--max-words", max_words, 1)
    if colormap not in (_OURS, *colormaps):
        raise UsageError(
            _("unknown colormap {name!r}").format(name=colormap),
            _("try korpus, viridis, plasma, Dark2, tab10, Blues, autumn"),
        )
    if not isinstance(terms, dict):
        terms = weights(terms, group)
    transparent = background == "transparent"
    if not transparent:
        _colour(background)
    font = Path(font) if font else default_font()
    heaviest = nsmallest(max_words, _short(terms).items(), key=lambda item: (-item[1], item[0]))
    check_glyphs(font, (term for term, _ in heaviest))
    cloud = WordCloud(
        font_path=str(font),
        width=size[0],
        height=size[1],
        max_words=max_words,
        mask=mask,
        colormap=ListedColormap(BRIGHT) if colormap == _OURS else colormap,
        background_color=None if transparent else background,
        mode="RGBA" if transparent else "RGB",
        prefer_horizontal=1.0 if horizontal else 0.9,
        random_state=seed,
    )
    try:
        return cloud.generate_from_frequencies(dict(heaviest))
    except ValueError as error:
        raise KorpusError(
            _("the words do not fit the picture ({error})").format(error=error),
            _("give a larger --size or another --mask"),
        ) from None
    except OSError as error:
        raise not_a_font(font, error) from None


def title(groups: Groups, value: str) -> str:
    """The title of a group: its column and its value."""
    return f"{column_title(groups.column)} {shown(value)}" if groups.column else value


def check_grid(number: int, size: tuple[int, int]) -> None:
    """Raises KorpusError if a grid of so many clouds of a size would be too large a picture."""
    if number > _MOST_CLOUDS:
        raise KorpusError(
            _("{number} groups are too many for one picture").format(number=number),
            _("draw one with --group VALUE, or a file each: -o 'cloud-{group}.png'"),
        )
    if number * size[0] * size[1] > _MOST_PIXELS:
        raise KorpusError(
            _("{count} clouds of {width} × {height} pixels are too large a picture").format(
                count=number, width=size[0], height=size[1]
            ),
            _("give a smaller --size, or draw a file each: -o 'cloud-{group}.png'"),
        )


def grid(clouds: dict[str, "WordCloud"]) -> "WordCloud":
    """Put the clouds of groups into one picture, under their titles, row by row.

    `clouds`: by title, all of one size.
    """
    from PIL import ImageFont
    from wordcloud import WordCloud

    first = next(iter(clouds.values()))
    height, width = (first.height, first.width) if first.mask is None else first.mask.shape[:2]
    across = math.ceil(math.sqrt(len(clouds)))
    gap, head = round(width * _GAP), round(height * _TITLE)
    wide, high = width + gap, height + head + gap
    size = max(4, int(head * 0.6))
    font = ImageFont.truetype(first.font_path, size)
    colour = "white" if _is_dark(first.background_color) else "black"
    whole = WordCloud(
        font_path=first.font_path,
        width=wide * across - gap,
        height=high * math.ceil(len(clouds) / across) - gap,
        background_color=first.background_color,
        mode=first.mode,
    )
    whole.layout_ = []
    for number, (name, cloud) in enumerate(clouds.items()):
        left, top = wide * (number % across), high * (number // across)
        while name and font.getlength(name) > width:
            name = name[:-2] + "…" if len(name) > 1 else ""
        indent = int((width - font.getlength(name)) / 2)
        place = (top + (head - size) // 2, left + indent)
        whole.layout_.append(((name, 1.0), size, place, None, colour))
        for word, points, (y, x), orientation, its_colour in cloud.layout_:
            place = (y + top + head, x + left)
            whole.layout_.append((word, points, place, orientation, its_colour))
    check_glyphs(Path(first.font_path), clouds)
    whole.words_ = {word: weight for (word, weight), *_rest in whole.layout_}
    return whole


def _short(terms: Weights) -> Weights:
    """The terms that are short enough to be read in a picture."""
    short = {term: weight for term, weight in terms.items() if len(term) <= _LONGEST}
    if len(short) < len(terms):
        logger.warning(
            _("%s of more than %d characters left out"),
            plural(len(terms) - len(short), "word"),
            _LONGEST,
        )
    if not short:
        raise KorpusError(
            _("there is nothing to draw: no term is left"),
            _("did an earlier step remove all tokens?"),
        )
    return short


def _colour(name: str) -> tuple[int, ...]:
    """A colour as numbers from 0 to 255. Raises UsageError for an unknown one."""
    from PIL import ImageColor

    try:
        return ImageColor.getrgb(name)
    except ValueError:
        raise UsageError(
            _("unknown colour {name!r}").format(name=name),
            _("give a name such as white, a code such as #f5f5f5, or transparent"),
        ) from None


def _is_dark(background: str | None) -> bool:
    return background is not None and sum(_colour(background)[:3]) < 3 * 128
