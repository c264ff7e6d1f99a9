"""Generated texts and labels beside those of people: BLEU, chrF, ROUGE, error rates, F1, κ."""

from korpus.models.evaluate.effects import check_effects
from korpus.models.evaluate.evaluate import Scores, check_evaluate, evaluate, paired
from korpus.models.evaluate.texts import TEXT_MEASURES

__all__ = ["TEXT_MEASURES", "Scores", "check_effects", "check_evaluate", "evaluate", "paired"]
