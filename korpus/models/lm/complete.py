"""The stage lm_complete: what a language model expects after a text."""

from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.models.lm.choose import KIWI, language_model
from korpus.models.lm.language_model import LanguageModel
from korpus.records import Row, Table

if TYPE_CHECKING:
    from korpus.files.model_files import Model

COLUMNS = ["rank", "token", "tag", "probability"]


def lm_complete(text: str, model: "Model | LanguageModel | str" = KIWI, *, top: int = 10) -> Table:
    """What may follow a text, the likeliest first.

    `text`: the beginning of a sentence; a model of morphemes analyses it as its documents were.
    `model`: see `lm_score`. `top`: units to show.
    Columns out: `rank`, `token`, `tag`, `probability`. `</s>` is the end of the sentence, `<unk>`
    any unit that the model does not know. Ties are in the order of the model.
    """
    check_least("--top", top, 1)
    import numpy

    found = language_model(model).following(text)
    best = numpy.argsort(-found.probabilities, kind="stable")[:top].tolist()
    rows: list[Row] = [
        (rank, found.tokens[unit], found.tags[unit], float(found.probabilities[unit]))
        for rank, unit in enumerate(best, start=1)
    ]
    return Table(COLUMNS, lambda: rows)
