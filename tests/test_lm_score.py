"""korpus lm score: how likely texts are, to models of n-grams and to Kiwi's."""

import math
from pathlib import Path

import pytest

import korpus as api
from tests.support import korpus, lines, records

TRAINING = ["나는 학교에 간다", "나는 집에 간다", "나는 학교에 있다", "너는 집에 있다"]
PAIRS = [
    ("나는 버스를 탔다", "나는 버스를 태운다"),
    ("부리나케 달려갔다", "부리나케 잘려갔다"),
    ("메론 먹고 싶다", "메롱 먹고 싶다"),
]


@pytest.mark.xdist_group("taggers")
def test_kiwi_ranks_good_sentences_above_bad_ones() -> None:
    text = "\n".join(sentence for pair in PAIRS for sentence in pair)
    done = korpus(*["lm", "score", "-m", "kiwi", "-f", "jsonl"], stdin=text)
    assert done.returncode == 0, done.stderr
    logs = {row["text"]: row["log_probability"] for row in records(done.stdout)}
    assert all(logs[good] > logs[bad] for good, bad in PAIRS)
    assert logs["나는 버스를 탔다"] == pytest.approx(-22.42, abs=0.01)
    assert korpus("lm", "score", "-f", "jsonl", stdin=text).stdout == done.stdout  # the default


@pytest.mark.xdist_group("taggers")
def test_kiwi_takes_lines_for_sentences() -> None:
    documents = [{"id": "a", "text": "갔다\n\n뷁뚫훍이 왔다"}, {"id": "b", "text": " "}]
    whole, blank = api.lm_score(documents)
    first, second = api.lm_score(documents, each="sentence")
    assert [first["id"], first["sentence"], second["sentence"]] == ["a", 1, 2]
    assert first["units"] + second["units"] == whole["units"]
    assert (first["oov"], second["oov"], whole["oov"]) == (0, 1, 1)
    both = first["log_probability"] + second["log_probability"]
    assert both == pytest.approx(whole["log_probability"])
    assert whole["perplexity"] == pytest.approx(math.exp(-both / whole["units"]))
    assert (blank["units"], blank["log_probability"], blank["perplexity"]) == (0, None, None)


def test_the_chain_rule() -> None:
    model = api.lm_train(TRAINING, unit="word", order=2, smoothing="mle").model
    (row,) = api.lm_score(["나는 학교에 간다"], model)
    # After <s>, 나는, 학교에, 간다.
    expected = math.log(3 / 4 * 2 / 3 * 1 / 2 * 1)
    assert row["log_probability"] == pytest.approx(expected)
    assert row["units"] == 4 and row["perplexity"] == pytest.approx(math.exp(-expected / 4))


def test_the_lectures_problem_of_zero_probabilities(tmp_path: Path) -> None:
    """One pair of words that was never seen makes the sentence impossible, and this is said."""
    for smoothing in ("mle", "kneser-ney"):
        path = tmp_path / f"{smoothing}.safetensors"
        more = ["--unit", "word", "--order", 2, "--smoothing", smoothing, "-m", path]
        assert korpus("lm", "train", *more, stdin="\n".join(TRAINING)).returncode == 0
    source = "너는 학교에 간다\n나는 집에 간다\n"
    done = korpus("lm", "score", "-m", tmp_path / "mle.safetensors", stdin=source)
    assert done.returncode == 0
    first, second = done.stdout.splitlines()[1:]
    assert first == "1,4,0,1,-inf,inf,너는 학교에 간다" and ",0,0,-" in second
    assert "1 of 8 units have the probability 0" in done.stderr
    assert "train with --smoothing kneser-ney" in done.stderr
    done = korpus("lm", "score", "-m", tmp_path / "kneser-ney.safetensors", stdin=source)
    assert "inf" not in done.stdout and "probability 0" not in done.stderr


def test_unknown_units_count() -> None:
    model = api.lm_train(TRAINING, unit="word").model
    known, unknown = api.lm_score(["나는 집에 간다", "우리는 집에 간다"], model)
    assert (known["oov"], unknown["oov"]) == (0, 1)
    assert unknown["perplexity"] > known["perplexity"]


def test_tokens_and_their_sentences(tmp_path: Path) -> None:
    source, model = tmp_path / "t.jsonl", tmp_path / "m.safetensors"
    text = "id,text\n1,나는 학교에 갔다. 너는 집에 갔다.\n2,나는 집에 있다.\n3,\n"
    (tmp_path / "a.csv").write_text(text)
    korpus("morph", tmp_path / "a.csv", "--spans", "-o", source)
    assert korpus("lm", "train", source, "-m", model).returncode == 0
    done = korpus("lm", "score", source, "-m", model, "--each", "sentence", "-f", "jsonl")
    rows = records(done.stdout)
    assert [(row["id"], row["sentence"], row["text"]) for row in rows] == [
        ("1", 1, "나는 학교에 갔다."),
        ("1", 2, "너는 집에 갔다."),
        ("2", 1, "나는 집에 있다."),
    ]
    whole = records(korpus("lm", "score", source, "-m", model, "-f", "jsonl").stdout)
    assert [row["id"] for row in whole] == ["1", "2", "3"]
    assert whole[0]["log_probability"] == pytest.approx(
        rows[0]["log_probability"] + rows[1]["log_probability"]
    )
    table = records(korpus("infer", model, source, "-f", "jsonl").stdout)
    assert table == whole


def test_tokens_of_another_analyzer(tmp_path: Path) -> None:
    given = {"id": "1", "tokens": ["나"], "tags": ["NP"], "analyzer": "mecab"}
    model = tmp_path / "m.safetensors"
    api.lm_train([given]).model.save(model)
    done = korpus("lm", "score", "-m", model, stdin=lines(given | {"analyzer": "okt"}))
    assert done.returncode == 1 and done.stdout == ""
    assert "analysed by okt, the model's by mecab" in done.stderr


def test_texts_in_other_columns_and_files(tmp_path: Path) -> None:
    api.lm_train(TRAINING, unit="word").model.save(tmp_path / "m.safetensors")
    source = tmp_path / "a.csv"
    source.write_bytes("번호,리뷰\n7,나는 집에 간다\n".encode("cp949"))
    done = korpus("lm", "score", source, "-m", tmp_path / "m.safetensors", "-f", "jsonl")
    (row,) = records(done.stdout)
    assert row["text"] == "나는 집에 간다" and row["units"] == 4


@pytest.mark.parametrize(
    "options, code, message",
    [
        (["--each", "word"], 2, "--each word is unknown"),
        (["-m", "no.safetensors"], 1, "no.safetensors: no such file"),
    ],
)
def test_wrong_options(options: list[str], code: int, message: str) -> None:
    done = korpus("lm", "score", *options, stdin="나는\n")
    assert done.returncode == code and message in done.stderr


def test_a_model_of_another_kind(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    api.word2vec([{"id": "1", "tokens": ["가", "나"]}], vector_size=2, min_count=1).save(model)
    done = korpus("lm", "score", "-m", model, stdin="나는\n")
    assert done.returncode == 2 and "word2vec models are not language models" in done.stderr
    assert "korpus lm train" in done.stderr
    for command in (["topics", model], ["similar", model, "나"], ["classify", "predict", model]):
        api.lm_train(TRAINING, unit="word").model.save(model)
        done = korpus(*command, stdin=lines({"id": "1", "tokens": ["나"]}))
        assert done.returncode == 2 and " lm model" in f" {done.stderr}", done.stderr
