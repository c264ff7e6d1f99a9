"""What the stages that write texts share: prompts of documents in, a new column out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from korpus.documents.texts import Rejects
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.generating import Choice, written
from korpus.models.tf.loading import (
    GENERATE,
    Loaded,
    check_batch_size,
    load_transformer,
    opened,
)
from korpus.models.tf.texts import CUT, CUT_STARTS, Apply, over_texts
from korpus.records import Counts, DocumentSource, Record, Records


@dataclass(frozen=True)
class Prepared:
    """What a stage writes with. `prompt`: of a document. `more`: options of `written`."""

    loaded: Loaded
    prompt: Callable[[Record], str]
    more: dict[str, Any]


def writing_stage(
    documents: DocumentSource,
    column: str | None,
    model: str | Pretrained,
    revision: str | None,
    download: bool,
    task: str,
    device: str,
    batch_size: int,
    choice: Choice,
    new: str,
    prepared: Callable[[Loaded], Prepared],
    fields: Sequence[str],
    counts: Counts | None,
    rejects: Rejects | None,
) -> Records:
    """A stage that adds the column `new`. `prepared`: gives what makes prompts and more options."""
    check_batch_size(batch_size)
    choice.check()
    found = opened(model, revision=revision, download=download, device=device, task=task)

    def load() -> Apply:
        ready = prepared(load_transformer(found, task, device))

        def apply(records: list[Record], own: Counts) -> Sequence[Record | str]:
            missing = [_missing(record, fields) for record in records]
            good = [n for n, name in enumerate(missing) if not name and _says(records[n], fields)]
            texts, cut = written(
                ready.loaded,
                [ready.prompt(records[number]) for number in good],
                choice,
                batch_size,
                is_causal=task == GENERATE,
                **ready.more,
            )
            own[CUT_STARTS if task == GENERATE else CUT] += cut
            results: list[Record | str] = [
                _("it has no column {column!r}").format(column=name) if name else {new: ""}
                for name in missing
            ]
            for number, text in zip(good, texts, strict=True):
                results[number] = {new: text}
            return results

        return apply

    return over_texts(documents, column, load, (new,), found.label, counts=counts, rejects=rejects)


def _says(record: Record, fields: Sequence[str]) -> bool:
    """Whether a document has anything but blanks in the columns that make its prompt."""
    return any(str(record[name]).strip() for name in fields)


def _missing(record: Record, fields: Sequence[str]) -> str | None:
    """The first column of a template that a document lacks."""
    return next((name for name in fields if record.get(name) is None), None)
