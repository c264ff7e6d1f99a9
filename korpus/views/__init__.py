"""Rows and models → pictures."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.pictures import default_font
    from korpus.views.fonts import check_glyphs
    from korpus.views.plot_attention import ATTENTION_CHARTS, plot_attention
    from korpus.views.plot_bars import (
        plot_evenness,
        plot_freq,
        plot_keywords,
        plot_tfidf,
        plot_topic_words,
    )
    from korpus.views.plot_blocks import plot_blocks
    from korpus.views.plot_classes import plot_quality, plot_telling
    from korpus.views.plot_clusters import plot_clusters
    from korpus.views.plot_collocations import plot_collocations
    from korpus.views.plot_correspondence import plot_correspondence
    from korpus.views.plot_crosstab import plot_crosstab
    from korpus.views.plot_dispersion import plot_dispersion
    from korpus.views.plot_dtm import plot_dtm
    from korpus.views.plot_effects import plot_effects
    from korpus.views.plot_k import plot_k
    from korpus.views.plot_keyness import plot_keyness
    from korpus.views.plot_measures import plot_agree, plot_lexical, plot_reliability
    from korpus.views.plot_network import plot_network
    from korpus.views.plot_pairs import plot_pairs
    from korpus.views.plot_priors import plot_priors
    from korpus.views.plot_sentiment import plot_sentiment
    from korpus.views.plot_similar import plot_similar
    from korpus.views.plot_topic_map import plot_topic_map, plot_topic_matches
    from korpus.views.plot_topic_trend import plot_topic_trend
    from korpus.views.plot_training import plot_alignment, plot_training
    from korpus.views.plot_tree import MOST_SENTENCES, plot_tree
    from korpus.views.plot_trend import plot_trend
    from korpus.views.style import titled
    from korpus.views.weights import Groups, group_weights, weights
    from korpus.views.wordcloud import check_grid, grid, title, wordcloud
else:
    load_when_used(__name__)

__all__ = [
    "ATTENTION_CHARTS",
    "MOST_SENTENCES",
    "Groups",
    "check_glyphs",
    "check_grid",
    "default_font",
    "grid",
    "group_weights",
    "plot_agree",
    "plot_alignment",
    "plot_attention",
    "plot_blocks",
    "plot_clusters",
    "plot_collocations",
    "plot_correspondence",
    "plot_crosstab",
    "plot_dispersion",
    "plot_dtm",
    "plot_effects",
    "plot_evenness",
    "plot_freq",
    "plot_k",
    "plot_keyness",
    "plot_keywords",
    "plot_lexical",
    "plot_network",
    "plot_pairs",
    "plot_priors",
    "plot_quality",
    "plot_reliability",
    "plot_sentiment",
    "plot_similar",
    "plot_telling",
    "plot_tfidf",
    "plot_topic_map",
    "plot_topic_matches",
    "plot_topic_trend",
    "plot_topic_words",
    "plot_training",
    "plot_tree",
    "plot_trend",
    "title",
    "titled",
    "weights",
    "wordcloud",
]
