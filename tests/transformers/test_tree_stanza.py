"""Parsing with stanza: models are trained here on 20 sentences, and nothing is downloaded."""

import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("stanza")

from korpus.analyzers import tree
from korpus.errors import KorpusError
from korpus.files import load_parser, read
from korpus.records import Record
from korpus.tokens import triples

FILE = Path(__file__).parent.parent / "data" / "sentences.conllu"
TINY = [
    *("--train_file", FILE, "--eval_file", FILE, "--no_pretrain", "--num_layers", 1),
    *("--hidden_dim", 40, "--char_hidden_dim", 20, "--deep_biaff_hidden_dim", 40),
    *("--char_emb_dim", 20, "--transformed_dim", 20, "--word_dropout", 0, "--dropout", 0),
    *("--word_cutoff", 1, "--batch_size", 200, "--eval_interval", 50),
]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as stanza.download makes it, but for resources.json: about 15 s on one core."""
    import torch
    from stanza.models import lemmatizer, parser, tagger, tokenizer

    torch.set_num_threads(1)  # threads gain nothing on layers of 40 units
    folder = tmp_path_factory.mktemp("stanza")
    data = tmp_path_factory.mktemp("data")
    texts, ends = [], []
    for one in read(FILE):
        marks = ["0"] * len(one["text"])
        at = 0
        for token in one["tokens"]:
            at = one["text"].index(token, at) + len(token)
            marks[at - 1] = "1"
        marks[at - 1] = "2"
        texts.append(one["text"])
        ends.append("".join(marks))
    (data / "x.txt").write_text("\n\n".join(texts) + "\n\n")
    (data / "x.label").write_text("\n\n".join(ends) + "\n\n")
    (data / "x.json").write_text("[]")

    def run(main: Any, kind: str, *more: object) -> None:
        place = ("--save_dir", folder / "ko" / kind, "--save_name", "tiny.pt")
        main([*map(str, ("--shorthand", "ko_tiny", "--cpu", *place, *more))])

    run(
        tokenizer.main,
        "tokenize",
        *("--lang", "ko", "--mwt_json_file", data / "x.json", "--dev_conll_gold", FILE),
        *("--txt_file", data / "x.txt", "--label_file", data / "x.label"),
        *("--dev_txt_file", data / "x.txt", "--dev_label_file", data / "x.label"),
        *("--steps", 80, "--eval_steps", 1000, "--max_seqlen", 60, "--batch_size", 8),
        *("--hidden_dim", 32, "--dropout", 0, "--unit_dropout", 0),
    )
    small = ("--composite_deep_biaff_hidden_dim", 20, "--fix_eval_interval", "--max_steps", 100)
    run(tagger.main, "pos", "--lang", "ko", *TINY, *small)
    run(lemmatizer.main, "lemma", "--train_file", FILE, "--eval_file", FILE, "--dict_only")
    adam = ("--optim", "adam", "--lr", 0.01, "--no_second_optim", "--no_checkpoint")
    none = ("--drop_initial_punct_prob", 0, "--deep_biaff_output_dim", 20, "--max_steps", 100)
    run(parser.main, "depparse", "--lang", "ko", *TINY, *adam, *none)
    return folder


def test_trees_are_those_of_the_treebank(models: Path) -> None:
    """Of sentences that the models have seen."""
    gold = [one for one in read(FILE) if one["text"][-1] != "."]
    found = list(tree([one["text"] for one in gold], parser=load_parser(str(models))))
    names = ("text", "tokens", "heads", "relations", "lemmas")
    pairs = list(zip(gold, found, strict=True))
    same = [one for one in pairs if all(one[0][name] == one[1][name] for name in names)]
    assert len(same) >= len(gold) - 1
    assert found[0]["id"] == "1#1" and found[0]["document"] == "1"
    assert (found[0]["start"], found[0]["end"]) == (0, len(gold[0]["text"]))
    assert {one["analyzer"] for one in found} == {"stanza"}
    assert " ko depparse=tiny lemma=tiny pos=tiny tokenize=tiny" in found[0]["analysis"]
    assert len(list(triples(found).rows)) >= 20


def test_trees_are_those_of_stanza_itself(models: Path, tmp_path: Path) -> None:
    """Called with the paths of the models, on texts that they have not seen."""
    import stanza

    (tmp_path / "resources.json").write_text('{"ko": {"packages": {}, "tokenize": {}}}')
    kinds = ("tokenize", "pos", "lemma", "depparse")
    theirs = stanza.Pipeline(
        "ko",
        dir=str(tmp_path),
        package=None,
        processors=dict.fromkeys(kinds, "tiny"),
        download_method=None,
        use_gpu=False,
        verbose=False,
        **{f"{kind}_model_path": str(models / "ko" / kind / "tiny.pt") for kind in kinds},
    )
    texts = ["동생이 노래를 부르지 않았다", "나는 책을 사고 영희는 배를 먹었다", " \n", "밥"]
    found = list(tree(texts, parser=load_parser(str(models / "ko"))))
    wanted: list[Record] = []
    for number, text in enumerate(texts, 1):
        if not text.strip():
            wanted.append({"id": f"{number}#1", "tokens": [], "heads": [], "relations": []})
            continue
        for place, one in enumerate(theirs(text).sentences, 1):
            columns = {
                "tokens": [word.text for word in one.words],
                "heads": [word.head for word in one.words],
                "relations": [word.deprel for word in one.words],
            }
            wanted.append({"id": f"{number}#{place}", **columns})
    assert [{name: one[name] for name in wanted[0]} for one in found] == wanted


def test_columns_pass_and_trees_stay(models: Path) -> None:
    (gold, *_rest) = read(FILE)
    text = {"id": "a", "text": "나는 밥을 먹었다", "rating": 5, "start": "앞", "tags": "말"}
    found = list(tree([text, gold], parser=load_parser(str(models))))
    assert found[-1] == gold
    assert (found[0]["rating"], found[0]["start_"], found[0]["tags_"]) == (5, "앞", "말")


class Runs:
    """A file with it runs code when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("kind", ["tokenize", "pos", "lemma", "depparse"])
def test_a_file_that_is_code_is_refused_and_not_run(
    kind: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    path, mark = folder / "ko" / kind / "tiny.pt", tmp_path / "ran"
    original = torch.load
    for protocol in (2, None):
        if protocol:
            path.write_bytes(pickle.dumps(Runs(mark), protocol=protocol))
        else:
            torch.save({"model": Runs(mark), "config": {}}, path)
        with pytest.raises(KorpusError, match="the models of stanza cannot be loaded"):
            load_parser(str(folder))
        assert not mark.exists()

    # The same where a version of stanza asks for all of a file.
    def careless(*arguments: Any, **options: Any) -> Any:
        return original(*arguments, **{**options, "weights_only": False})

    monkeypatch.setattr(torch, "load", careless)
    with pytest.raises(KorpusError, match="the models of stanza cannot be loaded"):
        load_parser(str(folder))
    assert not mark.exists()


def test_missing_models_are_named(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    shutil.rmtree(folder / "ko" / "pos")
    with pytest.raises(KorpusError, match="models of stanza are missing: pos") as caught:
        load_parser(str(folder))
    assert caught.value.hint is not None and "stanza.download" in caught.value.hint
    shutil.rmtree(folder / "ko" / "tokenize")
    (folder / "ko" / "depparse" / "tiny.pt").unlink()
    with pytest.raises(KorpusError, match="missing: tokenize, pos, depparse"):
        load_parser(str(folder))


def test_without_a_lemmatizer_lemmas_are_forms(models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    shutil.rmtree(folder / "ko" / "lemma")
    (found,) = tree("나는 밥을 먹었다", parser=load_parser(str(folder)))
    assert found["tokens"] == found["lemmas"]
