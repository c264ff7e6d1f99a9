"""Alignment: responses, rewards, comparisons, and what a model writes after them."""

import json
import socket
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
)
from trl.trainer.dpo_trainer import DataCollatorForPreference

from korpus.errors import KorpusError, UsageError
from korpus.models import tf
from korpus.models.tuning import tf_align
from korpus.models.tuning.feedback import Turn, Writer, turns
from korpus.views import plot_alignment
from tests.support import fresh
from tests.transformers import lab

pytestmark = pytest.mark.xdist_group("tf align")  # its tests share what was trained


class Lab(NamedTuple):
    """The folders of the models of the lab."""

    base: str
    sft: str
    reward: str


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A base model, that after sft, and a reward model."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("lab")
    found = Lab(*(str(folder / name) for name in Lab._fields))
    lab.base(found.base)
    lab.sft(found.base, found.sft)
    lab.reward(found.sft, found.reward)
    return found


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)  # of models so small, more only wait


def share_of_good(model: Any, folder: str) -> float:
    """How often a model answers what people like, by transformers itself."""
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    asked = [f"{row['prompt']}\n" for row in lab.PROMPTS] * 16
    batch = tokenizer(asked, return_tensors="pt", padding=True)
    torch.manual_seed(7)
    with torch.inference_mode():
        found = model.generate(**batch, do_sample=True, max_new_tokens=6, top_k=0)
    texts = tokenizer.batch_decode(found[:, batch["input_ids"].shape[1] :], True)
    return sum(lab.GOOD in text and lab.BAD not in text for text in texts) / len(texts)


def test_sft_learns_responses(models: Lab) -> None:
    model = AutoModelForCausalLM.from_pretrained(models.sft)
    tokenizer = AutoTokenizer.from_pretrained(models.sft)
    # Both answers were seen equally often, each with its end.
    for answer in (lab.GOOD, lab.BAD):
        ids = tokenizer(f"영화 어때\n{answer}{tokenizer.eos_token}", return_tensors="pt")
        with torch.inference_mode():
            logits = model(**ids).logits[0].log_softmax(-1)
        start = len(tokenizer("영화 어때\n")["input_ids"])
        row = ids["input_ids"][0]
        likely = sum(logits[n - 1, row[n]].item() for n in range(start, len(row)))
        assert likely == pytest.approx(torch.tensor(0.5).log().item(), abs=0.45)


def test_only_responses_count_in_sft(models: Lab) -> None:
    """The loss of the first step, by hand: of the pieces of the responses and no others."""
    rows = lab.RESPONSES[:4]
    how = {"batch_size": 4, "learning_rate": 1e-9}
    tuned = tf_align(rows, models.base, step="sft", **how)  # type: ignore[arg-type]
    model = AutoModelForCausalLM.from_pretrained(models.base).train(False)
    tokenizer = AutoTokenizer.from_pretrained(models.base)
    losses = []
    for row in rows:
        start = len(tokenizer(f"{row['prompt']}\n")["input_ids"])
        ids = tokenizer(f"{row['prompt']}\n{row['response']}</s>", return_tensors="pt")["input_ids"]
        with torch.inference_mode():
            logits = model(input_ids=ids).logits[0]
        losses += torch.nn.functional.cross_entropy(
            logits[start - 1 : -1], ids[0, start:], reduction="none"
        ).tolist()
    (step,) = tuned.curve
    # Dropout makes the trainer's differ a little.
    assert step["loss"] == pytest.approx(sum(losses) / len(losses), abs=0.15)


def test_a_reward_model_ranks_its_pairs(models: Lab) -> None:
    about = json.loads(Path(models.reward, "korpus.json").read_text())
    assert about["in_order"] >= 0.95
    model = AutoModelForSequenceClassification.from_pretrained(models.reward)
    tokenizer = AutoTokenizer.from_pretrained(models.reward)
    right = 0
    for row in lab.PAIRS:
        scores = []
        for side in ("chosen", "rejected"):
            ids = tokenizer(f"{row['prompt']}\n{row[side]}</s>", return_tensors="pt")
            with torch.inference_mode():
                scores.append(model(**ids).logits.item())
        right += scores[0] > scores[1]
    assert right / len(lab.PAIRS) == about["in_order"]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rloo_raises_the_reward(models: Lab, seed: int) -> None:
    how = {"max_new_tokens": 6, "learning_rate": 1e-3, "epochs": 2, "beta": 0.02}
    tuned = tf_align(
        lab.PROMPTS * 3,
        models.sft,
        step="rloo",
        reward_model=models.reward,
        seed=seed,
        **how,  # type: ignore[arg-type]
    )
    curve = list(tuned.curve)
    assert curve[-1]["reward"] > curve[0]["reward"] and curve[-1]["kl"] > 0.01
    assert abs(curve[0]["kl"]) < 0.05
    before = AutoModelForCausalLM.from_pretrained(models.sft)
    share = share_of_good(before, models.sft)
    assert share_of_good(tuned.learner.model, models.sft) > share + 0.2
    assert "reward" in json.dumps(plot_alignment(tuned.curve).to_dict())


def test_dpo_prefers_the_chosen(models: Lab) -> None:
    tuned = tf_align(lab.PAIRS * 3, models.sft, step="dpo", learning_rate=2e-3)
    curve = list(tuned.curve)
    assert curve[0]["loss"] == pytest.approx(0.6931, abs=1e-3)  # ln 2: nothing has changed yet
    assert curve[-1]["accuracy"] == 1.0 and curve[-1]["margin"] > 0.1
    before = AutoModelForCausalLM.from_pretrained(models.sft)
    share = share_of_good(before, models.sft)
    assert share_of_good(tuned.learner.model, models.sft) > share + 0.1


def test_the_same_bytes_in_another_process_and_nothing_else(models: Lab, tmp_path: Path) -> None:
    source = tmp_path / "prompts.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in lab.PROMPTS))
    line = [
        "tf",
        "align",
        "prompts.jsonl",
        "-m",
        models.sft,
        "--step",
        "ppo",
        "--seed",
        "5",
    ]  # of old
    line += ["--reward-model", models.reward, "--max-new-tokens", "4", "-o", "one"]
    home = tmp_path / "home"
    home.mkdir()
    variables = {"OMP_NUM_THREADS": "1", "KORPUS_LANG": "en", "HF_HOME": str(home)}
    done = fresh(*line, cwd=tmp_path, **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "step,loss,reward,kl,accuracy,margin,length"
    assert len(done.stdout.splitlines()) == 2
    lines = done.stderr.splitlines()
    assert "korpus: --step ppo: trl has no PPO any more; this is --step rloo" in lines
    assert all(line.startswith("korpus: ") for line in lines), done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "one", "prompts.jsonl"]
    assert not [path for path in home.rglob("*") if path.is_file()]
    tuned = tf_align(
        lab.PROMPTS,
        models.sft,
        step="rloo",
        reward_model=models.reward,
        max_new_tokens=4,
        seed=5,
    )
    tuned.save(str(tmp_path / "two"))
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two")]
    assert weights[0] == weights[1]
    loaded = tf.load_transformer(tf.opened(str(tmp_path / "one"), task=tf.GENERATE), tf.GENERATE)
    assert loaded.tokenizer.eos_token == "</s>"


def test_an_adapter_of_dpo(models: Lab, tmp_path: Path) -> None:
    how = {"step": "dpo", "lora": True, "learning_rate": 1e-2}
    tuned = tf_align(lab.PAIRS, models.sft, **how)  # type: ignore[arg-type]
    tuned.save(str(tmp_path / "apart"))
    assert (tmp_path / "apart" / "adapter_model.safetensors").is_file()
    tuned.learner.merge()
    tuned.save(str(tmp_path / "merged"))
    found = tf.opened(str(tmp_path / "apart"), task=tf.GENERATE)
    apart = tf.load_transformer(found, tf.GENERATE).model
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    ids = torch.tensor([[5, 9, 12, 7]])
    with torch.inference_mode():
        assert torch.allclose(apart(ids).logits, merged(ids).logits, atol=1e-5)
        before = AutoModelForCausalLM.from_pretrained(models.sft)(ids).logits
    assert not torch.allclose(before, merged(ids).logits, atol=1e-3)


def test_no_network_is_used(models: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", called)
    monkeypatch.setattr(socket, "getaddrinfo", called)
    tf_align(lab.RESPONSES[:2], models.base, step="sft")


@pytest.mark.parametrize(
    ("rows", "step", "message"),
    [
        ([], "sft", "the input is empty"),
        ([{"prompt": "a", "response": "b"}, {"prompt": "a"}], "sft", "line 2: .*'response'"),
        ([{"prompt": "a", "response": " "}], "sft", "line 1: response is empty"),
        ([{"prompt": "a", "response": 3}], "sft", "line 1: response is not text"),
        ([{"prompt": "a", "response": None}], "sft", "line 1: response is not text"),
        ([{"prompt": "a", "response": "b"}], "dpo", "line 1: .*'chosen'"),
        ([{"prompt": "a", "chosen": "b", "rejected": "b"}], "reward", "line 1: .* are the same"),
    ],
)
def test_data_is_checked_first(rows: Any, step: str, message: str) -> None:
    with pytest.raises(KorpusError, match=message) as caught:
        tf_align(rows, "/nowhere", step=step)  # before the model is looked for
    assert step == "sft" or caught.value.hint


def test_models_of_another_kind(models: Lab, tiny_model: Any) -> None:
    for model, hint in ((tiny_model("classify"), "reward"), (models.sft, "")):
        with pytest.raises(KorpusError, match=r"is (not )?a classifier") as caught:
            tf_align(lab.PROMPTS, models.sft, step="rloo", reward_model=model)
        assert hint in (caught.value.hint or "")
    with pytest.raises(KorpusError, match="cannot be trained for clm"):
        tf_align(lab.RESPONSES, tiny_model("fill"), step="sft")


@pytest.mark.parametrize(
    "how",
    [
        {"step": "rl"},
        {"step": "rloo"},
        {"step": "dpo", "reward_model": "x"},
        {"beta": -1.0},
        {"beta": float("nan")},
        {"generations": 10**9},
        {"generations": 1},
        {"max_new_tokens": 0},
    ],
)
def test_wrong_options(how: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        tf_align(lab.RESPONSES, "/nowhere", **how)


def test_long_texts_are_cut_and_counted(
    models: Lab, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(models.base)
    writer = Writer(tokenizer, 16, chat=False, name="x")
    (turn,) = turns([{"prompt": "영화 " * 30, "response": "좋아요 " * 30}], "sft")
    prompt, (answer,) = writer.parts(turn)
    assert len(prompt) == 8 and len(answer) == 8 and writer.cut == 1
    assert len(writer.ids(writer.question(turn, 6))) <= 10
    # A prompt that fills a text by itself, and responses that differ too far behind.
    rows = [
        {"prompt": "영화 " * 30, "chosen": lab.GOOD, "rejected": lab.BAD},
        {"prompt": "책", "chosen": f"{lab.GOOD} " * 30, "rejected": f"{lab.GOOD} " * 31},
        {"prompt": "책", "chosen": lab.GOOD, "rejected": lab.BAD},
    ]
    seen: list[dict[str, Any]] = []
    trained = DataCollatorForPreference.torch_call

    def kept(self: Any, examples: list[dict[str, Any]]) -> Any:
        seen.extend(examples)
        return trained(self, examples)

    monkeypatch.setattr(DataCollatorForPreference, "torch_call", kept)
    tf_align(rows, models.base, step="dpo", max_length=16)
    ends = [tokenizer.decode(row["chosen_ids"][:-1]) for row in seen]
    assert ends == [lab.GOOD] * 2 and sorted(len(row["prompt_ids"]) for row in seen)[1] == 8
    assert "4 texts longer than 16 pieces cut" in caplog.text
    assert "1 comparison left out: the responses differ only where they were cut" in caplog.text
    with pytest.raises(KorpusError, match="no comparison is left") as caught:
        tf_align(rows[1:2], models.base, step="reward", max_length=16)
    assert "--max-length" in (caught.value.hint or "")


def test_texts_begin_as_the_tokenizer_begins_them(tiny_model: Any) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_model("generate"))
    (turn,) = turns([{"prompt": "가", "response": "나"}], "sft")
    assert Writer(tokenizer, 64, chat=False, name="x").parts(turn)[0] == tokenizer("가\n").input_ids
    start = TemplateProcessing(single="</s> $A", special_tokens=[("</s>", 1)])
    tokenizer.backend_tokenizer.post_processor = start  # as of Llama
    writer = Writer(tokenizer, 64, chat=False, name="x")
    ids = tokenizer("가\n").input_ids
    assert writer.parts(turn)[0] == ids and ids[0] == 1
    assert writer.opened("</s>가") == tokenizer("가").input_ids  # of a chat template


def test_a_chat_template_is_used(tiny_model: Any) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_model("generate"))
    writer = Writer(tokenizer, 64, chat=True, name="x")
    assert writer.prompt("가") == "user: 가\nassistant: "
    with pytest.raises(KorpusError, match="has no chat template"):
        tokenizer.chat_template = None
        Writer(tokenizer, 64, chat=True, name="x")
    assert Turn("가", ()).responses == ()
