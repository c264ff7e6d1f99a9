"""Rows and models → pictures."""

from korpus.views.fonts import check_glyphs, default_font
from korpus.views.plot_k import plot_k
from korpus.views.wordcloud import weights, wordcloud

__all__ = ["check_glyphs", "default_font", "plot_k", "weights", "wordcloud"]
