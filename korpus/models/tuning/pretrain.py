"""The stage tf_pretrain: texts and a tokenizer of subwords → a transformer from scratch."""

import json
import logging
from dataclasses import asdict, dataclass
from typing import Any

from korpus.analyzers import subword_train
from korpus.analyzers.subwords import Subwords, loaded
from korpus.checks import check_choice
from korpus.errors import KorpusError
from korpus.files.pretrained import check_packages
from korpus.messages import _, plural
from korpus.models.classify.quality import COLUMNS
from korpus.models.tf.loading import device_of, out_of_memory, quiet_library, seed_everything
from korpus.models.tuning.examples import Example, windows
from korpus.models.tuning.finetune import language_table
from korpus.models.tuning.labelled import labelled_texts
from korpus.models.tuning.learner import CLM, MLM, Learner
from korpus.models.tuning.loop import Plan, Report, check_plan, fit, scored
from korpus.models.tuning.tuned import Tuned, digest_of
from korpus.records import DocumentSource, Table, as_records

logger = logging.getLogger("korpus")

OBJECTIVES = (MLM, CLM)
_END, _PAD = "</s>", "<pad>"
_MARKS = {
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
_UNKNOWN = "[UNK]"


@dataclass(frozen=True)
class Preset:
    """The size of a model. `length`: pieces of a text. `rate`: of learning."""

    hidden: int
    layers: int
    heads: int
    length: int
    rate: float


PRESETS = {
    "tiny": Preset(hidden=128, layers=2, heads=2, length=128, rate=1e-3),
    "small": Preset(hidden=256, layers=4, heads=4, length=256, rate=5e-4),
}


def tf_pretrain(
    documents: DocumentSource,
    *,
    objective: str = MLM,
    preset: str = "tiny",
    tokenizer: Subwords | None = None,
    vocab_size: int = 8000,
    held_out: float = 0.05,
    epochs: int = 10,
    batch_size: int = 32,
    learning_rate: float | None = None,
    patience: int = 2,
    max_length: int | None = None,
    device: str = "cpu",
    seed: int = 0,
    report: Report | None = None,
) -> Tuned:
    """Train a transformer from scratch on texts (사전 학습). Needs the whole input.

    Parameters: `objective`: mlm, a masked language model as BERT (Devlin et al. 2019), or clm, a
    causal one as GPT-2 (Radford et al. 2019). `preset`: tiny (128 hidden units, 2 layers, 128
    pieces) or small (256, 4, 256). `tokenizer`: see `subword_train`; by default WordPiece of
    `vocab_size` pieces is learned from the texts. `held_out`, `epochs`, `batch_size`, `patience`,
    `max_length`, `device`, `report`: see `tf_finetune`. `learning_rate` (default: 1e-3 of tiny,
    5e-4 of small).

    Columns in: `id`, `text`. Columns out: `measure`: loss, perplexity and accuracy per piece, or of
    mlm per gap, of texts that were neither trained on nor used to choose the epoch. Longer texts
    are read in parts. Same texts, options and seed, same weights on the same kind of processor.
    Raises UsageError for wrong options, KorpusError for an empty input.
    """
    how = (epochs, batch_size, learning_rate, patience, held_out, max_length)
    check_pretrain(objective, preset, *how)
    size = PRESETS[preset]
    library = quiet_library()
    place = device_of(device)
    own = labelled_texts(as_records(documents), None)
    if not own.texts:
        raise KorpusError(_("there is nothing to train on: the input is empty"))
    subwords = tokenizer or subword_train(own.texts, algorithm="wordpiece", vocab_size=vocab_size)
    pieces = _tokenizer(library, subwords, objective)
    pieces.model_max_length = longest = min(max_length or size.length, size.length)
    seed_everything(seed)
    with out_of_memory():
        model = _new_model(library, objective, size, pieces).to(place)
    learner = Learner(model, pieces, place, longest)
    end = pieces.eos_token_id if objective == CLM else None
    examples, parted = windows(pieces, own.texts, longest, end=end)
    if parted:
        logger.info(
            _("%s longer than %s pieces read in parts"), plural(parted, "document"), f"{longest:,}"
        )
    train, stop, test = _parts(examples, len(own.ids), held_out, seed)
    plan = Plan(objective, epochs, batch_size, learning_rate or size.rate, patience, seed)
    curve = fit(learner, train, stop, plan, report)
    result = scored(learner, test, objective, batch_size) if test else None
    table = language_table(result, seed) if result and len(result.losses) else Table(COLUMNS, list)
    provenance = {
        "command": "tf pretrain",
        "objective": objective,
        "tokenizer": subwords.name,
        "documents": len(own.ids),
        "input": digest_of((text,) for text in own.texts),
        "seed": seed,
        "options": {
            **asdict(size),
            "preset": preset,
            "length": longest,
            "rate": plan.rate,
            "held_out": held_out,
            "epochs": epochs,
            "batch_size": batch_size,
            "patience": patience,
        },
    }
    return Tuned(learner, table, curve, None, provenance)


def check_pretrain(
    objective: str,
    preset: str,
    epochs: int,
    batch_size: int,
    learning_rate: float | None,
    patience: int,
    held_out: float,
    max_length: int | None,
) -> None:
    """Raises UsageError for options that `tf_pretrain` does not take; KorpusError without its
    packages."""
    check_choice("--objective", objective, OBJECTIVES)
    check_choice("--preset", preset, PRESETS)
    check_plan(epochs, batch_size, learning_rate, patience, held_out, max_length)
    check_packages()


def _parts(
    examples: list[Example], documents: int, held_out: float, seed: int
) -> list[list[Example]]:
    """The examples of the documents to train on, to stop by, and to measure the model on."""
    import numpy

    size = min(round(held_out * documents), (documents - 1) // 2)
    order = numpy.random.default_rng(seed).permutation(documents)
    test, stop, train = (set(part.tolist()) for part in numpy.split(order, [size, 2 * size]))
    return [[one for one in examples if one.owner in part] for part in (train, stop, test)]


def _tokenizer(library: Any, subwords: Subwords, objective: str) -> Any:
    """A tokenizer of transformers, with the marks that the model needs added."""
    from tokenizers import AddedToken, Tokenizer, normalizers, processors

    content = json.loads(loaded(subwords.content).to_str())
    found = Tokenizer.from_str(json.dumps(content))
    if found.normalizer is None:
        found.normalizer = normalizers.NFC()
    unknown = content["model"].get("unk_token")
    if unknown is None and _UNKNOWN in found.get_vocab():
        unknown = _UNKNOWN
    marks = _MARKS if objective == MLM else {"pad_token": _PAD, "eos_token": _END}
    found.add_special_tokens([AddedToken(mark, special=True) for mark in marks.values()])
    if objective == MLM:
        cls, sep = _MARKS["cls_token"], _MARKS["sep_token"]
        found.post_processor = processors.TemplateProcessing(
            single=f"{cls} $A {sep}",
            pair=f"{cls} $A {sep} $B:1 {sep}:1",
            special_tokens=[(mark, found.token_to_id(mark)) for mark in (cls, sep)],
        )
    if objective == CLM:
        marks = {**marks, "bos_token": _END}
    if unknown is not None:
        marks = {**marks, "unk_token": unknown}
    return library.PreTrainedTokenizerFast(
        tokenizer_object=found,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
        **marks,
    )


def _new_model(library: Any, objective: str, size: Preset, tokenizer: Any) -> Any:
    if objective == MLM:
        return library.BertForMaskedLM(
            library.BertConfig(
                vocab_size=len(tokenizer),
                hidden_size=size.hidden,
                num_hidden_layers=size.layers,
                num_attention_heads=size.heads,
                intermediate_size=4 * size.hidden,
                max_position_embeddings=size.length,
                pad_token_id=tokenizer.pad_token_id,
            )
        )
    return library.GPT2LMHeadModel(
        library.GPT2Config(
            vocab_size=len(tokenizer),
            n_embd=size.hidden,
            n_layer=size.layers,
            n_head=size.heads,
            n_positions=size.length,
            bos_token_id=tokenizer.eos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
