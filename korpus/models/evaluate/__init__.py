"""Generated texts and labels beside those of people: BLEU, chrF, ROUGE, error rates, F1, κ."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.evaluate.effects import check_effects
    from korpus.models.evaluate.evaluate import Scores, check_evaluate, evaluate, paired
    from korpus.models.evaluate.texts import TEXT_MEASURES
else:
    load_when_used(__name__)

__all__ = ["TEXT_MEASURES", "Scores", "check_effects", "check_evaluate", "evaluate", "paired"]
