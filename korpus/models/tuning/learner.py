"""Transformers that are trained: how they are loaded, with LoRA if wanted, and saved."""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from korpus.errors import KorpusError
from korpus.files.folders import new_folder
from korpus.files.pretrained import Pretrained, check_packages
from korpus.messages import _
from korpus.models.tf.loading import (
    device_of,
    load_tokenizer,
    loading_errors,
    longest,
    out_of_memory,
    quiet_library,
    seed_everything,
    with_adapter,
)

CLASSIFY, TAG, MLM, CLM = TASKS = ("classify", "tag", "mlm", "clm")
REWARD = "reward"
CLASSES = {
    CLASSIFY: "AutoModelForSequenceClassification",
    REWARD: "AutoModelForSequenceClassification",
    TAG: "AutoModelForTokenClassification",
    MLM: "AutoModelForMaskedLM",
    CLM: "AutoModelForCausalLM",
}
_TYPES = {CLASSIFY: "SEQ_CLS", REWARD: "SEQ_CLS", TAG: "TOKEN_CLS", CLM: "CAUSAL_LM"}  # of peft
_NEEDS_TRAINED_HEAD = (MLM, CLM)
RANK = 8  # of LoRA
_SCALE = 2  # alpha of LoRA in ranks
_RATE, _USUAL_SIZE = 5e-5, 768  # of BERT base
_LORA_RATE = 10  # times as fast


@dataclass
class Learner:
    """A transformer that can be trained. `source`: what it was; None for a new one."""

    model: Any
    tokenizer: Any
    device: str
    longest: int
    source: Pretrained | None = None
    is_adapted: bool = False

    def merge(self) -> None:
        """Add the weights of LoRA to those of the model."""
        if self.is_adapted:
            self.model = self.model.merge_and_unload()
            self.is_adapted = False

    def save(self, folder: str, provenance: Mapping[str, Any]) -> None:
        """Save the model, or the adapter alone, in a folder that is replaced as a whole.

        `provenance`: for its korpus.json. Raises KorpusError where it cannot be written.
        """
        base = self.source.provenance if self.source else None
        licence = self.source.licence if self.source else None
        about = {**provenance, "base": base}
        with new_folder(folder, about, licence=licence) as place, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.model.save_pretrained(place)
            if self.is_adapted:
                config = self.model.get_base_model().config
                config.architectures = [type(self.model.get_base_model()).__name__]
                config.save_pretrained(place)
            self.tokenizer.save_pretrained(place)


def load_learner(
    source: Pretrained,
    task: str,
    *,
    labels: list[str] | None = None,
    lora: bool = False,
    merge: bool = False,
    device: str = "cpu",
    seed: int = 0,
) -> Learner:
    """Load a transformer to train it for a task.

    `labels`: the names of its classes. A model with a head for as many classes keeps it; any other
    gets a new head with random weights. `lora`: train a few weights beside those of the model (Hu
    et al. 2022). `merge`: they will be added to those of the model. Raises KorpusError for a model
    that cannot be trained for the task, and for an adapter on which another would be put.
    """
    if lora:
        check_packages(("peft",))
    if lora and not merge and source.adapter is not None:
        raise KorpusError(
            _("{name} is an adapter, on which no other can be put").format(name=source.name),
            _("add --merge: the new model then stands alone"),
        )
    library = quiet_library()
    place = device_of(device)
    seed_everything(seed)
    with loading_errors(source), out_of_memory():
        model, new = _loaded(library, source, task, labels)
        tokenizer = load_tokenizer(library, source)
        model.config.pad_token_id = tokenizer.pad_token_id
        if lora:
            model = _adapted(model, task, source, new)
        size = longest(model.config, tokenizer)
        return Learner(model.to(place), tokenizer, place, size, source, lora)


def _loaded(
    library: Any, source: Pretrained, task: str, labels: list[str] | None
) -> tuple[Any, list[str]]:
    """The model, and the names of its modules that are new and have to be trained."""
    import torch

    how: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    config = library.AutoConfig.from_pretrained(source.config, **how)
    if labels is not None:
        names = dict(enumerate(labels))
        config.num_labels = len(labels)
        config.id2label = names
        config.label2id = {name: number for number, name in names.items()}
        config.problem_type = "single_label_classification" if task == CLASSIFY else None
    kind = getattr(library, CLASSES[task])
    if type(config) not in kind._model_mapping:
        raise _unfit(source, task)
    if task == CLM and getattr(config, "is_decoder", None) is False and _is_encoder(source):
        raise _unfit(source, task)
    model, report = kind.from_pretrained(
        source.folder,
        config=config,
        dtype=torch.float32,
        use_safetensors=True,
        output_loading_info=True,
        ignore_mismatched_sizes=True,  # a head for other classes
        **how,
    )
    missing = [*report["missing_keys"], *(key[0] for key in report["mismatched_keys"])]
    within = f"{model.base_model_prefix}."
    lost = [name for name in missing if name.startswith(within) and ".pooler." not in name]
    if lost:
        raise ValueError(_("weights are missing: {name}").format(name=lost[0]))
    if missing and task in _NEEDS_TRAINED_HEAD and source.adapter is None:
        raise _unfit(source, task)
    if source.adapter is not None:
        model = with_adapter(model, source.adapter).merge_and_unload()
    for weights in model.parameters():
        weights.requires_grad_(True)
    return model, sorted({name.rpartition(".")[0] for name in missing})


def _is_encoder(source: Pretrained) -> bool:
    """Whether a model reads both ways, so that it would see the next piece."""
    return source.architecture.endswith(
        ("ForMaskedLM", "ForPreTraining", "ForSequenceClassification", "ForTokenClassification")
    ) and not source.architecture.startswith(("GPT", "Llama", "Qwen", "Gemma", "Mistral"))


def _unfit(source: Pretrained, task: str) -> KorpusError:
    hints = {
        CLM: _("choose a causal language model, such as that of korpus tf pretrain"),
        MLM: _("choose a masked language model, such as that of korpus tf pretrain"),
    }
    return KorpusError(
        _("{name} cannot be trained for {task}: it is {architecture}").format(
            name=source.name, task=task, architecture=source.architecture or "?"
        ),
        hints.get(task) or _("choose another model"),
    )


def lora_config(task: str, new: list[str]) -> Any:
    """How LoRA is put on a model for a task. `new`: modules that are trained and saved whole."""
    import peft

    return peft.LoraConfig(
        task_type=_TYPES.get(task),
        r=RANK,
        lora_alpha=_SCALE * RANK,
        lora_dropout=0.0,
        target_modules="all-linear",
        exclude_modules=new or None,
        modules_to_save=new or None,
    )


def _adapted(model: Any, task: str, source: Pretrained, new: list[str]) -> Any:
    import peft

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adapted = peft.get_peft_model(model, lora_config(task, new))
    config = adapted.peft_config["default"]
    is_of_hub = source.revision is not None
    config.base_model_name_or_path = source.name if is_of_hub else os.path.abspath(source.folder)  # noqa: PTH100
    config.revision = source.revision
    return adapted


def usual_rate(config: Any, *, lora: bool) -> float:
    """The learning rate that suits a model: 5e-5 of BERT base, more for narrower ones and LoRA."""
    size = getattr(config, "hidden_size", None) or _USUAL_SIZE
    return float(_RATE * max(1.0, _USUAL_SIZE / size) * (_LORA_RATE if lora else 1))


@contextmanager
def training_errors() -> Iterator[None]:
    """Turn errors of training for want of memory into a KorpusError, and hide warnings."""
    with out_of_memory(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
