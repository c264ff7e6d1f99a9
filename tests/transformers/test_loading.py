"""Pre-trained models are found and loaded: what is refused, and with what words."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, T5EncoderModel

from korpus.errors import KorpusError, UsageError
from korpus.files import find_pretrained, source_digest
from korpus.models import tf
from korpus.models.tuning import tf_finetune

Tiny = Callable[[str], str]


def copied(folder: str, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def refused(name: str | Path, task: str = tf.BASE, **how: object) -> KorpusError:
    with pytest.raises(KorpusError) as caught:
        tf.load_transformer(tf.opened(str(name), task=task, **how), task)  # type: ignore[arg-type]
    assert caught.value.hint and "\n" not in caught.value.message
    return caught.value


def test_what_is_found_is_told(tiny_model: Tiny) -> None:
    folder = tiny_model("fill")
    found = find_pretrained(folder)
    weights = f"{folder}/model.safetensors"
    assert found.provenance == {
        "model": folder,
        "revision": None,
        "digest": source_digest([weights]),
        "licence": "cc0-1.0",
    }
    model = tf.load_transformer(found, tf.FILL)
    saved = load_file(weights)
    for name, value in model.model.state_dict().items():
        if name in saved:
            assert value.dtype == torch.float32 and torch.equal(value, saved[name])
    assert model.longest == 64 and model.device == "cpu"


def test_other_weights_have_another_digest(tiny_model: Tiny) -> None:
    assert len({find_pretrained(tiny_model(kind)).digest for kind in ("fill", "tag", "nli")}) == 3


@pytest.mark.parametrize(
    ("kind", "task", "command"),
    [
        ("fill", tf.CLASSIFY, "tf fill"),
        ("generate", tf.FILL, "tf generate"),
        ("tag", tf.ANSWER, "tf tag"),
    ],
)
def test_a_model_of_another_kind(tiny_model: Tiny, kind: str, task: str, command: str) -> None:
    error = refused(tiny_model(kind), task)
    assert "is not" in error.message and command in (error.hint or "")


def test_a_config_that_promises_a_head(tiny_model: Tiny, tmp_path: Path) -> None:
    """The weights tell: a head that is not in them would be random."""
    folder = copied(tiny_model("base"), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    config["architectures"] = ["BertForSequenceClassification"]
    (folder / "config.json").write_text(json.dumps(config))
    assert "is not a classifier" in refused(folder, tf.CLASSIFY).message


def test_damaged_folders(tiny_model: Tiny, tmp_path: Path) -> None:
    assert "no such file or folder" in refused(tmp_path / "nowhere").message
    (tmp_path / "file").touch()
    assert "is a file" in refused(tmp_path / "file").message
    (tmp_path / "empty").mkdir()
    assert "it has no config.json" in refused(tmp_path / "empty").message
    folder = copied(tiny_model("fill"), tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    assert "cannot be loaded" in refused(folder).message
    weights.rename(folder / "pytorch_model.bin")
    error = refused(folder)
    assert "not in the safetensors format but in pytorch_model.bin" in error.message
    (folder / "pytorch_model.bin").unlink()
    assert "model.safetensors is missing" in refused(folder).message
    (folder / "config.json").write_text("[" * 100_000)
    assert "config.json is damaged" in refused(folder).message


def test_parts_that_do_not_fit(tiny_model: Tiny, tmp_path: Path) -> None:
    """The library makes up a tokenizer, and names its own options and reports."""
    folder = copied(tiny_model("fill"), tmp_path / "model")
    own = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**own, "hidden_size": 64}))
    assert "other sizes than its config.json says" in refused(folder, tf.FILL).message
    (folder / "config.json").write_text(json.dumps(own))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    assert "no tokenizer.json" in refused(folder, tf.FILL).message
    with pytest.raises(KorpusError, match=r"no tokenizer\.json"):
        tf_finetune([{"text": "좋다"}], str(folder), task="mlm")


def test_steps_that_are_too_long(tiny_model: Tiny) -> None:
    texts = [
        {"id": str(n), "text": "좋다" if n % 2 else "별로다", "label": n % 2} for n in range(20)
    ]
    with pytest.raises(KorpusError, match="the loss is no number"):
        tf_finetune(texts, tiny_model("base"), epochs=1, learning_rate=1e30)


def test_vectors_of_an_encoder_that_has_a_decoder(tiny_model: Tiny) -> None:
    folder = tiny_model("rewrite")
    made = tf.tf_embed([{"id": "1", "text": "국물이 짜다"}], folder)
    encoder = T5EncoderModel.from_pretrained(folder)
    pieces = AutoTokenizer.from_pretrained(folder)("국물이 짜다", return_tensors="pt").input_ids
    with torch.inference_mode():
        expected = encoder(input_ids=pieces).last_hidden_state[0].mean(dim=0)
    assert torch.allclose(torch.tensor(made.vectors[0]), expected, atol=1e-5)


def test_a_tokenizer_without_a_mask(tiny_model: Tiny, tmp_path: Path) -> None:
    folder = copied(tiny_model("fill"), tmp_path / "model")
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    del settings["mask_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(KorpusError, match="has no mask"):
        list(tf.tf_fill([{"text": "[MASK] 좋다"}], str(folder)))


def test_no_code_of_a_model_runs(tiny_model: Tiny, tmp_path: Path) -> None:
    folder = copied(tiny_model("fill"), tmp_path / "model")
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoModel": "evil.X", "AutoConfig": "evil.X"}}
    (folder / "config.json").write_text(json.dumps(config))
    refused(folder)
    assert not (tmp_path / "ran").exists()


def test_the_hub_is_asked_only_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", called)
    monkeypatch.setattr(socket, "getaddrinfo", called)
    with pytest.raises(UsageError, match="has no --revision"):
        find_pretrained("nobody/no-such-model")
    error = refused("nobody/no-such-model", revision="1" * 40)
    assert "is not on this machine" in error.message and "--download" in (error.hint or "")


def test_no_network_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub.errors import LocalEntryNotFoundError

    def called(*_: object, **how: object) -> None:
        assert how["local_files_only"] is False and "bin" not in str(how["allow_patterns"])
        raise LocalEntryNotFoundError("Network is unreachable")

    monkeypatch.setattr("huggingface_hub.snapshot_download", called)
    error = refused("nobody/no-such-model", revision="1" * 40, download=True)
    assert "cannot be downloaded: no network" in error.message


def test_devices(tiny_model: Tiny) -> None:
    with pytest.raises(UsageError, match="--device tpu is unknown"):
        tf.opened(tiny_model("fill"), device="tpu")
    if not torch.cuda.is_available():
        with pytest.raises(KorpusError, match="no device cuda"):
            tf.load_transformer(tf.opened(tiny_model("fill")), device="cuda")


def test_a_revision_is_not_of_a_folder(tiny_model: Tiny) -> None:
    with pytest.raises(UsageError, match="--revision is for models of the hub"):
        find_pretrained(tiny_model("fill"), revision="main")


def test_out_of_memory_is_one_line() -> None:
    with pytest.raises(KorpusError, match="out of memory") as caught, tf.out_of_memory():
        torch.empty(1 << 60)
    assert "--batch-size" in (caught.value.hint or "")


def test_an_adapter_brings_its_model(tiny_model: Tiny, tmp_path: Path) -> None:
    import peft
    from transformers import AutoModelForSequenceClassification

    base = tiny_model("classify")
    model = AutoModelForSequenceClassification.from_pretrained(base)
    how = peft.LoraConfig(task_type="SEQ_CLS", r=2, init_lora_weights=False)
    torch.manual_seed(1)
    adapted = peft.get_peft_model(model, how)
    adapted.save_pretrained(tmp_path / "adapter")
    found = tf.opened(str(tmp_path / "adapter"), task=tf.CLASSIFY)
    assert found.adapter and found.folder == base
    assert found.digest != find_pretrained(base).digest
    loaded = tf.load_transformer(found, tf.CLASSIFY)
    ids = torch.tensor([[2, 30, 40, 3]])
    with torch.inference_mode():
        ours = loaded.model(input_ids=ids).logits
        assert torch.allclose(ours, adapted.eval()(input_ids=ids).logits, atol=1e-6)
        plain = AutoModelForSequenceClassification.from_pretrained(base)(input_ids=ids).logits
    assert not torch.allclose(ours, plain, atol=1e-3)
