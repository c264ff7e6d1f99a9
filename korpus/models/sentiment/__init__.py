"""Feelings without labels: a lexicon, given, learned or grown, and what it finds."""

from korpus.models.sentiment.lexicon import Lexicon, read_lexicon
from korpus.models.sentiment.score import Feelings, check_sentiment, read_aspects, sentiment

__all__ = [
    "Feelings",
    "Lexicon",
    "check_sentiment",
    "read_aspects",
    "read_lexicon",
    "sentiment",
]
