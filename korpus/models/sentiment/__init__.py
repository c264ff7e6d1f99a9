"""Feelings without labels: a lexicon, given, learned or grown, and what it finds."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.sentiment.lexicon import Lexicon, read_lexicon
    from korpus.models.sentiment.score import Feelings, check_sentiment, read_aspects, sentiment
else:
    load_when_used(__name__)

__all__ = [
    "Feelings",
    "Lexicon",
    "check_sentiment",
    "read_aspects",
    "read_lexicon",
    "sentiment",
]
