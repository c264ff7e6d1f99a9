"""Transformers (트랜스포머): pre-trained models of the library transformers, an extra."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.tf.answer import tf_answer
    from korpus.models.tf.attention import Attention, tf_attention
    from korpus.models.tf.classify import HYPOTHESIS, tf_classify
    from korpus.models.tf.embed import collected, document_rows, tf_embed
    from korpus.models.tf.fill import MASK, tf_fill
    from korpus.models.tf.generate import tf_generate
    from korpus.models.tf.generating import continuation
    from korpus.models.tf.loading import (
        ANSWER,
        BASE,
        CLASSIFY,
        CPU,
        DEVICES,
        FILL,
        GENERATE,
        REWRITE,
        TAG,
        Loaded,
        load_transformer,
        opened,
        out_of_memory,
        quiet_library,
        seed_everything,
    )
    from korpus.models.tf.rewrite import tf_summarize, tf_translate
    from korpus.models.tf.tag import tf_tag
    from korpus.models.tf.texts import BATCH, log_model, log_texts
else:
    load_when_used(__name__)

__all__ = [
    "ANSWER",
    "BASE",
    "BATCH",
    "CLASSIFY",
    "CPU",
    "DEVICES",
    "FILL",
    "GENERATE",
    "HYPOTHESIS",
    "MASK",
    "REWRITE",
    "TAG",
    "Attention",
    "Loaded",
    "collected",
    "continuation",
    "document_rows",
    "load_transformer",
    "log_model",
    "log_texts",
    "opened",
    "out_of_memory",
    "quiet_library",
    "seed_everything",
    "tf_answer",
    "tf_attention",
    "tf_classify",
    "tf_embed",
    "tf_fill",
    "tf_generate",
    "tf_summarize",
    "tf_tag",
    "tf_translate",
]
