"""Answers: the spans that the library chooses, and whose question it is."""

from typing import Any

import numpy
import pytest
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer
from transformers.pipelines.document_question_answering import select_starts_ends

from korpus.analyzers import morph
from korpus.models import index, search
from korpus.models.tf import tf_answer
from tests.transformers import tiny
from tests.transformers.stages import Tiny

INPUTS = ("input_ids", "token_type_ids", "attention_mask")
QUESTION = "국물 맛은 어떤가?"


def best_span(tokenizer: Any, model: Any, text: str, most: int) -> tuple[float, int, int]:
    """By the library's own choice of spans, the best of all windows."""
    room = tiny.LENGTH - len(tokenizer(QUESTION, "")["input_ids"])
    encoded = tokenizer(
        QUESTION,
        text,
        truncation="only_second",
        max_length=tiny.LENGTH,
        stride=room // 4,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    found = []
    for number, ids in enumerate(encoded["input_ids"]):
        with torch.inference_mode():
            logits = model(**{name: torch.tensor([encoded[name][number]]) for name in INPUTS})
        outside = [which != 1 for which in encoded.sequence_ids(number)]
        outside[ids.index(tokenizer.cls_token_id)] = False  # it says that there is no answer
        (start,), (end,), (score,), _null = select_starts_ends(
            *(logits.start_logits.double().numpy(), logits.end_logits.double().numpy()),
            *(numpy.array([outside]).astype(int), None),
            max_answer_len=most,
        )
        places = encoded["offset_mapping"][number]
        found.append((float(score), places[start][0], places[end][1]))
    return max(found)


@pytest.mark.parametrize("most", [1, 3, 15])
def test_the_best_span(tiny_model: Tiny, most: int) -> None:
    texts = [part.strip() for text in tiny.reviews()[:6] for part in text.split(".")]
    texts = [text for text in texts if 5 < len(text) < 60][:4]
    texts += tiny.reviews()[:4]  # in windows
    folder = tiny_model("answer")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForQuestionAnswering.from_pretrained(folder)
    found = list(tf_answer(texts, folder, question=QUESTION, max_answer=most, batch_size=3))
    for text, record in zip(texts, found, strict=True):
        score, start, end = best_span(tokenizer, model, text, most)
        assert (record["start"], record["end"]) == (start, end)
        assert record["answer"] == text[start:end] and abs(record["score"] - score) < 1e-5


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
    assert "question_" not in found[2]  # the document's own stays where it is
    (other,) = tf_answer(documents[3:4], tiny_model("answer"), question="값은?")
    assert (other["question"], other["question_"]) == ("값은?", "맛은?")
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
