"""Transformers (트랜스포머) that are trained: from scratch, further for a task, and by feedback."""

from korpus.models.tuning.finetune import check_finetune, tf_finetune
from korpus.models.tuning.tuned import Tuned

__all__ = ["Tuned", "check_finetune", "tf_finetune"]
