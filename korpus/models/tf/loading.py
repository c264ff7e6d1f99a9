"""Load pre-trained models by the library transformers: weights in safetensors, and no code."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from korpus.checks import check_choice
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained, check_packages, find_pretrained, has_tokenizer
from korpus.messages import _

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

CPU, AUTO = "cpu", "auto"
DEVICES = (CPU, AUTO, "cuda", "mps")
# The class of the library that loads a model for a task, and how classes of such models end.
BASE, FILL, CLASSIFY, TAG, ANSWER, REWRITE, GENERATE = (
    *("base", "fill", "classify", "tag", "answer", "rewrite", "generate"),
)
_CLASSES = {
    BASE: ("AutoModel", ("",)),
    FILL: ("AutoModelForMaskedLM", ("ForMaskedLM", "ForPreTraining")),
    CLASSIFY: ("AutoModelForSequenceClassification", ("ForSequenceClassification",)),
    TAG: ("AutoModelForTokenClassification", ("ForTokenClassification",)),
    ANSWER: (
        "AutoModelForQuestionAnswering",
        ("ForQuestionAnswering", "ForQuestionAnsweringSimple"),
    ),
    REWRITE: ("AutoModelForSeq2SeqLM", ("ForConditionalGeneration", "MTModel", "Seq2SeqLM")),
    GENERATE: ("AutoModelForCausalLM", ("ForCausalLM", "LMHeadModel")),
}
_COMMANDS = {
    "ForMaskedLM": "tf fill",
    "ForSequenceClassification": "tf classify",
    "ForTokenClassification": "tf tag",
    "ForQuestionAnswering": "tf answer",
    "ForConditionalGeneration": "tf summarize",
    "ForCausalLM": "tf generate",
    "LMHeadModel": "tf generate",
}
_USUAL_LENGTH = 512  # pieces, where neither the model nor its tokenizer names a limit
_UNLIMITED = 1_000_000  # a tokenizer without a limit names a larger number
# Models whose first positions are not for texts.
_OFFSETS = ("roberta", "camembert", "longformer", "mpnet", "ernie_m")


@dataclass(frozen=True)
class Loaded:
    """A model that is ready. `device`: where it runs. `longest`: the pieces that it takes."""

    source: Pretrained
    model: Any
    tokenizer: Any
    device: str
    longest: int


def opened(
    model: str | Pretrained,
    *,
    revision: str | None = None,
    download: bool = False,
    device: str = CPU,
    task: str = BASE,
) -> Pretrained:
    """Find a model and check, by its config alone, that it is of the kind that a task needs.

    Raises UsageError for a device that is unknown, KorpusError for another kind of model, and what
    `find_pretrained` raises.
    """
    check_choice("--device", device, DEVICES)
    check_packages()
    found = model
    if isinstance(found, str):
        found = find_pretrained(found, revision=revision, download=download)
    endings = _CLASSES[task][1]
    if found.architecture and not found.architecture.endswith(endings):
        raise _wrong_kind(found, task)
    return found


def load_transformer(
    source: Pretrained, task: str = BASE, device: str = CPU, *, attention: bool = False
) -> Loaded:
    """Load a model for a task, in single precision; one model is kept per process.

    `attention`: in the slower way that tells attention weights. Raises KorpusError for weights or a
    tokenizer that cannot be loaded, for a model without the head that the task needs, and where
    there is no such device or not enough memory.
    """
    return _loaded(source, task, device, attention)


@lru_cache(maxsize=1)
def _loaded(source: Pretrained, task: str, device: str, attention: bool) -> Loaded:
    import torch

    library = quiet_library()
    place = device_of(device)
    name = _CLASSES[task][0]
    how: dict[str, Any] = {
        "local_files_only": True,
        "trust_remote_code": False,
    }
    with loading_errors(source), out_of_memory():
        config = library.AutoConfig.from_pretrained(source.config, **how)
        if attention:
            how["attn_implementation"] = "eager"
        model, report = getattr(library, name).from_pretrained(
            source.folder,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            output_loading_info=True,
            **how,
        )
        if task != BASE and report["missing_keys"] and source.adapter is None:
            raise _wrong_kind(source, task)
        if source.adapter is not None:
            model = with_adapter(model, source.adapter)
        model = model.to(place).train(False)
        tokenizer = load_tokenizer(library, source)
    return Loaded(source, model, tokenizer, place, longest(config, tokenizer))


def quiet_library() -> Any:
    """The library transformers, which asks nothing of the network and prints nothing."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns in forks
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # for the same result again
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.use_deterministic_algorithms(True, warn_only=True)
    return transformers


def device_of(wanted: str) -> str:
    """The device that --device means. Raises KorpusError if this machine does not have it."""
    import torch

    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == AUTO:
        return next((name for name, is_there in has.items() if is_there), CPU)
    if wanted != CPU and not has[wanted]:
        raise KorpusError(
            _("this machine has no device {name} that torch can use").format(name=wanted),
            _("use --device cpu"),
        )
    return wanted


def with_adapter(model: Any, adapter: str) -> Any:
    """A model with a LoRA adapter on it."""
    check_packages(("peft",))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import peft

        return peft.PeftModel.from_pretrained(model, adapter, is_trainable=False)


def load_tokenizer(library: Any, source: Pretrained) -> Any:
    """The tokenizer of a model. Raises ValueError if its folder does not have a fast one.

    For a folder without the files of a tokenizer the library makes up one that knows no piece.
    """
    if not has_tokenizer(source):
        raise ValueError(_("its tokenizer has no tokenizer.json"))
    found = library.AutoTokenizer.from_pretrained(
        source.tokenizer, local_files_only=True, trust_remote_code=False
    )
    if not found.is_fast:  # windows and places need what only these tell
        raise ValueError(_("its tokenizer has no tokenizer.json"))
    if found.pad_token is None:
        found.pad_token = found.eos_token or found.unk_token
    return found


def longest(config: Any, tokenizer: Any) -> int:
    """The number of pieces that a model takes, with those that mark start and end."""
    given = tokenizer.model_max_length
    known = [given] if given and given < _UNLIMITED else []
    positions = getattr(config, "max_position_embeddings", None) or getattr(
        config, "n_positions", None
    )
    if isinstance(positions, int) and positions > 0:
        is_offset = any(name in config.model_type for name in _OFFSETS)
        known.append(positions - 2 if is_offset else positions)
    return int(min(known, default=_USUAL_LENGTH))


def _kind(task: str) -> str:
    return {
        FILL: _("a masked language model"),
        CLASSIFY: _("a classifier of texts"),
        TAG: _("a tagger of words"),
        ANSWER: _("a model that answers questions"),
        REWRITE: _("a model that rewrites texts"),
        GENERATE: _("a causal language model"),
    }[task]


def _wrong_kind(source: Pretrained, task: str) -> KorpusError:
    command = next(
        (name for end, name in _COMMANDS.items() if source.architecture.endswith(end)), None
    )
    return KorpusError(
        _("{name} is not {kind}, but {architecture}").format(
            name=source.name, kind=_kind(task), architecture=source.architecture or "?"
        ),
        _("that kind of model is for: korpus {command}").format(command=command)
        if command
        else _("choose a model that was trained for this task"),
    )


@contextmanager
def loading_errors(source: Pretrained) -> Iterator[None]:
    """Turn errors of loading a model into a KorpusError of one line."""
    try:
        yield
    except (KorpusError, MemoryError):
        raise
    except Exception as error:  # of transformers, tokenizers, safetensors, peft and torch
        if is_out_of_memory(error):
            raise
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = lines[0][:200] if lines else type(error).__name__
        if "ignore_mismatched_sizes" in reason:  # an option of the library, which no user has
            reason = _("its weights have other sizes than its config.json says")
        if "custom code" in reason:
            reason = _("it needs code of its own, which korpus does not run")
        raise KorpusError(
            _("{name}: the model cannot be loaded: {reason}").format(
                name=source.name, reason=reason
            ),
            _("copy or download the model again, or choose another"),
        ) from error


@contextmanager
def out_of_memory() -> Iterator[None]:
    """Turn errors of torch for want of memory into a KorpusError with a hint."""
    try:
        yield
    except KorpusError:
        raise
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise KorpusError(
            _("out of memory in the transformer"),
            _("lower --batch-size, or choose a smaller model"),
        ) from None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch had not enough memory, of the processor or of a graphics card."""
    text = str(error)
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and ("out of memory" in text or "can't allocate memory" in text)
    )


def seed_everything(seed: int) -> None:
    """Seed torch: the same seed gives the same result on the same kind of processor."""
    import torch

    torch.manual_seed(seed)


def check_batch_size(batch_size: int) -> None:
    """Raises UsageError for a batch without texts."""
    if batch_size < 1:
        raise UsageError(
            _("{option} {value} is less than {least}").format(
                option="--batch-size", value=batch_size, least=1
            )
        )
