"""The stage tf_align: a language model and feedback of people → a model that follows it (RLHF)."""

import logging
import math
from typing import Any

from korpus.checks import check_choice, check_least, check_most
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import PACKAGES, Pretrained, check_packages, find_pretrained
from korpus.messages import _
from korpus.models import tf
from korpus.models.tuning import learner as learners
from korpus.models.tuning.feedback import (
    DPO,
    PPO,
    REWARD,
    RLOO,
    SFT,
    STEPS,
    Turn,
    Writer,
    rewards,
    turns,
)
from korpus.models.tuning.learner import CLM, Learner, load_learner, usual_rate
from korpus.models.tuning.loop import Report, check_loss, check_plan
from korpus.models.tuning.trainers import CURVE, Judge, Settings, train
from korpus.models.tuning.tuned import Tuned, digest_of
from korpus.records import DocumentSource, Table

logger = logging.getLogger("korpus")

_RATE = {SFT: 1.0, REWARD: 1.0, DPO: 0.2, RLOO: 0.2}  # of the usual one
_MOST_GENERATIONS = 1000


def tf_align(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    step: str = SFT,
    reward_model: str | None = None,
    lora: bool = False,
    merge: bool = False,
    chat: bool = False,
    epochs: int = 1,
    batch_size: int = 8,
    learning_rate: float | None = None,
    beta: float = 0.1,
    generations: int = 4,
    max_new_tokens: int = 32,
    max_length: int | None = None,
    revision: str | None = None,
    download: bool = False,
    device: str = "cpu",
    seed: int = 0,
    report: Report | None = None,
) -> Tuned:
    """Let a language model follow feedback of people (RLHF; Ouyang et al. 2022), by trl.

    `step`: what is done, one of four.
    sft: train on responses to prompts. reward: train a model that gives each response a number, on
    comparisons (Bradley & Terry 1952). dpo: train on comparisons directly (Rafailov et al. 2023).
    rloo: let the model write `generations` responses to each prompt, and make those likelier to
    which `reward_model` gives more than to the others (RLOO, Ahmadian et al. 2024, with the clipped
    objective of PPO; ppo is another name of this step, as trl has no PPO any more).
    `beta`: how much the distance (KL) from the model before counts, in dpo and rloo.
    `max_new_tokens`: the most pieces of a response in rloo. `chat`: put prompts into the model's
    chat template; without it a response begins in a line of its own. `lora`, `merge`, `epochs`,
    `batch_size` (prompts per step), `learning_rate` (default: as `tf_finetune`, of dpo and rloo a
    fifth), `max_length`: see `tf_finetune`; the others: see `tf_embed`. Prompts and responses that
    are too long are cut and counted, and comparisons left out that have no difference then.

    Columns in: `prompt`, and of sft `response`, of reward and dpo `chosen` and `rejected`. Columns
    out, per step: `step`, `loss`, `reward` (mean; of dpo that of the chosen, implicit), `kl` (per
    piece), `accuracy` (of sft of the next piece; else the share of pairs in order), `margin`,
    `length`. Same data, options and seed, same weights on the same kind of processor.
    Raises UsageError for wrong options, KorpusError for data that is not as described.
    """
    check_align(
        step,
        epochs,
        batch_size,
        learning_rate,
        beta,
        generations,
        max_new_tokens,
        max_length,
        reward_model,
    )
    if step == PPO:
        logger.info(_("--step ppo: trl has no PPO any more; this is --step rloo"))
        step = RLOO
    data = turns(documents, step)
    found = model
    if isinstance(found, str):
        found = find_pretrained(found, revision=revision, download=download)
    judge = _judge(reward_model, device) if reward_model else None
    task, labels = (learners.REWARD, ["reward"]) if step == REWARD else (CLM, None)
    learner = load_learner(
        found, task, labels=labels, lora=lora, merge=merge, device=device, seed=seed
    )
    longest = min(max_length or learner.longest, learner.longest)
    if step == RLOO and max_new_tokens >= longest:
        raise UsageError(
            _("--max-new-tokens {number} leaves no room: the model takes {longest} pieces").format(
                number=max_new_tokens, longest=longest
            ),
            _("lower --max-new-tokens"),
        )
    writer = Writer(learner.tokenizer, longest, chat=chat, name=found.name)
    rate = learning_rate or _RATE[step] * usual_rate(learner.model.config, lora=lora)
    settings = Settings(epochs, batch_size, rate, beta, generations, max_new_tokens, seed)
    rows = train(learner, step, data, writer, settings, judge, report)
    for row in rows:
        check_loss(row[1])
    if lora and merge:
        learner.merge()
    provenance: dict[str, Any] = {
        "command": "tf align",
        "step": step,
        "documents": len(data),
        "input": digest_of((turn.prompt, *turn.responses) for turn in data),
        "seed": seed,
        "options": {
            "lora": lora,
            "merge": merge,
            "chat": chat,
            "epochs": epochs,
            "batch_size": batch_size,
            "learning_rate": rate,
            "beta": beta,
            "generations": generations,
            "max_new_tokens": max_new_tokens,
            "max_length": longest,
        },
    }
    if step == REWARD:
        provenance["in_order"] = share = _in_order(learner, data, writer, batch_size)
        logger.info(_("after training, %.1f %% of the pairs are in the right order"), 100 * share)
    if reward_model:
        provenance["reward_model"] = find_pretrained(reward_model).provenance
    curve = Table(CURVE, lambda: rows)
    return Tuned(learner, curve, curve, None, provenance)


def check_align(
    step: str,
    epochs: int,
    batch_size: int,
    learning_rate: float | None,
    beta: float,
    generations: int,
    max_new_tokens: int,
    max_length: int | None,
    reward_model: str | None,
) -> None:
    """Raises UsageError for options that `tf_align` does not take; KorpusError without its
    packages."""
    step = RLOO if step == PPO else step
    check_choice("--step", step, STEPS)
    check_plan(epochs, batch_size, learning_rate, 0, 0.0, max_length)
    check_least("--generations", generations, 2)
    check_least("--max-new-tokens", max_new_tokens, 1)
    check_most("--generations", generations, _MOST_GENERATIONS)
    if not 0 <= beta < math.inf:
        raise UsageError(
            _("{option} {value} is not a number of 0 or more").format(option="--beta", value=beta),
            _("such as --beta 0.1"),
        )
    if step == RLOO and not reward_model:
        raise UsageError(
            _("--step rloo needs a --reward-model"),
            _("train one first: korpus tf align --step reward"),
        )
    if step != RLOO and reward_model:
        raise UsageError(
            _("{option} does nothing with {other}").format(
                option="--reward-model", other=f"--step {step}"
            ),
            _("leave it out, or choose {other}").format(other="--step rloo"),
        )
    check_packages((*PACKAGES, "trl"))


def _judge(name: str, device: str) -> Judge:
    """A reward model. Raises KorpusError for a model of another kind."""
    source = tf.opened(name, device=device, task=tf.CLASSIFY)
    loaded = tf.load_transformer(source, tf.CLASSIFY, device)
    if loaded.model.config.num_labels != 1:
        raise KorpusError(
            _("{name} is a classifier, not a reward model").format(name=name),
            _("train one first: korpus tf align --step reward"),
        )
    loaded.model.config.pad_token_id = loaded.tokenizer.pad_token_id
    writer = Writer(loaded.tokenizer, loaded.longest, chat=False, name=name)
    return Judge(loaded.model, writer, loaded.device)


def _in_order(learner: Learner, data: list[Turn], writer: Writer, batch_size: int) -> float:
    """The share of comparisons whose chosen response gets the higher reward."""
    pairs = writer.comparisons(data)
    scores = [
        rewards(learner.model, learner.device, (one[0] + one[side] for one in pairs), batch_size)
        for side in (1, 2)
    ]
    return float(sum(one > other for one, other in zip(*scores, strict=True)) / len(pairs))
