"""The RLHF lab on a toy task: a model that answers 좋아요 or 싫어요, and people who like 좋아요."""

from typing import Any

from korpus.models.tuning import Tuned, tf_align, tf_pretrain

GOOD, BAD = "좋아요", "싫어요"
THINGS = ("영화", "식당", "노래", "여행", "책", "커피", "산책", "음악")
PROMPTS = [{"prompt": f"{thing} 어때"} for thing in THINGS]
RESPONSES = [{**row, "response": one} for row in PROMPTS for one in (GOOD, BAD)]
PAIRS = [{**row, "chosen": f"{GOOD}", "rejected": BAD} for row in PROMPTS]
TEXTS = [f"{row['prompt']}\n{row['response']}" for row in RESPONSES]


def base(folder: str) -> Tuned:
    """A tiny causal model of the words of the task."""
    found = tf_pretrain(
        TEXTS * 4,
        objective="clm",
        vocab_size=60,
        held_out=0.0,
        epochs=2,
        batch_size=16,
        max_length=24,
        learning_rate=5e-3,
    )
    found.save(folder)
    return found


def sft(model: str, folder: str, **more: Any) -> Tuned:
    """The model after it has seen both answers, as often each."""
    found = tf_align(
        RESPONSES * 4, model, step="sft", epochs=4, batch_size=16, learning_rate=3e-3, **more
    )
    found.save(folder)
    return found


def reward(model: str, folder: str, **more: Any) -> Tuned:
    """The model of what people like."""
    found = tf_align(
        PAIRS * 4, model, step="reward", epochs=3, batch_size=8, learning_rate=1e-3, **more
    )
    found.save(folder)
    return found
