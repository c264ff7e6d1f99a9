"""The stage topics: a fitted topic model → tables of its topics."""

from korpus.files.model_files import Model
from korpus.records import Table


def topics(
    model: Model, *, top: int = 10, relevance: float | None = None, examples: int = 3
) -> Table:
    """Describe the topics of a model: share, first terms and most typical documents.

    `top`, `relevance`: see `topic_terms`. `examples`: number of document ids, those with the
    largest weight of the topic, the longer document first among ties.
    Columns out: `topic`, `share` (lsa: `variance`), `terms` and `examples`, both joined by spaces;
    white space inside a term or id becomes `_`. Terms of lsa with a negative weight have a minus
    sign before them; its examples are those with positive weight.
    Raises UsageError for a model without topics or an option out of range.
    """
    return model.topics(top=top, relevance=relevance, examples=examples)


def topic_terms(model: Model, *, top: int | None = 10, relevance: float | None = None) -> Table:
    """The first terms of each topic of a model, one row per topic and term.

    `top`: terms per topic, None for all with a weight other than 0. `relevance`: λ of Sievert &
    Shirley (2014, LDAvis): terms are ranked by λ log P(t|z) + (1 − λ) log (P(t|z) / P(t)), with
    P(t) of the model; None or 1 ranks by weight.
    Columns out: `topic`, `rank`, `term`, `weight`, `share` of the topic (lsa: `variance`).
    Raises UsageError for a model without topics, or if λ is not from 0 to 1 or the model is lsa.
    """
    return model.topic_terms(top=top, relevance=relevance)
