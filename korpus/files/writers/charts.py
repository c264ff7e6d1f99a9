"""Charts as .png, .svg, .pdf and .html, by Altair's vl-convert: no browser, no network."""

import base64
import io
import json
import logging
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from korpus.errors import UsageError
from korpus.files.atomic import STDOUT, open_output
from korpus.files.writers.chart_size import resized
from korpus.messages import _, language, listed
from korpus.pictures import FONT, default_font, missing_glyphs, open_default_font

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

CHART_SUFFIXES = (".png", ".svg", ".pdf", ".html")
_MOST_NAMED = 10  # characters in a warning
_DPI = 192  # of PNG: two dots per pixel of a screen, sharp on fine screens
_SCREEN, _POINTS = 96, 72  # dots per inch of screens, and those that vl-convert counts by
# Vega's own minus sign is missing in NanumGothic.
_NUMBERS = {
    "decimal": ".",
    "thousands": ",",
    "grouping": [3],
    "currency": ["", ""],
    "minus": "-",
}
# Entries of a PDF's dictionaries, which the library writes in another order each time.
_RESOURCES = re.compile(rb"(?: +/\w+ \d+ 0 R\n){2,}")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FONT_FACE = "@font-face{{font-family:{font};src:url(data:font/woff;base64,{data})}}"
_FIXED = "#chart svg{{width:{}px;height:{}px}}"
# The policy lets the page load nothing, and Vega then evaluates expressions without `eval`.
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data: blob:">
<title>{title}</title>
<style>{face}</style>
</head>
<body>
<div id="chart"></div>
<script>{program}</script>
<script>vegaEmbed("#chart", {chart}, {{ast: true, renderer: "svg", formatLocale: {numbers}, \
actions: {{export: true, source: false, compiled: false, editor: false}}}});</script>
</body>
</html>
"""


def write_chart(
    chart: "altair.TopLevelMixin",
    output: str,
    *,
    size: tuple[int, int] | None = None,
    dpi: int | None = None,
) -> None:
    """Write an Altair chart as .png, .svg, .pdf or .html, by the suffix; PNG to standard output.

    `size`: width and height in pixels of a screen, 96 per inch (default: what the chart needs).
    `dpi`: dots per inch of PNG. The font is embedded in all formats. The same chart gives the same
    bytes, as long as the font has all its characters; a warning names those that it lacks.
    Raises UsageError for another suffix, KorpusError if it cannot be written.
    """
    import vl_convert

    check_chart(output)
    suffix = ".png" if output == STDOUT else Path(output).suffix.lower()
    # Charts of korpus are valid, and to validate one takes longer than to draw it.
    spec, scale = _drawable(chart.to_dict(validate=False)), 1.0
    chart_json = _json(spec)
    lacking = missing_glyphs(chart_json)
    if lacking:
        logger.warning(
            _("the font of the picture lacks these characters: %s"), listed(lacking, _MOST_NAMED)
        )
    vl_convert.register_font_directory(str(default_font().parent))
    if size:
        spec, scale = resized(spec, size)
        chart_json = _json(spec)
    if suffix == ".png":
        picture = vl_convert.vegalite_to_png(
            chart_json,
            scale=scale * _POINTS / _SCREEN,
            ppi=dpi or _DPI,
            format_locale=_NUMBERS,
            allowed_base_urls=[],
        )
    elif suffix in (".pdf", ".svg"):
        svg = _renumbered(
            vl_convert.vegalite_to_svg(chart_json, format_locale=_NUMBERS, allowed_base_urls=[])
        )
        svg = _sized(svg, size) if size else svg
        if suffix == ".pdf":
            picture = to_pdf(svg, default_font().parent)
        else:
            start, end, rest = svg.partition(">")
            picture = f"{start}{end}<style>{_font_face(svg)}</style>{rest}".encode()
    else:
        picture = _page(chart_json, size).encode()
    with open_output(output) as stream:
        stream.write(picture)


def to_pdf(svg: str, fonts: Path) -> bytes:
    """An SVG as PDF. The same one gives the same bytes. `fonts`: the folder of its fonts."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts))
    return _RESOURCES.sub(_in_order, vl_convert.svg_to_pdf(svg))


def check_chart(output: str) -> None:
    """Raises UsageError if the suffix of a path is not one of a chart."""
    if output != STDOUT and Path(output).suffix.lower() not in CHART_SUFFIXES:
        raise UsageError(
            _("{name}: a chart is .png, .svg, .pdf or .html").format(name=output),
            _("such as: chart.png"),
        )


def _drawable(value: Any) -> Any:
    """A chart without what XML, and so SVG, cannot have: vl-convert ends the process at it."""
    if isinstance(value, str):
        return _NOT_XML.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_drawable(name): _drawable(item) for name, item in value.items()}
    return [_drawable(item) for item in value] if isinstance(value, list) else value


def _json(spec: dict[str, Any]) -> str:
    """A chart as JSON, in composed form: the font has syllables and no parts of them."""
    return normalize("NFC", json.dumps(spec, ensure_ascii=False))


def _in_order(found: re.Match[bytes]) -> bytes:
    return b"".join(sorted(found[0].splitlines(keepends=True)))


def _renumbered(svg: str) -> str:
    """The SVG with gradients and clips numbered from 0: Vega goes on where the last chart ended."""
    for start, element in (("gradient_", "linearGradient"), ("clip", "clipPath")):
        numbers = [int(n) for n in re.findall(rf'<{element} id="{start}(\d+)"', svg)]
        first = min(numbers, default=0)
        names = rf'(<{element} id="|="url\(#){start}(\d+)(?=\)?")'
        svg = re.sub(names, partial(_name, start, first), svg) if first else svg
    return svg


def _name(start: str, first: int, found: re.Match[str]) -> str:
    return f"{found[1]}{start}{int(found[2]) - first}"


def _sized(svg: str, size: tuple[int, int]) -> str:
    """The SVG with another width and height, to which its content is drawn."""
    sides = f'width="{size[0]}" height="{size[1]}"'
    return re.sub(r'width="[\d.]+" height="[\d.]+"', sides, svg, count=1)


def _page(chart_json: str, size: tuple[int, int] | None) -> str:
    """An interactive page that holds all it needs."""
    import vl_convert

    title = _("Chart by korpus")
    safe = chart_json.replace("<", "\\u003c")  # a term may be "</script>"
    return _PAGE.format(
        language=language(),
        title=title,
        face=_font_face(chart_json) + (_FIXED.format(*size) if size else ""),
        program=vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"),
        chart=safe,
        numbers=json.dumps(_NUMBERS),
    )


def _font_face(text: str) -> str:
    """A CSS rule with the font, cut down to the characters of a text."""
    from fontTools.subset import Options, Subsetter

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it lists what it leaves out
    printable = "".join(map(chr, range(32, 127)))  # of numbers that a page shows on the way
    font = open_default_font()
    subsetter = Subsetter(Options(notdef_outline=True))
    subsetter.populate(text=printable + text)
    subsetter.subset(font)
    font.flavor = "woff"
    packed = io.BytesIO()
    font.save(packed)
    return _FONT_FACE.format(font=FONT, data=base64.b64encode(packed.getvalue()).decode())
