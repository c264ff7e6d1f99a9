"""Language models (언어 모델): how likely a text is, and what comes next."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.lm.arpa import as_arpa, from_arpa
    from korpus.models.lm.choose import KIWI, language_model
    from korpus.models.lm.complete import lm_complete
    from korpus.models.lm.correct import lm_correct
    from korpus.models.lm.generate import lm_generate
    from korpus.models.lm.kiwi_model import KiwiModel
    from korpus.models.lm.language_model import LanguageModel
    from korpus.models.lm.ngram_model import NgramModel
    from korpus.models.lm.score import lm_perplexity, lm_score
    from korpus.models.lm.sequences import MORPHEME, UNITS, sequence_parts
    from korpus.models.lm.train import check_train, lm_train
else:
    load_when_used(__name__)

__all__ = [
    "KIWI",
    "MORPHEME",
    "UNITS",
    "KiwiModel",
    "LanguageModel",
    "NgramModel",
    "as_arpa",
    "check_train",
    "from_arpa",
    "language_model",
    "lm_complete",
    "lm_correct",
    "lm_generate",
    "lm_perplexity",
    "lm_score",
    "lm_train",
    "sequence_parts",
]
