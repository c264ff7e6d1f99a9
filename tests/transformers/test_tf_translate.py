"""Translations: what `generate` of the library writes, with the language that is asked for."""

import shutil
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from korpus.errors import KorpusError
from korpus.models.tf import tf_translate
from tests.transformers import tiny
from tests.transformers.stages import Tiny


def test_the_language_is_the_first_piece(tiny_model: Tiny, tmp_path: Path) -> None:
    folder = str(shutil.copytree(tiny_model("rewrite"), tmp_path / "model"))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    language = tokenizer.convert_ids_to_tokens(60)  # any piece stands for a language here
    texts = [text[:30] for text in tiny.reviews()[:4]]
    found = list(tf_translate(texts, folder, to=language, max_new_tokens=8))
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    for text, record in zip(texts, found, strict=True):
        with torch.inference_mode():
            codes = model.generate(
                **tokenizer(text, return_tensors="pt"),
                max_new_tokens=8,
                do_sample=False,
                forced_bos_token_id=60,
            )
        assert record["translation"] == tokenizer.decode(codes[0], skip_special_tokens=True).strip()
        assert int(codes[0, 1]) == 60


def test_an_unknown_language(tiny_model: Tiny) -> None:
    with pytest.raises(KorpusError, match="has no language kor_Hang"):
        list(tf_translate(["가"], tiny_model("rewrite"), from_="kor_Hang"))
