"""Explanations: weights that add up to the score, places in the text, colours, telling terms."""

import csv
from pathlib import Path
from typing import Any

import pytest

import korpus as api
from korpus.models.classify.codes import as_numbers
from korpus.tokens.texts import text_parts
from tests.classified import document, labelled
from tests.support import in_terminal, korpus, lines

TEXTS = ["정말  재미있다\nＡＢ", "배우 연기 나쁘다 ㅠㅠ", "", "!! 영화 영화", "정말 정말 재미있다"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classify")
    for name, label in (("two", "label"), ("six", "author"), ("best", "label")):
        method = "best" if name == "best" else "standard"
        trained = api.classify_train(labelled(), label=label, method=method, folds=0)
        trained.model.save(folder / f"{name}.safetensors")
    return folder


@pytest.mark.parametrize("name", ["two", "six", "best"])
def test_weights_add_up_to_the_score(name: str, folder: Path) -> None:
    documents = [document(n, text) for n, text in enumerate(TEXTS)]
    model: Any = api.load(folder / f"{name}.safetensors")
    rows = list(api.classify_explain(documents, model))
    matrix = model.vocabulary.matrix(as_numbers(text_parts(documents), model.vocabulary.numbers))
    for record, scores in zip(documents, model.scores(matrix), strict=True):
        ours = [row for row in rows if row["id"] == record["id"]]
        total = sum(row["weight"] for row in ours)
        expected = scores.max() if name == "six" else abs(scores[0])
        assert total == pytest.approx(expected, abs=1e-9)
        for row in ours[:-1]:
            assert record["text"][row["start"] : row["end"]] == row["word"]
        weights = [abs(row["weight"]) for row in ours[:-1]]
        assert weights == sorted(weights, reverse=True)
        assert sorted(row["word"] for row in ours[:-1]) == sorted(record["text"].split())


def test_a_word_has_what_is_lost_without_it(folder: Path) -> None:
    """A document of one word: the rest is the intercept and the mark of the text's end."""
    model: Any = api.load(folder / "two.safetensors")
    first, rest = api.classify_explain([document(1, "꿀잼")], model)
    assert first["predicted"] == "긍정"
    assert first["weight"] > abs(rest["weight"])


def test_tokens_are_found_by_their_spans(folder: Path) -> None:
    text = "별로 재미있다"
    record = {**document(1, text), "tokens": ["재미있다", "별로"], "tags": ["X", "X"]}
    model = api.load(folder / "two.safetensors")
    placed = {**record, "spans": [[3, 7], None]}
    weights = [
        {row["word"]: row["weight"] for row in api.classify_explain([one], model)}
        for one in (placed, document(1, text))
    ]
    assert weights[0]["재미있다"] > 0


def test_colours_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "new.jsonl"
    source.write_text(lines(document(1, "정말 재미있다 \x1b[31m나쁘다")))
    code, shown = in_terminal("classify", "explain", folder / "two.safetensors", source)
    assert code == 0 and "긍정 (" in shown and shown.count("\x1b[32m") == 2
    code, shown = in_terminal("classify", "explain", folder / "two.safetensors", source, "--top", 1)
    assert code == 0 and shown.count("\x1b[32m") + shown.count("\x1b[31m") == 1
    done = korpus("classify", "explain", folder / "two.safetensors", source)
    assert done.stdout.startswith("id,predicted,probability,word,start,end,weight")


def test_telling_terms(folder: Path, tmp_path: Path) -> None:
    done = korpus(
        *("classify", "explain", folder / "two.safetensors", "--telling", "--top", "3"),
        *("--plot", tmp_path / "t.svg"),
    )
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["label"] for row in rows] == ["긍정"] * 3 + ["부정"] * 3
    assert [row["rank"] for row in rows] == ["1", "2", "3"] * 2
    assert "긍정" in (tmp_path / "t.svg").read_text()


def test_what_has_no_known_feature_is_counted(folder: Path, tmp_path: Path) -> None:
    done = korpus("classify", "explain", folder / "two.safetensors", stdin=lines(document(1, "")))
    assert "1 document without a known feature" in done.stderr
    done = korpus("classify", "explain", folder / "two.safetensors", tmp_path / "x", "--telling")
    assert done.returncode == 2 and "SOURCE does nothing with --telling" in done.stderr
