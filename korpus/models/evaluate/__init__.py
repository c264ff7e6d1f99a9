"""Generated texts and labels beside those of people: BLEU, chrF, ROUGE, error rates, F1, κ."""

from korpus.models.evaluate.evaluate import Scores, check_evaluate, evaluate, paired
from korpus.models.evaluate.texts import OF_TOKENS, TEXT_MEASURES

__all__ = ["OF_TOKENS", "TEXT_MEASURES", "Scores", "check_evaluate", "evaluate", "paired"]
