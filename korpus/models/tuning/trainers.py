"""The trainers of the library trl: how they are set up, and what they tell of each step."""

import copy
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from korpus.models.tf import continuation
from korpus.models.tuning.feedback import DPO, REWARD, RLOO, SFT, Turn, Writer, rewards
from korpus.models.tuning.learner import Learner, training_errors
from korpus.models.tuning.loop import Report
from korpus.records import Row

CURVE = ["step", "loss", "reward", "kl", "accuracy", "margin", "length"]
_REWARD_NAME = "reward_model"
# What trl calls the columns of CURVE.
_NAMES = {
    SFT: {"accuracy": "mean_token_accuracy"},
    REWARD: {"reward": "mean_reward", "accuracy": "accuracy", "margin": "margin"},
    DPO: {
        "reward": "rewards/chosen",
        "accuracy": "rewards/accuracies",
        "margin": "rewards/margins",
    },
    RLOO: {
        "reward": f"rewards/{_REWARD_NAME}/mean",
        "kl": "kl",
        "length": "completions/mean_length",
    },
}


@dataclass(frozen=True)
class Settings:
    """How a model is aligned; see `tf_align`."""

    epochs: int
    batch_size: int
    rate: float
    beta: float
    generations: int
    max_new_tokens: int
    seed: int


@dataclass(frozen=True)
class Judge:
    """A reward model. `model`, `writer`: with its tokenizer; `device`: where it runs."""

    model: Any
    writer: Writer
    device: str

    def scores(self, prompts: list[str], responses: list[str]) -> list[float]:
        """The rewards of responses to prompts, which are as the policy read them."""
        writer = self.writer
        rows = [
            [*writer.opened(prompt), *writer.ids(response), writer.end][-writer.longest :]
            for prompt, response in zip(prompts, responses, strict=True)
        ]
        return rewards(self.model, self.device, rows, len(rows))


def train(
    learner: Learner,
    step: str,
    data: list[Turn],
    writer: Writer,
    settings: Settings,
    judge: Judge | None = None,
    report: Report | None = None,
) -> list[Row]:
    """Train a model by a step of alignment, and return the rows of CURVE."""
    with _quiet() as folder, training_errors():
        trainer = _trainer(folder, learner, step, data, writer, settings, judge)
        writer.log_cut()
        rows: list[Row] = []
        _listen(trainer, step, rows, report)
        trainer.train()
        learner.model = trainer.model.train(False)
    return rows


def _trainer(
    folder: str,
    learner: Learner,
    step: str,
    data: list[Turn],
    writer: Writer,
    settings: Settings,
    judge: Judge | None,
) -> Any:
    import datasets
    import trl

    common: dict[str, Any] = {
        "output_dir": folder,
        "num_train_epochs": settings.epochs,
        "per_device_train_batch_size": settings.batch_size,
        "learning_rate": settings.rate,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "use_cpu": learner.device == "cpu",
        "bf16": False,
        "fp16": False,
        "gradient_checkpointing": False,
        "save_strategy": "no",
        "logging_strategy": "steps",
        "logging_steps": 1,
        "report_to": "none",
        "push_to_hub": False,
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }
    shared: dict[str, Any] = {"model": learner.model, "processing_class": learner.tokenizer}

    def rows_of(names: list[str], rows: Iterable[tuple[list[int], ...]]) -> Any:
        return datasets.Dataset.from_list([dict(zip(names, row, strict=True)) for row in rows])

    if step == SFT:
        pairs = [(prompt, answer) for prompt, (answer,) in map(writer.parts, data)]
        rows = rows_of(
            ["input_ids", "completion_mask"],
            ((one + two, [0] * len(one) + [1] * len(two)) for one, two in pairs),
        )
        how = trl.SFTConfig(**common, max_length=None, completion_only_loss=True)
        return trl.SFTTrainer(**shared, args=how, train_dataset=rows)
    if step == REWARD:
        rows = rows_of(
            ["chosen_ids", "rejected_ids"],
            ((one + two, one + three) for one, two, three in writer.comparisons(data)),
        )
        how = trl.RewardConfig(**common, max_length=None)
        return trl.RewardTrainer(**shared, args=how, train_dataset=rows)
    if step == DPO:
        rows = rows_of(["prompt_ids", "chosen_ids", "rejected_ids"], writer.comparisons(data))

        class Comparing(trl.DPOTrainer):  # type: ignore[misc]
            def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
                """Take pieces as they are; trl would leave out long prompts and not say so."""
                return dataset

        how = trl.DPOConfig(**common, max_length=None, beta=settings.beta)
        reference = None if learner.is_adapted else copy.deepcopy(learner.model)
        return Comparing(**shared, args=how, train_dataset=rows, ref_model=reference)
    assert step == RLOO and judge is not None
    return _policy_trainer(common, shared, folder, learner, data, writer, settings, judge)


def _policy_trainer(
    common: dict[str, Any],
    shared: dict[str, Any],
    folder: str,
    learner: Learner,
    data: list[Turn],
    writer: Writer,
    settings: Settings,
    judge: Judge,
) -> Any:
    """The trainer that lets a model write, and asks the reward model.

    trl has no PPO any more; RLOO (Ahmadian et al. 2024) has its clipped objective and penalty of
    KL, with the other texts for the same prompt as the baseline in the place of a value model.
    """
    import datasets
    import trl

    if learner.source is not None and learner.source.adapter is not None:
        # The reference is read from a folder; the adapter has to be in it.
        place = os.path.join(folder, "reference")  # noqa: PTH118
        learner.model.save_pretrained(place)
        learner.model.config._name_or_path = place
    prompts = [{"prompt": writer.question(turn, settings.max_new_tokens)} for turn in data]

    def judged(
        prompts: list[str], completions: list[str], completion_ids: list[list[int]], **_more: Any
    ) -> list[float]:
        texts = [
            continuation(learner.tokenizer, writer.ids(prompt), ids)
            for prompt, ids in zip(prompts, completion_ids, strict=True)
        ]
        return judge.scores(prompts, texts)

    judged.__name__ = _REWARD_NAME
    # trl leaves out prompts that fill no batch.
    size = min(settings.batch_size, len(data))
    common["per_device_train_batch_size"] = size * settings.generations
    how = trl.RLOOConfig(
        **common,
        num_generations=settings.generations,
        max_completion_length=settings.max_new_tokens,
        beta=settings.beta,
        temperature=1.0,
        num_iterations=2,
    )
    return trl.RLOOTrainer(
        **shared,
        args=how,
        reward_funcs=judged,
        train_dataset=datasets.Dataset.from_list(prompts),
    )


def _listen(trainer: Any, step: str, rows: list[Row], report: Report | None) -> None:
    """Collect what the trainer logs, and print nothing."""
    import transformers

    names = _NAMES[step]

    class Listener(transformers.TrainerCallback):  # type: ignore[misc]
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            # Of rloo, a step that goes over the same texts again has no reward.
            if logs and "loss" in logs and (step != RLOO or names["reward"] in logs):
                found = {name: logs.get(own) for name, own in names.items()}
                found |= {"step": state.global_step, "loss": logs["loss"]}
                rows.append(tuple(_number(found.get(name)) for name in CURVE))

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if report:
                report(state.global_step, state.max_steps)

    trainer.remove_callback(transformers.PrinterCallback)
    trainer.add_callback(Listener())


def _number(value: Any) -> int | float | None:
    """A number that trl logs, some as text."""
    if value is None or isinstance(value, int):
        return value
    return float(value)


@contextmanager
def _quiet() -> Iterator[str]:
    """Give a folder for what trainers write, and let them print and send nothing."""
    for name, value in (
        ("HF_HUB_OFFLINE", "1"),
        ("WANDB_DISABLED", "true"),
        ("HF_DATASETS_OFFLINE", "1"),
        ("TRL_EXPERIMENTAL_SILENCE", "1"),
    ):
        os.environ.setdefault(name, value)
    import datasets

    logging.getLogger("accelerate").setLevel(logging.ERROR)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    datasets.logging.set_verbosity_error()
    with TemporaryDirectory(prefix="korpus-") as folder:
        yield folder
