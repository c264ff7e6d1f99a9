"""Which language model a name or a model stands for."""

from korpus.errors import UsageError
from korpus.files.model_files import Model
from korpus.messages import _
from korpus.models.lm.kiwi_model import KiwiModel
from korpus.models.lm.language_model import LanguageModel

KIWI = "kiwi"


def language_model(model: "Model | LanguageModel | str") -> LanguageModel:
    """The language model itself, or that of Kiwi for its name.

    Raises UsageError for a model of another kind.
    """
    if isinstance(model, str) and model == KIWI:
        return KiwiModel()
    if isinstance(model, LanguageModel):
        return model
    kind = model.kind if isinstance(model, Model) else type(model).__name__
    raise UsageError(
        _("{kind} models are not language models").format(kind=kind),
        _("train one: korpus lm train tokens.jsonl -m lm.safetensors"),
    )
