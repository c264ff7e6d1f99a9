"""The data of alignment: instructions with responses, and comparisons of two responses."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import DocumentSource, Record, as_tokens

logger = logging.getLogger("korpus")

SFT, REWARD, DPO, RLOO = STEPS = ("sft", "reward", "dpo", "rloo")
PPO = "ppo"  # another name of RLOO
COLUMNS = {
    SFT: ("prompt", "response"),
    REWARD: ("prompt", "chosen", "rejected"),
    DPO: ("prompt", "chosen", "rejected"),
    RLOO: ("prompt",),
}


@dataclass(frozen=True)
class Turn:
    """A prompt with what may follow: a response, or a chosen and a rejected one, or nothing."""

    prompt: str
    responses: tuple[str, ...]


def turns(documents: DocumentSource, step: str) -> list[Turn]:
    """The data of a step, checked before any training.

    Raises KorpusError, with the number of the line, for a column that is missing, a value that is
    not text or is empty, and for two responses that are the same.
    """
    names = COLUMNS[step]
    found = [_turn(record, names, line) for line, record in enumerate(as_tokens(documents), 1)]
    if not found:
        raise KorpusError(_("there is nothing to train on: the input is empty"))
    return found


def _turn(record: Record, names: tuple[str, ...], line: int) -> Turn:
    values = [_text(record, name, line, names) for name in names]
    if len(values) == len(COLUMNS[DPO]) and values[1] == values[2]:
        raise KorpusError(
            _("line {line}: chosen and rejected are the same").format(line=line),
            _("a comparison needs two responses; leave the line out"),
        )
    return Turn(values[0], tuple(values[1:]))


def _text(record: Record, name: str, line: int, names: tuple[str, ...]) -> str:
    example = ", ".join(f'"{one}": "…"' for one in names)
    hint = _("a line reads {example}").format(example=f"{{{example}}}")
    if name not in record:
        there = ", ".join(str(key) for key in record if key != "id")
        raise KorpusError(
            _("line {line}: there is no column {name!r}, only {names}").format(
                line=line, name=name, names=there or "–"
            ),
            hint,
        )
    value = record[name]
    if not isinstance(value, str):
        raise KorpusError(_("line {line}: {name} is not text").format(line=line, name=name), hint)
    if not value.strip():
        raise KorpusError(_("line {line}: {name} is empty").format(line=line, name=name), hint)
    return normalize("NFC", value)


class Writer:
    """Turns data into pieces of a tokenizer. A response begins in a line of its own.

    `chat`: prompts are put into the chat template of the model instead.
    """

    def __init__(self, tokenizer: Any, longest: int, *, chat: bool, name: str) -> None:
        self.tokenizer, self.longest, self.chat = tokenizer, longest, chat
        self.cut = self.left_out = 0
        end = tokenizer.eos_token_id
        if end is None:
            end = tokenizer.sep_token_id
        if end is None:
            raise KorpusError(
                _("{name}: its tokenizer has no mark for the end of a text").format(name=name),
                _("choose another model"),
            )
        self.end = int(end)
        start = tokenizer.bos_token_id
        has_start = start is not None and tokenizer("가")["input_ids"][:1] == [start]
        self.opening = [int(start)] if has_start else []
        if chat and not tokenizer.chat_template:
            raise KorpusError(
                _("{name} has no chat template").format(name=name), _("leave out --chat")
            )

    def prompt(self, text: str) -> str:
        """A prompt as the model reads it."""
        if self.chat:
            asked = [{"role": "user", "content": text}]
            return str(
                self.tokenizer.apply_chat_template(
                    asked, tokenize=False, add_generation_prompt=True
                )
            )
        return text if text[-1:].isspace() else f"{text}\n"

    def ids(self, text: str) -> list[int]:
        """The pieces of a text, without marks of its start and end."""
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def opened(self, prompt: str) -> list[int]:
        """The pieces of a prompt, with the mark of a start that the tokenizer puts before texts."""
        found = self.ids(prompt)
        return found if found[:1] == self.opening else self.opening + found

    def parts(self, turn: Turn) -> tuple[list[int], list[list[int]]]:
        """The pieces of a prompt and of its responses with their ends.

        Together they are no longer than the model takes. If a response is too long for that, first
        the prompt loses its start, the same for all responses, and then the response loses its end.
        """
        prompt = self.opened(self.prompt(turn.prompt))
        answers = [[*self.ids(response), self.end] for response in turn.responses]
        long = sum(len(prompt) + len(answer) > self.longest for answer in answers)
        if long:
            self.cut += long
            prompt = prompt[-max(1, self.longest // 2) :]  # the end of it is the question
        return prompt, [answer[: self.longest - len(prompt)] for answer in answers]

    def comparisons(self, data: list[Turn]) -> list[tuple[list[int], list[int], list[int]]]:
        """The pieces of prompts, of chosen and of rejected responses.

        Leaves out and counts comparisons whose responses are the same as far as they fit. Raises
        KorpusError if no comparison is left.
        """
        found = []
        for turn in data:
            prompt, (chosen, rejected) = self.parts(turn)
            if chosen != rejected:
                found.append((prompt, chosen, rejected))
        if not found:
            raise KorpusError(
                _(
                    "no comparison is left: all responses are the same in their first {n} pieces"
                ).format(n=f"{self.longest:,}"),
                _("raise --max-length, or choose a model that takes longer texts"),
            )
        self.left_out = len(data) - len(found)
        return found

    def question(self, turn: Turn, room: int) -> str:
        """A prompt that leaves room for so many pieces."""
        text = self.prompt(turn.prompt)
        ids = self.ids(text)
        most = self.longest - room - len(self.opening)
        if len(ids) <= most:
            return text
        self.cut += 1
        return str(self.tokenizer.decode(ids[-most:]))

    def log_cut(self) -> None:
        """Log how many texts were cut."""
        if self.cut:
            logger.warning(
                _("%s longer than %s pieces cut"), plural(self.cut, "text"), f"{self.longest:,}"
            )
        if self.left_out:
            logger.warning(
                _("%s left out: the responses differ only where they were cut off"),
                plural(self.left_out, "comparison"),
            )


def rewards(model: Any, device: str, rows: Iterable[list[int]], batch_size: int) -> list[float]:
    """What a reward model gives to texts, as pieces."""
    import torch

    texts = list(rows)
    pad = model.config.pad_token_id or 0
    found: list[float] = []
    was_training = model.training
    model.train(False)
    with torch.inference_mode():
        for first in range(0, len(texts), batch_size):
            some = texts[first : first + batch_size]
            size = max(map(len, some))
            ids = torch.tensor([row + [pad] * (size - len(row)) for row in some])
            mask = torch.tensor([[1] * len(row) + [0] * (size - len(row)) for row in some])
            scores = model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
            found += scores[:, 0].tolist()
    model.train(was_training)
    return found
