"""Classes of documents: tokens and characters → a linear model → classes and their reasons."""

from korpus.models.classify.predict import Evaluation, classify_evaluate, classify_predict
from korpus.models.classify.train import Training, check_train, classify_train

__all__ = [
    "Evaluation",
    "Training",
    "check_train",
    "classify_evaluate",
    "classify_predict",
    "classify_train",
]
