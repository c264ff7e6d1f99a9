"""Marks of HTML in text that is not a web page."""

import html
import re

BREAK = re.compile(r"<br\b[^<>]{0,50}>", re.IGNORECASE)


def unescaped(text: str) -> str:
    """Text with characters for its entities; spaces that do not break are usual ones."""
    return html.unescape(text).replace("\xa0", " ")
