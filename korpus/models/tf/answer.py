"""The stage tf_answer: where a text answers a question (질의응답)."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.checks import check_least
from korpus.documents.texts import Rejects
from korpus.errors import UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.encoder import padded
from korpus.models.tf.loading import (
    ANSWER,
    CPU,
    Loaded,
    check_batch_size,
    load_transformer,
    opened,
)
from korpus.models.tf.texts import OVERLAP, WINDOWS, Apply, by_length, over_texts
from korpus.records import Counts, DocumentSource, Record, Records

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_COLUMNS = ("question", "answer", "start", "end", "score")
_NAMES = ("question", "query", "질문")


class Span(NamedTuple):
    """A span of a text that may be the answer."""

    score: float
    start: int
    end: int


def tf_answer(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    question: str | None = None,
    max_answer: int = 15,
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Find the span of each text that answers a question (질의응답). Streams, in batches.

    `question`: for all texts; by default that of each document, in its column `question`, `query`
    (as `search` gives) or `질문`. `max_answer`: the most pieces of an answer. `model`, `revision`,
    `download`, `device`, `batch_size`: see `tf_embed`. Longer texts are read in windows that
    overlap by a quarter. The score of a span is the probability of its start times that of its end,
    among the pieces of the text in its window and the first piece of the window, by which models
    tell that the answer is not there; the answer is the span with the highest score.

    Columns in: `id`, `text`, that of the question. Out: all columns, `question`, `answer`, `start`,
    `end` (in characters of `text`), `score`, `model`; null for a text without pieces. Raises
    UsageError for wrong options, KorpusError for a model that is not there or of another kind.
    """
    check_batch_size(batch_size)
    check_least("--max-answer", max_answer, 1)
    if question is not None and not question.strip():
        raise UsageError(
            _("--question is empty"), _("such as: {example}").format(example="'배송은 어떤가?'")
        )
    found = opened(model, revision=revision, download=download, device=device, task=ANSWER)
    return over_texts(
        documents,
        column,
        partial(_load, found, question, max_answer, device, batch_size),
        # The question of a document is what the new column holds, too.
        _COLUMNS if question is not None else _COLUMNS[1:],
        found.label,
        counts=counts,
        rejects=rejects,
    )


def _load(source: Pretrained, question: str | None, most: int, device: str, size: int) -> Apply:
    loaded = load_transformer(source, ANSWER, device)

    def apply(records: list[Record], counts: Counts) -> Sequence[Record | str]:
        asked = [question if question is not None else _question(record) for record in records]
        rows: list[dict[str, Any]] = []
        owners: list[int] = []
        reasons: dict[int, str] = {}
        for number, (record, its_question) in enumerate(zip(records, asked, strict=True)):
            if its_question is None:
                reasons[number] = _(
                    "there is no question: neither --question nor a column question or query"
                )
            elif record["text"].strip():
                windows = _windows(loaded, its_question, record["text"])
                if windows is None:
                    reasons[number] = _("the question is longer than the model takes")
                    continue
                rows += windows
                owners += [number] * len(windows)
                counts[WINDOWS] += len(windows) > 1
        spans = by_length(
            rows, lambda row: len(row["input_ids"]), size, partial(_spans, loaded, most)
        )
        best: dict[int, Span] = {}
        for number, span in zip(owners, spans, strict=True):
            if span and (number not in best or span.score > best[number].score):
                best[number] = span
        return [
            reasons[number]
            if number in reasons
            else _row(record["text"], asked[number], best.get(number))
            for number, record in enumerate(records)
        ]

    return apply


def _row(text: str, question: str | None, span: Span | None) -> Record:
    if span is None:
        return {"question": question, "answer": None, "start": None, "end": None, "score": None}
    return {
        "question": question,
        "answer": text[span.start : span.end],
        "start": span.start,
        "end": span.end,
        "score": span.score,
    }


def _question(record: Record) -> str | None:
    """The question of a document; None without one."""
    for name in _NAMES:
        if isinstance(value := record.get(name), str) and value.strip():
            return value
    return None


def _windows(loaded: Loaded, question: str, text: str) -> list[dict[str, Any]] | None:
    """A question with each window of a text; None if there is no room for a text."""
    tokenizer = loaded.tokenizer
    taken = len(tokenizer(question, add_special_tokens=False)["input_ids"])
    room = loaded.longest - taken - tokenizer.num_special_tokens_to_add(pair=True)
    if room < OVERLAP:
        return None
    found = tokenizer(
        question,
        text,
        truncation="only_second",
        max_length=loaded.longest,
        stride=room // OVERLAP,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    names = [name for name in found if name != "overflow_to_sample_mapping"]
    windows = []
    for number in range(len(found["input_ids"])):
        window = {name: found[name][number] for name in names}
        window["is_text"] = [place == 1 for place in found.sequence_ids(number)]
        window["is_none"] = [piece == tokenizer.cls_token_id for piece in window["input_ids"]]
        windows.append(window)
    return windows


def _spans(loaded: Loaded, most: int, rows: list[dict[str, Any]]) -> list[Span | None]:
    import torch

    inputs = padded(loaded, rows)
    with torch.inference_mode():
        found = loaded.model(**inputs)
    starts, ends = (
        logits.float().cpu().numpy() for logits in (found.start_logits, found.end_logits)
    )
    return [
        _best(row, start[: len(row["input_ids"])], end[: len(row["input_ids"])], most)
        for row, start, end in zip(rows, starts, ends, strict=True)
    ]


def _best(row: dict[str, Any], starts: "Array", ends: "Array", most: int) -> Span | None:
    """The likeliest span of a window; the first among equals."""
    import numpy
    from scipy.special import softmax

    inside = numpy.flatnonzero(row["is_text"])
    if not len(inside):
        return None
    # Pieces that say "no answer" take part in the sum and come last, where no span is.
    some = numpy.concatenate([inside, numpy.flatnonzero(row["is_none"])])
    first, last = (softmax(one[some].astype(float))[: len(inside)] for one in (starts, ends))
    chances = numpy.triu(first[:, None] * last[None, :])
    chances = numpy.tril(chances, most - 1)
    start, end = divmod(int(chances.argmax()), len(inside))
    places = row["offset_mapping"]
    return Span(float(chances[start, end]), places[inside[start]][0], places[inside[end]][1])
