"""Rows and models → pictures."""

from korpus.views.fonts import check_glyphs, default_font
from korpus.views.wordcloud import weights, wordcloud

__all__ = ["check_glyphs", "default_font", "weights", "wordcloud"]
