"""Classes of documents: tokens and characters → a linear model → classes and their reasons."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.classify.explain import Explanation, classify_explain, explanations
    from korpus.models.classify.predict import (
        Evaluation,
        classifier,
        classify_evaluate,
        classify_predict,
        least_sure,
    )
    from korpus.models.classify.train import Training, check_train, classify_train
else:
    load_when_used(__name__)

__all__ = [
    "Evaluation",
    "Explanation",
    "Training",
    "check_train",
    "classifier",
    "classify_evaluate",
    "classify_explain",
    "classify_predict",
    "classify_train",
    "explanations",
    "least_sure",
]
