"""Translations: what `generate` of the library writes, with the language that is asked for."""

import shutil
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, NllbTokenizer

from korpus.errors import KorpusError
from korpus.models.tf import tf_translate
from tests.transformers import tiny
from tests.transformers.stages import Tiny

LANGUAGES = ["kor_Hang", "eng_Latn"]
TEXTS = ["국물", "맛이 국물", "맛"]


@pytest.fixture
def model(tiny_model: Tiny, tmp_path: Path) -> str:
    """A model with a tokenizer of several languages."""
    folder = shutil.copytree(tiny_model("rewrite"), tmp_path / "model")
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"국물맛이", "en"]
    pieces += [f"{number}" for number in range(len(pieces), len(tiny.byte_pairs()) - 3)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    NllbTokenizer(vocabulary, [], extra_special_tokens=LANGUAGES).save_pretrained(folder)
    return str(folder)


def expected(folder: str, source: str, target: str) -> list[str]:
    tokenizer = AutoTokenizer.from_pretrained(folder, src_lang=source)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    first = tokenizer.convert_tokens_to_ids(target)
    found = []
    for text in TEXTS:
        encoded = tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            codes = model.generate(
                **encoded, max_new_tokens=8, do_sample=False, forced_bos_token_id=first
            )
        assert int(codes[0, 1]) == first
        found.append(tokenizer.decode(codes[0], skip_special_tokens=True).strip())
    return found


def test_languages_are_those_of_the_library(model: str) -> None:
    """In any order: a language does not stay from one call to the next."""
    wanted = {}
    for source, target in (LANGUAGES, LANGUAGES[::-1]):
        wanted[source] = expected(model, source, target)
        found = list(tf_translate(TEXTS, model, from_=source, to=target, max_new_tokens=8))
        assert [record["translation"] for record in found] == wanted[source]
    assert wanted["kor_Hang"] != wanted["eng_Latn"]
    list(tf_translate(TEXTS, model, from_="kor_Hang", max_new_tokens=1))
    found = list(tf_translate(TEXTS, model, to="kor_Hang", max_new_tokens=8))  # from eng_Latn
    assert [record["translation"] for record in found] == wanted["eng_Latn"]


def test_an_unknown_language(model: str, tiny_model: Tiny) -> None:
    for name in ("fra_Latn", "en", "</s>", ""):  # pieces that are no languages, too
        with pytest.raises(KorpusError, match=f"has no language {name}"):
            list(tf_translate(["맛"], model, to=name))
    with pytest.raises(KorpusError, match="has no language kor_Hang"):
        list(tf_translate(["맛"], tiny_model("rewrite"), from_="kor_Hang"))
