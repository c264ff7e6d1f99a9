"""Columns of the documents that a topic model was fitted on: kept in it, or read again."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable

from korpus.documents.kept import Columns, Keeper
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _, listed, plural
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record, as_tokens

logger = logging.getLogger("korpus")

_NAMED = 3  # ids in a message


def with_topics(model: Model) -> TopicModel:
    """A model of topics. Raises UsageError for one of another kind."""
    if not isinstance(model, TopicModel):
        raise UsageError(
            _("{kind} models have no topics").format(kind=model.kind),
            _("fit one that has: korpus lda -m lda.safetensors"),
        )
    return model


def cells_of(
    model: TopicModel,
    documents: Iterable[Record] | None,
    names: Iterable[str],
    visit: Callable[[int, Record], object] | None = None,
) -> Columns:
    """Some columns of the fitted documents, in their order.

    `documents`: the documents again, found by their ids; None takes what the model keeps. Of ids
    that occur more than once, the first is the first. A document that is not among them has no
    values. Those, and documents that the model has not seen, are logged. `visit`: called with the
    row of each that is given, and the document.
    Raises UsageError for a column that is not kept, KorpusError if no document is the model's.
    """
    wanted = list(dict.fromkeys(names))
    if documents is None:
        kept: Columns = {"id": list(model.ids), **model.kept}
        for name in wanted:
            if name not in kept:
                raise UsageError(
                    _("the model has kept no column {name!r}").format(name=name),
                    _("give the documents again, or fit it with --keep {name}; it has kept: {kept}")
                    .format(name=name, kept=listed(model.kept, 10) or _("none")),
                )  # fmt: skip
        return {name: kept[name] for name in wanted}
    rows: dict[tuple[str, int], int] = {}
    seen: Counter[str] = Counter()
    for row, document_id in enumerate(model.ids):
        rows[document_id, seen[document_id]] = row
        seen[document_id] += 1
    repeated = sum(count > 1 for count in seen.values())
    keeper = Keeper(wanted)
    matched: list[int] = []
    unknown: list[str] = []
    seen = Counter()
    for record in as_tokens(documents):
        document_id = str(record["id"])
        place = rows.get((document_id, seen[document_id]))
        seen[document_id] += 1
        if place is None:
            unknown.append(document_id)
            continue
        matched.append(place)
        keeper.add(record)
        if visit:
            visit(place, record)
    if not matched and not unknown:
        raise KorpusError(
            _("no documents were given again"), _("give the documents that the model was fitted on")
        )
    if not matched:
        raise KorpusError(
            _("none of {count} given is in the model: its ids are {ids}").format(
                count=plural(len(unknown), "document"), ids=listed(model.ids, _NAMED)
            ),
            _("give the documents that it was fitted on, with the same ids (--id-column)"),
        )
    if repeated:
        logger.warning(_("%s more than once: matched in their order"), plural(repeated, "id"))
    if unknown:
        logger.info(
            _("%s that the model has not seen left out: %s"),
            plural(len(unknown), "document"),
            listed(unknown, _NAMED),
        )
    if missing := len(model.ids) - len(matched):
        logger.info(
            _("%s of the model not among those given: left out"), plural(missing, "document")
        )
    found: Columns = {"id": list(model.ids)}
    for name, cells in keeper.columns.items():
        found[name] = [None] * len(model.ids)
        for place, cell in zip(matched, cells, strict=True):
            found[name][place] = cell
    return found
