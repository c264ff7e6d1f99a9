"""Texts that a model writes: those of `generate` of the library."""

from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline

from korpus.errors import KorpusError, UsageError
from korpus.models.tf import tf_generate
from tests.transformers import tiny
from tests.transformers.stages import Tiny


def prompts() -> list[str]:
    return [text[:12] for text in tiny.reviews()[:6]]


def generated(texts: Any, folder: str, **how: Any) -> list[str]:
    how = {"max_new_tokens": 12, **how}
    return [str(record["generated"]) for record in tf_generate(texts, folder, **how)]


def test_the_likeliest_text_is_that_of_the_pipeline(tiny_model: Tiny) -> None:
    pipe = pipeline("text-generation", model=tiny_model("generate"))
    theirs = [
        pipe(text, max_new_tokens=12, do_sample=False, return_full_text=False)[0]["generated_text"]
        for text in prompts()
    ]
    for size in (1, 4):  # batches are padded at the left, and change nothing
        found = generated(prompts(), tiny_model("generate"), batch_size=size)
        assert found == [text.strip() for text in theirs]
    assert any(theirs)


def test_beams_are_those_of_the_library(tiny_model: Tiny) -> None:
    folder, text = tiny_model("generate"), prompts()[0]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    codes = tokenizer(text, return_tensors="pt")["input_ids"]
    model = AutoModelForCausalLM.from_pretrained(folder)
    with torch.inference_mode():
        found = model.generate(codes, max_new_tokens=12, num_beams=3, no_repeat_ngram_size=2)
    expected = tokenizer.decode(found[0, codes.shape[1] :], skip_special_tokens=True).strip()
    assert generated([text], folder, beams=3, no_repeat=2) == [expected]


def test_the_seed_decides(tiny_model: Tiny) -> None:
    folder = tiny_model("generate")
    first, again, other = (
        generated(prompts(), folder, temperature=1.5, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert generated(prompts(), folder, top_k=1) == generated(prompts(), folder)
    assert generated(prompts(), folder, top_p=1e-6) == generated(prompts(), folder)


def test_sampling_follows_the_probabilities(tiny_model: Tiny) -> None:
    """The first piece of many samples: as often as the model says, within five deviations."""
    folder, text, temperature = tiny_model("generate"), "배송", 1.3
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    with torch.inference_mode():
        logits = model(**tokenizer(text, return_tensors="pt")).logits[0, -1] / temperature
    chances = logits.softmax(dim=-1)
    best = int(chances.argmax())
    p, n = float(chances[best]), 400
    found = generated([text] * n, folder, max_new_tokens=1, temperature=temperature, batch_size=n)
    count = found.count(tokenizer.decode([best], skip_special_tokens=True).strip())
    assert 0.01 < p < 0.99 and abs(count - n * p) < 5 * (n * p * (1 - p)) ** 0.5


def test_templates_and_chats(tiny_model: Tiny) -> None:
    folder = tiny_model("generate")
    document = {"id": "1", "text": "국물", "query": "맛?"}
    plain = generated(["국물 질문: 맛?"], folder)
    assert generated([document], folder, template="{text} 질문: {query}") == plain
    chat = generated(["system: 짧게\nuser: 국물\nassistant: "], folder)
    assert generated(["국물"], folder, chat=True, system="짧게") == chat
    blank = {"id": "1", "text": " ", "query": "맛?"}  # the template does not use its text
    assert generated([blank], folder, template="{query}") == generated(["맛?"], folder)
    assert generated([{**blank, "query": " "}], folder, template="질문: {query}") == [""]
    rejected: list[dict[str, Any]] = []
    how: dict[str, Any] = {"template": "{query}", "max_new_tokens": 3}
    found = list(tf_generate([document, "가"], folder, rejects=rejected.append, **how))
    assert len(found) == 1 and "no column 'query'" in rejected[0]["reason"]
    for template in ("", "{", "글", "{}", "{text"):
        with pytest.raises(UsageError, match="--template"):
            tf_generate(["가"], folder, template=template)


def test_the_start_of_long_prompts_is_cut(
    tiny_model: Tiny, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tiny_model("generate")
    text = tiny.reviews()[0]
    codes = tiny.byte_pairs()(text)["input_ids"]
    assert len(codes) > 64
    model = AutoModelForCausalLM.from_pretrained(folder)
    kept = torch.tensor([codes[-52:]])
    with torch.inference_mode():
        found = model.generate(kept, max_new_tokens=12, do_sample=False)
    expected = tiny.byte_pairs().decode(found[0, 52:], skip_special_tokens=True).strip()
    assert generated([text], folder) == [expected]
    assert "their starts were cut off" in caplog.text
    with pytest.raises(KorpusError, match="too few for --max-new-tokens 64"):
        generated(["가"], folder, max_new_tokens=64)


def test_blank_texts_and_wrong_numbers(tiny_model: Tiny) -> None:
    assert generated(["", " "], tiny_model("generate")) == ["", ""]
    for how, message in (
        ({"temperature": 0.0}, "--temperature 0.0 is not more than 0"),
        ({"top_p": 1.5}, "--top-p 1.5 is not above 0 and at most 1"),
        ({"top_p": 0.0}, "--top-p 0.0 is not above 0 and at most 1"),
        ({"beams": 300_000}, "--beams 300000 is more than 100"),
        ({"max_new_tokens": 10**9}, "--max-new-tokens 1000000000 is more than"),
        ({"top_k": 0}, "--top-k 0"),
        ({"system": "x"}, "--system does nothing without --chat"),
    ):
        with pytest.raises(UsageError, match=message):
            tf_generate(["가"], tiny_model("generate"), **how)  # type: ignore[arg-type]
