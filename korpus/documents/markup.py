"""HTML in text: its tags, comments and character references (&quot;)."""

import re
from html import unescape

_BLOCKS = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figcaption|figure|"
    "footer|form|h1|h2|h3|h4|h5|h6|head|header|hr|html|li|main|nav|ol|option|p|pre|section|"
    "select|table|tbody|textarea|tfoot|thead|title|tr|ul"
)
_CELLS = "td|th"
_INLINE = (
    "abbr|acronym|area|audio|b|base|bdi|bdo|big|button|canvas|caption|cite|code|col|colgroup|"
    "data|datalist|del|details|dfn|dialog|em|embed|font|frame|frameset|i|iframe|img|input|ins|"
    "kbd|label|legend|link|map|mark|meta|noscript|object|optgroup|param|picture|q|rp|rt|ruby|"
    "s|samp|script|small|source|span|strike|strong|style|sub|summary|sup|svg|template|time|tt|"
    "u|var|video|wbr"
)
_REPLACEMENTS = dict.fromkeys(_BLOCKS.split("|"), "\n") | dict.fromkeys(_CELLS.split("|"), " ")
_VALUE = "\"[^\"]*\"|'[^']*'|[^\\s\"'<>]*"
_FLAGS = "checked|disabled|selected|nowrap|noshade|hidden|async|defer|controls|autoplay|muted|loop"
# Only names of HTML: <기생충> is a film. <a> without an attribute is no link, so it is text.
_TAG = re.compile(
    rf"</?(?P<name>{_BLOCKS}|{_CELLS}|{_INLINE}|a(?=\s+\w+\s*=)|(?<=/)a|o:p)"
    rf"(?:\s+(?:[\w:@.-]+\s*=\s*(?:{_VALUE})|(?:{_FLAGS})(?=[\s/>])))*+\s*/?>",
    re.IGNORECASE,
)
_HIDDEN = (
    (re.compile("<!--"), re.compile("-->")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<!doctype\b", re.I), re.compile(">")),
    (re.compile(r"<\?xml\b", re.I), re.compile(">")),
    (re.compile(r"<script\b[^<>]*>", re.I), re.compile(r"</script\s*>", re.I)),
    (re.compile(r"<style\b[^<>]*>", re.I), re.compile(r"</style\s*>", re.I)),
)
# A lone <I> is a film, and a<b>c a comparison: they are tags only with their partner.
_PAIRED = set(_INLINE.split("|")) - {
    *("area", "base", "col", "embed", "img", "input", "link", "meta", "wbr"),
}
_CLOSING = re.compile(r"</(\w+)\s*>")
# An emoji as two references, as Java and old databases write it; or one reference.
_REFERENCE = re.compile(
    r"&#(5[5-6]\d{3});&#(5[67]\d{3});|&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|[A-Za-z][A-Za-z\d]{1,31});"
)
_CDATA = _HIDDEN[1][0]


def without_references(text: str) -> tuple[str, int]:
    """Decode character references (&lt; &#44032;), and how many there were.

    Those without a semicolon stay, as in ?a=1&copy=2.
    """
    number = 0

    def decoded(found: re.Match[str]) -> str:
        nonlocal number
        char = _pair(found[1], found[2]) if found[1] else unescape(found[0])
        number += char != found[0]
        return char

    return _REFERENCE.sub(decoded, text), number


def without_tags(text: str) -> tuple[str, int]:
    """Remove tags of HTML, comments, scripts and styles, and how many there were.

    A paragraph, a row and a <br> become a line end, a cell a space. An inline tag without
    attributes and without a closing tag is text, and stays.
    """
    number = 0
    for opening, closing in _HIDDEN:
        text, more = _without(text, opening, closing, keeps=opening is _CDATA)
        number += more
    closed = {name.lower() for name in _CLOSING.findall(text)}

    def replacement(found: re.Match[str]) -> str:
        nonlocal number
        name = found["name"].lower()
        if name in _PAIRED and name not in closed and len(found[0]) == len(name) + 2:
            return found[0]
        number += 1
        return _REPLACEMENTS.get(name, "")

    return _TAG.sub(replacement, text), number


def _without(
    text: str, opening: re.Pattern[str], closing: re.Pattern[str], *, keeps: bool
) -> tuple[str, int]:
    """Text without what is between two marks; `keeps`: only the marks go. Takes linear time."""
    pieces, at, number = [], 0, 0
    while found := opening.search(text, at):
        end = closing.search(text, found.end())
        if end is None:
            break
        pieces.append(text[at : found.start()])
        if keeps:
            pieces.append(text[found.end() : end.start()])
        at = end.end()
        number += 1
    return ("".join([*pieces, text[at:]]), number) if number else (text, 0)


def _pair(first: str, second: str) -> str:
    units = int(first).to_bytes(2, "big") + int(second).to_bytes(2, "big")
    return units.decode("utf-16-be", "replace")
