"""Tiny transformers for tests, made from the sample reviews: nothing is downloaded."""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.support import SAMPLE

SIZE = 32  # hidden units
LENGTH = 64  # positions
LABELS = ["부정", "긍정"]
ENTITIES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
NLI = ["contradiction", "neutral", "entailment"]
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_ENDS = ["<pad>", "</s>", "<unk>"]


@cache
def reviews() -> list[str]:
    """The texts of the sample reviews."""
    with SAMPLE.open(encoding="utf-8") as rows:
        return [row["text"] for row in csv.DictReader(rows)][:300]


@cache
def wordpiece() -> Any:
    """A WordPiece tokenizer as of BERT, trained on the sample reviews."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from tokenizers.trainers import WordPieceTrainer
    from transformers import PreTrainedTokenizerFast

    found = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    found.normalizer = normalizers.NFC()
    found.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    found.decoder = decoders.WordPiece()
    trainer = WordPieceTrainer(vocab_size=1200, special_tokens=_SPECIAL, show_progress=False)
    found.train_from_iterator(reviews(), trainer)
    found.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=found,
        model_max_length=LENGTH,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )


@cache
def byte_pairs() -> Any:
    """A byte-level BPE tokenizer as of GPT-2, with a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from tokenizers.trainers import BpeTrainer
    from transformers import PreTrainedTokenizerFast

    found = Tokenizer(models.BPE())
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = BpeTrainer(
        vocab_size=800, special_tokens=_ENDS, initial_alphabet=alphabet, show_progress=False
    )
    found.train_from_iterator(reviews(), trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=found,
        model_max_length=LENGTH,
        pad_token="<pad>",
        eos_token="</s>",
        bos_token="</s>",
    )
    tokenizer.chat_template = (
        "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )
    return tokenizer


def _bert(name: str, **more: Any) -> Any:
    import transformers

    config = transformers.BertConfig(
        vocab_size=len(wordpiece()),
        hidden_size=SIZE,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=SIZE * 2,
        max_position_embeddings=LENGTH,
        initializer_range=0.5,  # else a model that was never trained says the same of all texts
        **more,
    )
    return getattr(transformers, name)(config)


def _labelled(names: list[str]) -> dict[str, Any]:
    return {
        "id2label": dict(enumerate(names)),
        "label2id": {name: number for number, name in enumerate(names)},
    }


def _gpt2() -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(byte_pairs()),
            n_embd=SIZE,
            n_layer=2,
            n_head=2,
            n_positions=LENGTH,
            initializer_range=0.5,
            bos_token_id=1,
            eos_token_id=1,
            pad_token_id=0,
        )
    )


def _t5() -> Any:
    from transformers import T5Config, T5ForConditionalGeneration

    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(byte_pairs()),
            d_model=SIZE,
            d_kv=16,
            d_ff=SIZE * 2,
            num_layers=2,
            num_heads=2,
            initializer_factor=2.0,
            tie_word_embeddings=False,
            pad_token_id=0,
            eos_token_id=1,
            decoder_start_token_id=0,
        )
    )


MAKERS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "base": (lambda: _bert("BertModel"), wordpiece),
    "fill": (lambda: _bert("BertForMaskedLM"), wordpiece),
    "classify": (lambda: _bert("BertForSequenceClassification", **_labelled(LABELS)), wordpiece),
    "nli": (lambda: _bert("BertForSequenceClassification", **_labelled(NLI)), wordpiece),
    "tag": (lambda: _bert("BertForTokenClassification", **_labelled(ENTITIES)), wordpiece),
    "answer": (lambda: _bert("BertForQuestionAnswering"), wordpiece),
    "generate": (_gpt2, byte_pairs),
    "rewrite": (_t5, byte_pairs),
}


def make(kind: str, folder: Path) -> Path:
    """Save a tiny model of a kind of `MAKERS`; always the same one."""
    import torch

    model, tokenizer = MAKERS[kind]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model().save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    (folder / "README.md").write_text("---\nlanguage: ko\nlicense: cc0-1.0\n---\n# Tiny\n")
    return folder
