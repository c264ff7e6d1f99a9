"""Texts that a transformer writes: how they are chosen, and in which batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from korpus.checks import check_least, check_most
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.models.tf.loading import Loaded, seed_everything
from korpus.models.tf.texts import by_length

_LEAST_PROMPT = 4  # pieces that have to be left for the text itself
_MOST_BEAMS, _MOST_PIECES = 100, 100_000


@dataclass(frozen=True)
class Choice:
    """How the next piece is chosen: the likeliest one, or at random.

    At random if `temperature`, `top_k` or `top_p` is given. None: as the model's own settings say.
    `max_new_tokens`: the most pieces of the new text. `temperature`: less than 1 prefers likely
    pieces more, more than 1 less. `top_k`: only among so many likeliest pieces; `top_p`: only among
    the likeliest that have this probability together (Holtzman et al. 2020). `beams`: so many texts
    are written at once, and the likeliest is kept (beam search). `no_repeat`: no sequence of so
    many pieces occurs twice. `seed`: of the random choice.
    """

    max_new_tokens: int = 64
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    beams: int | None = None
    no_repeat: int | None = None
    seed: int = 0

    def check(self) -> None:
        """Raises UsageError for numbers out of range."""
        check_least("--max-new-tokens", self.max_new_tokens, 1)
        check_least("--top-k", self.top_k, 1)
        check_least("--beams", self.beams, 1)
        check_least("--no-repeat", self.no_repeat, 1)
        check_most("--beams", self.beams, _MOST_BEAMS, _("such as --beams 5"))
        check_most("--max-new-tokens", self.max_new_tokens, _MOST_PIECES)
        if self.temperature is not None and not 0 < self.temperature < float("inf"):
            raise UsageError(
                _("{option} {value} is not more than 0").format(
                    option="--temperature", value=self.temperature
                ),
                _("leave it out to take the likeliest piece each time"),
            )
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise UsageError(
                _("{option} {value} is not above 0 and at most 1").format(
                    option="--top-p", value=self.top_p
                ),
                _("such as --top-p 0.9"),
            )

    @property
    def is_random(self) -> bool:
        """Whether pieces are drawn at random."""
        return (self.temperature, self.top_k, self.top_p) != (None, None, None)

    def arguments(self) -> dict[str, Any]:
        """As `generate` of the library takes them."""
        given = {
            "temperature": self.temperature,
            "top_k": self.top_k,
            "top_p": self.top_p,
            "num_beams": self.beams,
            "no_repeat_ngram_size": self.no_repeat,
        }
        given = {name: value for name, value in given.items() if value is not None}
        if self.is_random:  # else the library adds a top-k of 50
            given = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, **given}
        return {"max_new_tokens": self.max_new_tokens, "do_sample": self.is_random, **given}


def written(
    loaded: Loaded,
    prompts: Sequence[str],
    choice: Choice,
    batch_size: int,
    *,
    is_causal: bool,
    marks: bool = True,
    **more: Any,
) -> tuple[list[str], int]:
    """The texts that follow prompts, and how many prompts were cut: the start of those that are
    continued (`is_causal`), else the end. `marks`: whether the marks of start and end are added.

    Each batch is seeded by its own prompts, so that a resumed run gives what a whole one gives.
    """
    room = loaded.longest - (choice.max_new_tokens if is_causal else 0)
    if room < _LEAST_PROMPT:
        raise KorpusError(
            _("the model takes {count} pieces: too few for --max-new-tokens {size}").format(
                count=loaded.longest, size=choice.max_new_tokens
            ),
            _("lower --max-new-tokens"),
        )
    tokenizer = loaded.tokenizer
    rows, cut = [], 0
    for prompt in prompts:
        codes = tokenizer(prompt, add_special_tokens=marks)["input_ids"]
        if len(codes) > room:
            cut += 1
            if is_causal:
                codes = codes[-room:]
            else:
                codes = tokenizer(
                    prompt, add_special_tokens=marks, truncation=True, max_length=room
                )["input_ids"]
        rows.append((prompt, codes))

    def compute(some: list[tuple[str, list[int]]]) -> list[str]:
        texts = "\0".join(prompt for prompt, _codes in some)
        seed = sha256(f"{choice.seed}\0{texts}".encode("utf-8", "replace")).digest()
        seed_everything(int.from_bytes(seed[:6], "big"))
        return _batch(loaded, [codes for _prompt, codes in some], choice, is_causal, more)

    return by_length(rows, lambda row: len(row[1]), batch_size, compute), cut


def _batch(
    loaded: Loaded, rows: list[list[int]], choice: Choice, is_causal: bool, more: dict[str, Any]
) -> list[str]:
    import torch

    side = "left" if is_causal else "right"
    batch = loaded.tokenizer.pad(
        {"input_ids": rows}, padding=True, padding_side=side, return_tensors="pt"
    )
    with torch.inference_mode():
        found = loaded.model.generate(
            input_ids=batch["input_ids"].to(loaded.device),
            attention_mask=batch["attention_mask"].to(loaded.device),
            pad_token_id=loaded.tokenizer.pad_token_id,
            **choice.arguments(),
            **more,
        )
    if is_causal:
        new = found[:, batch["input_ids"].shape[1] :].tolist()
        return [continuation(loaded.tokenizer, *both) for both in zip(rows, new, strict=True)]
    texts: list[str] = loaded.tokenizer.batch_decode(found, skip_special_tokens=True)
    return [text.strip() for text in texts]


def continuation(tokenizer: Any, prompt: list[int], new: list[int]) -> str:
    """The text of new pieces after those of a prompt, whose last word they may go on with."""
    before, whole = (
        str(tokenizer.decode(codes, skip_special_tokens=True)) for codes in (prompt, prompt + new)
    )
    if not whole.startswith(before):  # the prompt ended within a character
        whole, before = str(tokenizer.decode(new, skip_special_tokens=True)), ""
    return whole[len(before) :].strip()
