"""Transformers (트랜스포머): pre-trained models of the library transformers, an extra."""

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

__all__ = [
    "ANSWER",
    "BASE",
    "CLASSIFY",
    "CPU",
    "DEVICES",
    "FILL",
    "GENERATE",
    "REWRITE",
    "TAG",
    "Loaded",
    "load_transformer",
    "opened",
    "out_of_memory",
    "quiet_library",
    "seed_everything",
]
