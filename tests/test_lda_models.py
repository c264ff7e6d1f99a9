"""What is known about topics before the fit: seed words, groups; or their number is not known."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import orjson
import pytest
import tomotopy

from korpus.errors import KorpusError, UsageError
from korpus.files import load, read
from korpus.models import DmrModel, LdaModel, lda
from korpus.models.topics import tomotopy_engines
from korpus.records import Record
from korpus.views import plot_priors
from tests.support import environment, korpus, lines
from tests.test_lda import documents, purity
from tests.test_models import _changed

SUBJECTS = {
    "휴대폰": ["화면", "앱", "배터리"],
    "식당": ["국물", "반찬", "주문"],
    "영화": ["장면", "배우", "극장"],
    "병원": ["의사", "치료", "약"],
    "여행": ["바다", "마을", "숙소"],
}


@pytest.mark.parametrize(("k", "least"), [(5, 0.85), (6, 0.7)])
def test_seeds_recover_the_subjects_under_their_names(
    k: int, least: float, sample_nouns: Path
) -> None:
    """Each document's main topic has the name of its subject; without seeds that is chance."""
    subject = {record["id"]: record["category"] for record in read(sample_nouns)}
    model = lda(read(sample_nouns), k=k, seeds=SUBJECTS, seed=1)
    names = model.topic_names
    main = [names[topic] for topic in model.document_topic.argmax(axis=1)]
    hits = [subject[id] == name for id, name in zip(model.ids, main, strict=True)]
    assert sum(hits) / len(hits) >= least
    assert {*SUBJECTS} <= {*names} and all(isinstance(name, str) for name in names)


def test_names_are_everywhere(sample_nouns: Path, tmp_path: Path) -> None:
    seeds, model, docs = (tmp_path / name for name in ("s.txt", "m.safetensors", "docs.csv"))
    seeds.write_text("# 주제\n휴대폰: 화면 버튼\n\n식당： 국물, 반찬 없는말\n", "utf-8")
    fit = ["lda", sample_nouns, "-k", 3, "--seeds", seeds, "--iterations", 50]
    done = korpus(*fit, "-m", model, "--docs", docs)
    assert done.returncode == 0, done.stderr
    assert "1 seed word of 5 not among the terms: 없는말" in done.stderr
    names = {row["topic"] for row in csv.DictReader(io.StringIO(done.stdout))}
    assert len(names) == 3 and {"휴대폰", "식당"} < names and names & {"1", "2", "3"}
    for table in (docs.read_text(), korpus("topics", model).stdout):
        assert {row["topic"] for row in csv.DictReader(io.StringIO(table))} == names
    new = korpus("infer", model, stdin=lines(*documents(["화면", "버튼"])))
    assert new.stdout.splitlines()[1].startswith("1,휴대폰,")
    options = load(model).header()["options"]
    assert options["seeds"] == {"휴대폰": ["화면", "버튼"], "식당": ["국물", "반찬", "없는말"]}
    assert korpus(*fit).stdout == done.stdout


@pytest.mark.parametrize(
    ("seeds", "arguments", "message", "code"),
    [
        (
            "가: 가\n나: 나\n",
            ["-k", 1],
            "-k 1 is less than the number of topics with seed words",
            2,
        ),
        ("가: 가\n가: 나\n", [], "the topic '가' is given twice", 1),
        ("가: 가\n나: 나 가\n", [], "'가' is a word of two topics, 가 and 나", 1),
        ("가:\n", [], "the topic '가' has no words", 1),
        (": 가\n", [], "line 1: ': 가' is not a name, a colon and words", 1),
        ("\n가 나\n", [], "line 2: '가 나' is not a name, a colon and words", 1),
        ("1: 가\n", [], "'1' is a number", 1),
        ("\n", [], "there is no topic", 1),
        ("가: 하\n", [], "no seed word of the topic '가' occurs: 하", 1),
        ("가: 가\n", ["--engine", "sklearn"], "--seeds is for --engine tomotopy", 2),
        ("가: 가\n", ["--hierarchical"], "--hierarchical cannot be combined with --seeds", 2),
    ],
)
def test_wrong_seeds(
    seeds: str, arguments: list[Any], message: str, code: int, tmp_path: Path
) -> None:
    path = tmp_path / "seeds.txt"
    path.write_text(seeds, "utf-8")
    k = [] if "-k" in arguments or "--hierarchical" in arguments else ["-k", 2]
    stdin = lines(*documents(["가", "나"], ["나", "다", "라"]))
    done = korpus("lda", "--seeds", path, *k, *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--hierarchical", "-k", 3], "--hierarchical chooses the number of topics", 2),
        (["--hierarchical", "-j", 2], "--hierarchical runs on one core", 2),
        (["--hierarchical", "--by", "x"], "--hierarchical cannot be combined with --by", 2),
        (["--hierarchical", "--engine", "gensim"], "--hierarchical is for --engine tomotopy", 2),
        (["--by", "x", "--engine", "sklearn"], "--by is for --engine tomotopy", 2),
        (["--by", "x", "--by", "x"], "--by x is given twice", 2),
        (["--by", "x", "--alpha", 1], "--by learns the priors of topics", 2),
        (["--priors", "p.csv"], "--priors does nothing without --by", 2),
        (["--wide"], "--wide does nothing without --docs", 2),
        (["-k", -3], "-k -3 is less than 1", 2),
        (["--by", "y"], "document '1' has no column 'y'", 1),
        (["--by", "id"], "--by id makes 1,001 groups, more than 1,000", 1),
    ],
)
def test_what_does_not_go_together(arguments: list[Any], message: str, code: int) -> None:
    stdin = lines(*({**record, "x": "가"} for record in documents(*[["가", "나"]] * 1001)))
    k = [] if "--hierarchical" in arguments else ["-k", 2]
    done = korpus("lda", *k, *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


def test_hierarchical_finds_about_as_many_topics_as_subjects(
    sample_nouns: Path, tmp_path: Path
) -> None:
    path = tmp_path / "h.safetensors"
    done = korpus("lda", sample_nouns, "--hierarchical", "-m", path)
    assert done.returncode == 0, done.stderr
    model = load(path)
    assert isinstance(model, LdaModel)
    k = len(model.shares)
    assert 4 <= k <= 9 and purity(model, sample_nouns) >= 0.85
    assert f"k = {k}, chosen by the fit" in done.stderr
    assert "without tokens at the end, left out" in done.stderr
    assert model.options["k"] == k and model.options["hierarchical"] is True
    assert model.shares.min() > 0 and model.shares.sum() == pytest.approx(1)
    new = korpus("infer", path, stdin=lines(*documents(["장면", "배우", "영화"])))
    assert new.stdout.splitlines()[1].startswith("1,") and new.returncode == 0


@pytest.mark.parametrize("tokens", [["가"], ["가", "나"]])
def test_hierarchical_of_one_document(tokens: list[str]) -> None:
    model = lda(documents(tokens, []), hierarchical=True, iterations=20)
    assert model.shares.sum() == pytest.approx(1) and len(model.ids) == 2


def planted() -> list[Record]:
    """Three topics of 20 words; groups a and b have priors of 2 and 0.2; in y, topic 2 is rarer."""
    random = numpy.random.default_rng(0)
    prior = {"a": [2, 0.2, 0.2], "b": [0.2, 2, 0.2]}
    scale = {"x": [1, 1, 4], "y": [1, 1, 0.25]}
    found = []
    for number in range(500):
        group, other = "ab"[random.integers(2)], "xy"[random.integers(2)]
        topics = random.choice(
            3, 40, p=random.dirichlet(numpy.multiply(prior[group], scale[other]))
        )
        words = [f"w{topic}-{random.integers(20):02}" for topic in topics]
        found.append({"id": str(number), "group": group, "other": other, "tokens": words})
    return found


@pytest.fixture(scope="module")
def dmr() -> DmrModel:
    model = lda(planted(), k=3, by=["group", "other"], iterations=200)
    assert isinstance(model, DmrModel)
    return model


def topic_of(model: LdaModel, word: str) -> int:
    return int(model.topic_term[:, model.terms.index(word)].argmax())


def test_groups_recover_planted_priors(dmr: DmrModel) -> None:
    topics = [topic_of(dmr, f"w{topic}-00") for topic in range(3)]
    assert sorted(topics) == [0, 1, 2]
    place = {tuple(pair): number + 1 for number, pair in enumerate(dmr.options["groups"])}
    effect = {name: dmr.effects[topics, column] for (_c, name), column in place.items()}
    # Only differences between groups are planted: log of 10 and 1/10, and of 16.
    assert effect["a"] - effect["b"] == pytest.approx([numpy.log(10), -numpy.log(10), 0], abs=0.35)
    assert effect["x"] - effect["y"] == pytest.approx([0, 0, numpy.log(16)], abs=0.35)
    rows = {(row["group"], row["topic"]): row for row in dmr.priors()}
    assert rows["a", topics[0] + 1]["ratio"] > 1.5 > 1 / 1.5 > rows["b", topics[0] + 1]["ratio"]
    assert sum(rows["a", topic]["share"] for topic in (1, 2, 3)) == pytest.approx(1)
    assert rows["a", 1]["documents"] + rows["b", 1]["documents"] == 500


def test_one_column_gives_tomotopys_priors(sample_nouns: Path) -> None:
    records = list(read(sample_nouns))
    library = tomotopy.DMRModel(k=3, alpha=0.1, eta=0.05, seed=1)
    names = sorted({record["category"] for record in records})
    for record in filter(lambda record: record["tokens"], records):
        number = str(names.index(record["category"]))
        library.add_doc(record["tokens"], multi_metadata=[number])
    library.optim_interval = 10
    library.train(50, workers=1)
    model = lda(records, k=3, by="category", seed=1, iterations=50)
    assert isinstance(model, DmrModel)
    for number, name in enumerate(names):
        theirs = sorted(library.get_topic_prior(multi_metadata=[str(number)]))
        ours = [row["prior"] for row in model.priors() if row["group"] == name]
        assert sorted(ours) == pytest.approx(theirs, rel=1e-4)


def test_new_documents_take_the_priors_of_their_groups(dmr: DmrModel, tmp_path: Path) -> None:
    path = tmp_path / "dmr.safetensors"
    dmr.save(path)
    first, second = (topic_of(dmr, f"w{topic}-00") for topic in (0, 1))
    word = {"tokens": ["w0-00", "w1-00"]}
    new = [
        {"id": "a", "group": "a", "other": "x", **word},
        {"id": "b", "group": "b", "other": "x", **word},
        {"id": "new", "group": "c", "other": "x", **word},
        {"id": "none", **word},
    ]
    done = korpus("infer", path, stdin=lines(*new))
    assert done.returncode == 0, done.stderr
    assert "2 documents without a known group of group, other" in done.stderr
    weight: dict[tuple[str, int], float] = {
        (row["id"], int(row["topic"]) - 1): float(row["weight"])
        for row in csv.DictReader(io.StringIO(done.stdout))
    }
    assert weight["a", first] > 2 * weight["a", second]
    assert weight["b", second] > 2 * weight["b", first]
    assert weight["none", first] == pytest.approx(weight["none", second], rel=0.5)
    alone = list(load(path).transform([new[0]]))
    assert [row["weight"] for row in alone] == [weight["a", row["topic"] - 1] for row in alone]


def test_priors_by_command(sample_nouns: Path, tmp_path: Path) -> None:
    table, plot, model = (tmp_path / name for name in ("p.csv", "p.svg", "m.safetensors"))
    line = ["lda", sample_nouns, "-k", 3, "--iterations", 20, "--by", "category", "--by"]
    line += ["date:quarter", "--priors", table, "-m", model]
    done = korpus(*line, "--plot", plot)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(table.open()))
    assert list(rows[0]) == ["column", "group", "documents", "topic", "prior", "share", "ratio"]
    assert len(rows) == 3 * (5 + 4) and rows[-1]["group"] == "2025-Q4"
    assert "휴대폰" in plot.read_text()
    before = model.read_bytes()
    assert korpus(*line).stdout == done.stdout and model.read_bytes() == before
    assert "a dmr model" not in korpus("topics", model).stderr


def test_missing_values_and_single_groups() -> None:
    records = [{**record, "x": "가", "y": None} for record in documents(["가", "나"], [], ["나"])]
    done = korpus(
        "lda", "-k", 2, "--by", "x", "--by", "y", "--iterations", 5, stdin=lines(*records)
    )
    assert done.returncode == 0, done.stderr
    assert "3 documents without a value of y: a group of their own" in done.stderr
    assert "--by x has a single group" in done.stderr


def test_plot_labels_topics_with_words_and_groups_without_a_value(dmr: DmrModel) -> None:
    chart = plot_priors(dmr.priors(), dmr.topic_terms(top=2)).to_dict()
    assert [panel["layer"][0]["encoding"]["x"]["title"] for panel in chart["hconcat"]] == [
        "group",
        "other",
    ]
    topics = re.findall(r"'topic': '(\d: w[^']*)'", str(chart))
    assert len(topics) == 2 * 6 and len(set(topics)) == 3


def _break_groups(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    header["options"]["groups"].pop()


def _break_numbers(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    arrays["document_groups"] = arrays["document_groups"] + 100


def _break_names(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    header["options"]["names"] = ["가"]


@pytest.mark.parametrize("change", [_break_groups, _break_numbers, _break_names])
def test_damaged_models_are_refused(change: Any, dmr: DmrModel, tmp_path: Path) -> None:
    path = tmp_path / "dmr.safetensors"
    dmr.save(path)
    path.write_bytes(_changed(path.read_bytes(), change))
    with pytest.raises(KorpusError, match="not a complete dmr model"):
        load(path)


def die(_matrix: object, _options: object) -> Iterator[Any]:
    yield 10, 20, -7.0
    os.kill(os.getpid(), signal.SIGKILL)


def give_up(_matrix: object, _options: object) -> Iterator[Any]:
    raise KorpusError("the engine gave up", "try again")
    yield


def test_a_crash_of_the_engine_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(tomotopy_engines, "_hdp", die)
    with pytest.raises(KorpusError, match=r"\(tomotopy\) crashed") as caught:
        lda(documents(["가"]), hierarchical=True, report=lambda *done: seen.append(done))
    assert caught.value.hint and seen == [(10, 20, -7.0)]
    monkeypatch.setattr(tomotopy_engines, "_hdp", give_up)
    with pytest.raises(KorpusError, match="gave up"):
        lda(documents(["가"]), hierarchical=True)


def test_python_takes_a_mapping_or_a_text() -> None:
    records = documents(["가", "나"], ["나", "다"])
    one = lda(records, k=2, seeds={"이름": ["가"]}, iterations=5)
    other = lda(records, k=2, seeds="이름: 가", iterations=5)
    assert orjson.dumps(one.options) == orjson.dumps(other.options)
    assert len(one.topic_names) == 2 and "이름" in one.topic_names
    with pytest.raises(UsageError, match="chooses the number"):
        lda(records, k=2, hierarchical=True)


def test_a_script_without_a_guard_can_fit(tmp_path: Path) -> None:
    """A spawned process does not run the script again."""
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy\nimport korpus\nprint('once')\n"
        "records = [{'id': str(n), 'tokens': ['가', '나']} for n in range(9)]\n"
        "print(korpus.lda(records, hierarchical=True, iterations=2).kind)\n",
        "utf-8",
    )
    line = [sys.executable, str(script)]
    done = subprocess.run(line, capture_output=True, text=True, env=environment())
    assert done.stdout.split() == ["once", "lda"], done.stderr
