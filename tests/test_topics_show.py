import csv
import io
import math
from pathlib import Path

import numpy
import pytest

from korpus.files import load, read
from korpus.models import TopicModel, lda, lsa, plsa, topic_terms, topics
from tests.support import korpus


@pytest.fixture(scope="module")
def model_file(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "lda.safetensors"
    lda(read(sample_nouns), k=5, iterations=100).save(path)
    return path


def test_prints_again_what_the_fit_printed(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "nmf.safetensors"
    fitted = korpus("nmf", sample_nouns, "-k", 5, "--top", 7, "-m", path)
    again = korpus("topics", path, "--terms", "--top", 7)
    assert again.returncode == 0, again.stderr
    assert again.stdout == fitted.stdout


def test_show_may_be_left_out(model_file: Path) -> None:
    short, long = korpus("topics", model_file, "--top", 3), korpus("topics", "show", model_file)
    assert (short.returncode, short.stderr) == (0, "")
    assert korpus("topics", "show", model_file, "--top", 3).stdout == short.stdout != long.stdout
    done = korpus("topics", "shwo", model_file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("korpus: error: no such command: topics shwo\nhint: did you mean")
    assert "│ show " in korpus("topics", "--help").stdout


def test_a_row_a_topic(model_file: Path) -> None:
    done = korpus("topics", model_file, "--top", 4, "--examples", 2)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "share", "terms", "examples"]
    model = load(model_file)
    assert isinstance(model, TopicModel)
    for topic, row in enumerate(rows):
        assert len(row["terms"].split()) == 4
        weights = model.document_topic[:, topic]
        shown = [weights[model.ids.index(name)] for name in row["examples"].split()]
        assert shown == sorted(weights, reverse=True)[:2]


@pytest.mark.parametrize("relevance", [0.0, 0.3, 1.0])
def test_relevance_is_sievert_and_shirleys(model_file: Path, relevance: float) -> None:
    model = load(model_file)
    assert isinstance(model, TopicModel)
    marginal = model.shares @ model.topic_term
    for topic in range(5):
        score = {
            term: relevance * math.log(model.topic_term[topic, column])
            + (1 - relevance) * math.log(model.topic_term[topic, column] / marginal[column])
            for column, term in enumerate(model.terms)
        }
        rows = [r for r in topic_terms(model, relevance=relevance) if r["topic"] == topic + 1]
        expected = sorted(score.values(), reverse=True)[:10]
        assert [score[row["term"]] for row in rows] == pytest.approx(expected)


def test_relevance_prefers_special_terms(model_file: Path) -> None:
    model = load(model_file)
    assert isinstance(model, TopicModel)
    by_weight, by_lift = list(topics(model)), list(topics(model, relevance=0.3))
    assert [row["terms"] for row in by_weight] != [row["terms"] for row in by_lift]
    assert list(topics(model, relevance=1.0)) == by_weight
    assert numpy.isfinite(model.topic_term).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--relevance", "1.5"], "--relevance 1.5 is not between 0 and 1"),
        (["--top", "0"], "--top 0 is less than 1"),
        (["--examples", "-1"], "--examples -1 is less than 0"),
    ],
)
def test_errors(model_file: Path, arguments: list[str], message: str) -> None:
    done = korpus("topics", model_file, *arguments)
    assert done.returncode == 2 and message in done.stderr


def test_equal_documents_by_length_and_names_on_a_line() -> None:
    tokens = [
        {"id": f"my {n}", "tokens": ["새 말"] * n if n % 2 else ["나", "다"] * n}
        for n in range(1, 7)
    ]
    model = plsa(tokens, k=2)
    rows = list(topics(model))
    assert sorted(row["examples"] for row in rows) == ["my_5 my_3 my_1", "my_6 my_4 my_2"]
    assert sorted(row["terms"] for row in rows) == ["나 다", "새_말"]


def test_terms_of_no_weight_are_not_printed(sample_nouns: Path) -> None:
    rows = list(topic_terms(plsa(read(sample_nouns), k=5), top=None))
    assert min(row["weight"] for row in rows) > 0


def test_signs_of_lsa(sample_nouns: Path) -> None:
    model = lsa(read(sample_nouns), k=3)
    for topic, row in enumerate(topics(model)):
        signs = {
            term: float(model.topic_term[topic, model.terms.index(term.removeprefix("-"))])
            for term in row["terms"].split()
        }
        assert all(term.startswith("-") == (weight < 0) for term, weight in signs.items())


def test_models_without_topics(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "tfidf.safetensors"
    korpus("tfidf", sample_nouns, "-m", path)
    done = korpus("topics", path)
    assert done.returncode == 2 and "tfidf models have no topics" in done.stderr
    lsa = tmp_path / "lsa.safetensors"
    korpus("lsa", sample_nouns, "-k", 3, "-m", lsa)
    assert korpus("topics", lsa).returncode == 0
    done = korpus("topics", lsa, "--relevance", "0.5")
    assert done.returncode == 2 and "--relevance needs topics of probabilities" in done.stderr


def test_examples_are_not_of_terms() -> None:
    done = korpus("topics", "show", "m.safetensors", "--terms", "--examples", 2)
    assert done.returncode == 2 and "--examples does nothing with --terms" in done.stderr
