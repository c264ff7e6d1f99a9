"""The table of plans: how stages that count run on a cluster. To add one: its file, and a line."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from korpus.errors import UsageError
from korpus.messages import _

# By the name of the stage, which is decorated with `elsewhere`: `module:function` here. It takes
# the Documents, and the options of the stage as keywords, and returns what the stage returns.
PLANS: dict[str, str] = {
    "parts": "work:parts",
    "cooccurrences": "cooccurrences:cooccurrences",
    "tfidf": "tfidf:tfidf",
    "infer": "infer:infer",
    "lda": "lda:lda",
    "lsa": "lsa:lsa",
    "word2vec": "word2vec:word2vec",
    "dedupe": "dedupe:dedupe",
    "group_counts": "group_counts:group_counts",
    "ngram_table": "ngrams:ngram_table",
}
FITTED = ("lda", "lsa", "word2vec")  # by MLlib


def plan(stage: str) -> Callable[..., Any]:
    """The plan of a stage. Raises UsageError for a stage without a plan."""
    if stage not in PLANS:
        raise UsageError(
            _("{stage} cannot run on a cluster").format(stage=stage),
            _("leave --on out: it runs on this machine"),
        )
    module, _colon, name = PLANS[stage].partition(":")
    found: Callable[..., Any] = getattr(import_module(f"korpus.spark.{module}"), name)
    return found
