"""The stage lm_generate: texts that a language model makes up."""

from functools import partial
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.lm.choose import KIWI, language_model
from korpus.models.lm.language_model import LanguageModel
from korpus.records import Records

if TYPE_CHECKING:
    from korpus.files.model_files import Model


def lm_generate(
    text: str = "",
    model: "Model | LanguageModel | str" = KIWI,
    *,
    count: int = 1,
    max_length: int = 50,
    temperature: float = 1.0,
    top_k: int = 50,
    seed: int = 0,
) -> Records:
    """Make sentences up: each unit is drawn by its probability after the others.

    `text`: how they begin. `model`: see `lm_score`. `count`: sentences. `max_length`: units after
    `text`. `temperature`: below 1 the likeliest units are drawn more often, above 1 less.
    `top_k`: draw only from the likeliest units; 0: from all. Unknown units are never drawn.
    Columns out: `id`, `text`.
    Raises UsageError for wrong options.
    """
    check_least("--count", count, 1)
    check_least("--max-length", max_length, 1)
    check_least("--top-k", top_k, 0)
    if not 0 < temperature < float("inf"):
        raise UsageError(
            _("--temperature must be above 0"),
            _("such as: {example}").format(example="--temperature 0.8"),
        )
    found = language_model(model)
    chosen = (count, max_length, temperature, top_k or None, seed)
    return Records(partial(found.sampled, text, *chosen), again=True)
