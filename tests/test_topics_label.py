"""topics label: names of topics."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from korpus.errors import KorpusError, UsageError
from korpus.files import load
from korpus.models import TopicModel, lda, lsa, plsa, topics_label
from korpus.statistics.topic_terms import frex, lift, shrunk
from tests.support import korpus, lines

Array = numpy.ndarray


def records() -> list[dict[str, object]]:
    """Two kinds of documents; 기준 금리 and 국물 요리 stand together in theirs."""
    found = []
    for n in range(12):
        economy = ["기준", "금리", "물가", "환율", *["물가"] * (n % 3), "정부"]
        food = ["국물", "요리", "식당", "반찬", *["식당"] * (n % 4), "정부"]
        tokens = economy if n % 2 else food
        found.append(
            {
                "id": str(n),
                "제목": f"{'경제' if n % 2 else '음식'}  기사 {n}",
                "tokens": tokens,
                "tags": ["NNG"] * len(tokens),
            }
        )
    return found


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return lda(records(), k=2, iterations=200, alpha=0.1, keep="제목")


@pytest.fixture(scope="module")
def path(model: TopicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("label") / "lda.safetensors"
    model.save(file)
    return file


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def as_in_stm(topic_term: Array, counts: Array, w: float) -> Array:
    """The formulas of FREX and its shrinkage, term by term, with ranks by counting."""
    k, v = topic_term.shape
    exclusive = numpy.empty((k, v))
    for term in range(v):
        p = topic_term[:, term] / sum(topic_term[:, term])
        deviation = sum((p - 1 / k) ** 2)
        if counts[term] <= 1:
            exclusive[:, term] = 1 / k
        elif deviation == 0:
            exclusive[:, term] = p
        else:
            share = min(1, max(0, sum(p * (1 - p) / (counts[term] - 1)) / deviation))
            exclusive[:, term] = share / k + (1 - share) * p

    def ranks(row: Array) -> Array:
        return numpy.array([sum(row < x) + (sum(row == x) + 1) / 2 for x in row]) / v

    return numpy.array(
        [1 / (w / ranks(topic_term[z]) + (1 - w) / ranks(exclusive[z])) for z in range(k)]
    )


@pytest.mark.parametrize("weight", [0, 0.3, 0.5, 1])
def test_frex_is_that_of_stm(weight: float) -> None:
    random = numpy.random.default_rng(5)
    counts = random.integers(1, 30, 40)
    topic_term = random.dirichlet([0.3] * 40, size=4)
    topic_term[:, 0] = topic_term[0, 0]  # the same in all topics
    topic_term[:2, 1:3] = 0
    found = frex(topic_term, counts, weight)
    assert found == pytest.approx(as_in_stm(topic_term, counts, weight), rel=1e-9)


def test_shrinkage_of_rare_terms() -> None:
    """A term that occurs once says nothing; of (1, 0) with two occurrences λ is 0."""
    found = shrunk(numpy.array([[1, 1, 0.75], [0, 0, 0.25]]), numpy.array([1, 2, 4]))
    # λ = 2 · 3/16 / 3 / (2 / 16) = 1
    assert found.T.tolist() == [[0.5, 0.5], [1, 0], [0.5, 0.5]]


def test_lift_is_probability_by_frequency() -> None:
    found = lift(numpy.array([[0.5, 0.5]]), numpy.array([1, 3]))
    assert found.tolist() == [[2, pytest.approx(2 / 3)]]


def test_a_row_a_topic(path: Path) -> None:
    done = korpus("topics", "label", path, "-", "--top", 3, stdin=lines(*records()))
    assert done.returncode == 0, done.stderr
    assert "12 documents without places" in done.stderr
    rows = {row["bigrams"]: row for row in rows_of(done.stdout)}
    assert len(rows) == 2
    for bigrams, row in rows.items():
        kind = "경제" if "금리" in bigrams else "음식"
        first = bigrams.split(", ")[0]
        assert row["label"].startswith(f"{first}, ")
        assert len(row["label"].split(", ")) == 3
        assert not {*row["label"].split(", ")[1:]} & {*first.split()}
        titles = row["titles"].split(" | ")
        assert len(titles) == 3 and all(title.startswith(f"{kind} 기사 ") for title in titles)
        assert len(row["frex"].split()) == len(row["lift"].split()) == 3
    relevance = korpus("topics", path, "--top", 3, "--relevance", 0.6)
    assert [row["relevance"] for row in rows_of(done.stdout)] == [
        row["terms"] for row in rows_of(relevance.stdout)
    ]


def test_kept_titles_without_documents(path: Path, model: TopicModel) -> None:
    done = korpus("topics", "label", path, "--titles", 1)
    assert (done.returncode, done.stderr) == (0, "")
    for row in rows_of(done.stdout):
        assert row["bigrams"] == "" and " 기사 " in row["titles"]
        assert row["label"] == ", ".join(row["frex"].split()[:3])
    ids = korpus("topics", "label", path, "--titles", 2, "--title", "id")
    examples = korpus("topics", path, "--examples", 2)
    assert [row["titles"].replace(" | ", " ") for row in rows_of(ids.stdout)] == [
        row["examples"] for row in rows_of(examples.stdout)
    ]


def test_an_occurrence_belongs_to_the_topics_of_its_words_and_document() -> None:
    """The expected counts by hand: the second bigram is of both topics, and of neither by half."""
    documents = [
        {"id": str(n), "tokens": tokens, "tags": ["NNG"] * 4}
        for n, tokens in enumerate([["가", "나", "다", "라"]] * 4 + [["마", "바", "사", "아"]] * 4)
    ]
    fitted = plsa(documents, k=2)
    place = {term: number for number, term in enumerate(fitted.terms)}
    fitted.topic_term = numpy.full((2, 8), 0.05)
    for topic, term in enumerate(["가", "마"]):
        fitted.topic_term[topic, place[term]] = 0.65
    fitted.document_topic = numpy.full((8, 2), 0.5, numpy.float32)
    found = topics_label(fitted, documents).bigrams
    # 다 라 and 사 아 have 2 of 4 occurrences in both topics: half
    assert [pairs[0] for pairs in found] == ["가 나", "마 바"]
    assert [set(pairs[1:]) for pairs in found] == [{"나 다", "다 라"}] * 2


def test_names_are_saved_in_the_model(path: Path, tmp_path: Path) -> None:
    table, named = tmp_path / "labels.csv", tmp_path / "named.safetensors"
    korpus("topics", "label", path, "-", "-o", table, stdin=lines(*records()))
    text = table.read_text(encoding="utf-8")
    first, second = rows_of(text)
    table.write_text(text.replace(first["label"], "내 이름"), encoding="utf-8")
    done = korpus("topics", "label", path, "--names", table, "--named", named)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["label"] for row in rows_of(done.stdout)] == ["내 이름", second["label"]]
    shown = rows_of(korpus("topics", named).stdout)
    assert [row["topic"] for row in shown] == ["내 이름", second["label"]]
    table.write_text("topic,label\n9,무엇\n", encoding="utf-8")
    done = korpus("topics", "label", path, "--names", table)
    assert done.returncode == 1 and "the model has no topic '9'" in done.stderr
    fitted = load(named)
    assert isinstance(fitted, TopicModel)
    fitted.options["names"] = ["하나"]
    fitted.save(named)
    assert "its names and topics do not agree" in korpus("topics", named).stderr


def test_labels_are_told_apart(model: TopicModel) -> None:
    found = topics_label(model, names={"1": "같음", "2": "같음"})
    assert found.labels == ["같음", "같음 (2)"]
    assert [row["topic"] for row in found.named().topics()] == found.labels
    assert model.topic_names == [1, 2]


def test_errors(model: TopicModel) -> None:
    with pytest.raises(UsageError, match="--frex 2 is not between 0 and 1"):
        topics_label(model, frex=2)
    with pytest.raises(UsageError, match="--top 0"):
        topics_label(model, top=0)
    with pytest.raises(UsageError, match="has kept no column '머리말'"):
        topics_label(model, title="머리말")
    with pytest.raises(KorpusError, match="none of 1 document given is in the model"):
        topics_label(model, [{"id": "x", "tokens": ["가"], "tags": ["NNG"]}])
    with pytest.raises(UsageError, match="an lsa model has dimensions"):
        topics_label(lsa(records(), k=1))


def test_rare_words_have_no_lift() -> None:
    documents = [
        *({"id": f"a{n}", "tokens": ["금리", "물가", f"가{n}"]} for n in range(30)),
        *({"id": f"b{n}", "tokens": ["영화", "배우", f"나{n}"]} for n in range(30)),
    ]
    found = topics_label(plsa(documents, k=2), top=5)
    assert {frozenset(terms) for terms in found.measures["lift"]} == {
        frozenset(["금리", "물가"]),
        frozenset(["영화", "배우"]),
    }
    assert sorted(found.documents) == [30, 30]


def test_topics_of_no_document_are_said(
    model: TopicModel, caplog: pytest.LogCaptureFixture
) -> None:
    first = numpy.tile(numpy.float32([0.9, 0.1]), (12, 1))
    assert topics_label(replace(model, document_topic=first)).documents == [12, 0]
    assert "1 topic that no document has as its largest: its label says little (2)" in caplog.text


def test_no_documents_again(path: Path, tmp_path: Path) -> None:
    empty = tmp_path / "e.jsonl"
    empty.touch()
    for command in ("label", "validate"):
        done = korpus("topics", command, path, empty)
        assert done.returncode == 1 and "no documents were given again" in done.stderr
        assert "used before" not in done.stderr
