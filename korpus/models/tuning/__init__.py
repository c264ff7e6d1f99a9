"""Transformers (트랜스포머) that are trained: from scratch, further for a task, and by feedback."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.tuning.align import check_align, tf_align
    from korpus.models.tuning.finetune import check_finetune, tf_finetune
    from korpus.models.tuning.pretrain import check_pretrain, tf_pretrain
    from korpus.models.tuning.tuned import Tuned
else:
    load_when_used(__name__)

__all__ = [
    "Tuned",
    "check_align",
    "check_finetune",
    "check_pretrain",
    "tf_align",
    "tf_finetune",
    "tf_pretrain",
]
