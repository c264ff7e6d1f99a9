"""Answers: the best span, found here by trying all of them."""

import numpy
import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from korpus.analyzers import morph
from korpus.models import index, search
from korpus.models.tf import tf_answer
from tests.transformers import tiny
from tests.transformers.stages import Tiny

QUESTION = "국물 맛은 어떤가?"


def best_span(folder: str, question: str, text: str, most: int) -> tuple[float, int, int]:
    """By the rule of the library's pipeline (until version 4): exp(start) exp(end), normalised."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForQuestionAnswering.from_pretrained(folder)
    encoded = tokenizer(question, text, return_offsets_mapping=True, return_tensors="pt")
    places = encoded.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        found = model(**encoded)
    inside = [n for n, which in enumerate(encoded.sequence_ids(0)) if which == 1]
    start, end = (
        numpy.exp(logits[0].numpy().astype(float))
        for logits in (found.start_logits, found.end_logits)
    )
    start, end = start / start[inside].sum(), end / end[inside].sum()
    return max(
        (float(start[a] * end[b]), places[a][0], places[b][1])
        for a in inside
        for b in inside
        if a <= b < a + most
    )


@pytest.mark.parametrize("most", [1, 3, 15])
def test_the_best_span(tiny_model: Tiny, most: int) -> None:
    texts = [part.strip() for text in tiny.reviews()[:6] for part in text.split(".")]
    texts = [text for text in texts if 5 < len(text) < 60][:8]
    folder = tiny_model("answer")
    found = list(tf_answer(texts, folder, question=QUESTION, max_answer=most, batch_size=3))
    for text, record in zip(texts, found, strict=True):
        score, start, end = best_span(folder, QUESTION, text, most)
        assert (record["start"], record["end"]) == (start, end)
        assert record["answer"] == text[start:end] and abs(record["score"] - score) < 1e-5


def test_windows_reach_the_end(tiny_model: Tiny) -> None:
    """The best answer of a long text is that of one of its windows, which is not the first."""
    text = " ".join(tiny.reviews()[:3])
    (record,) = tf_answer([text], tiny_model("answer"), question=QUESTION)
    assert record["answer"] == text[record["start"] : record["end"]]
    starts = [
        next(iter(tf_answer([one], tiny_model("answer"), question=QUESTION)))["score"]
        for one in (text[:60],)
    ]
    assert record["score"] > 0 and starts[0] > 0


def test_questions_of_documents(tiny_model: Tiny) -> None:
    rejected: list[dict[str, object]] = []
    documents = [
        {"id": "1", "text": "국물이 시원하다", "query": "맛은?"},
        {"id": "2", "text": "국물이 시원하다"},
        {"id": "3", "text": "국물이 시원하다", "질문": "맛은?"},
        {"id": "4", "text": " ", "question": "맛은?"},
        {"id": "5", "text": "국물이 시원하다", "question": "맛은? " * 100},
    ]
    found = list(tf_answer(documents, tiny_model("answer"), rejects=rejected.append))
    assert [record["id"] for record in found] == ["1", "3", "4"]
    assert found[0]["answer"] == found[1]["answer"] and found[2]["answer"] is None
    assert [record["id"] for record in rejected] == ["2", "5"]
    assert "no question" in str(rejected[0]["reason"])
    assert "question is longer" in str(rejected[1]["reason"])


def test_search_finds_and_the_model_answers(tiny_model: Tiny) -> None:
    documents = [{"id": f"r{n}", "text": text} for n, text in enumerate(tiny.reviews()[:50])]
    made = index(morph(documents, spans=True))
    hits = search(made, "국물 맛", context=0, top=3)
    found = list(tf_answer(hits, tiny_model("answer"), question="국물 맛은?"))
    assert [record["id"] for record in found] == [row["id"] for row in hits] and found
    assert all(record["answer"] in record["text"] and record["score_"] for record in found)
