"""Summaries: what `generate` of the library writes, batch by batch."""

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from korpus.errors import KorpusError
from korpus.models.tf import tf_summarize
from tests.transformers import tiny
from tests.transformers.stages import Tiny


def expected(folder: str, text: str, **how: object) -> str:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        found = model.generate(**encoded, max_new_tokens=12, **how)
    return str(tokenizer.decode(found[0], skip_special_tokens=True)).strip()


def test_summaries_are_those_of_the_library(tiny_model: Tiny) -> None:
    folder = tiny_model("rewrite")
    texts = [*(text[:30] for text in tiny.reviews()[:5]), tiny.reviews()[5]]
    for how, options in (({}, {"do_sample": False}), ({"beams": 3}, {"num_beams": 3})):
        found = list(
            tf_summarize(texts, folder, prefix="요약: ", max_new_tokens=12, batch_size=4, **how)
        )
        theirs = [expected(folder, f"요약: {text}", **options) for text in texts]
        assert [record["summary"] for record in found] == theirs
        assert any(theirs)


def test_other_models_are_refused(tiny_model: Tiny) -> None:
    with pytest.raises(KorpusError, match="is not a model that rewrites texts"):
        tf_summarize(["가"], tiny_model("generate"))
