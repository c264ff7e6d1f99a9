import csv
import io
import math
from pathlib import Path

import numpy
import pytest

from korpus.files import load_model, read, save_model
from korpus.models import TopicModel, lda, restored, topic_terms, topics
from tests.support import korpus


@pytest.fixture(scope="module")
def model_file(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "lda.safetensors"
    save_model(str(path), lda(read(sample_nouns), k=5, iterations=100))
    return path


def test_prints_again_what_the_fit_printed(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "nmf.safetensors"
    fitted = korpus("nmf", sample_nouns, "-k", 5, "--top", 7, "-m", path)
    again = korpus("topics", path, "--terms", "--top", 7)
    assert again.returncode == 0, again.stderr
    assert again.stdout == fitted.stdout


def test_a_row_a_topic(model_file: Path) -> None:
    done = korpus("topics", model_file, "--top", 4, "--documents", 2)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "share", "terms", "documents"]
    model = restored(*load_model(str(model_file)))
    assert isinstance(model, TopicModel)
    for topic, row in enumerate(rows):
        assert len(row["terms"].split()) == 4
        weights = model.document_topic[:, topic]
        shown = [weights[model.ids.index(name)] for name in row["documents"].split()]
        assert shown == sorted(weights, reverse=True)[:2]


@pytest.mark.parametrize("relevance", [0.0, 0.3, 1.0])
def test_relevance_is_sievert_and_shirleys(model_file: Path, relevance: float) -> None:
    model = restored(*load_model(str(model_file)))
    assert isinstance(model, TopicModel)
    total = model.term_frequency.sum()
    for topic in range(5):
        score = {
            term: relevance * math.log(model.topic_term[topic, column])
            + (1 - relevance)
            * math.log(model.topic_term[topic, column] / (model.term_frequency[column] / total))
            for column, term in enumerate(model.terms)
        }
        rows = [r for r in topic_terms(model, relevance=relevance) if r["topic"] == topic + 1]
        expected = sorted(score.values(), reverse=True)[:10]
        assert [score[row["term"]] for row in rows] == pytest.approx(expected)


def test_relevance_prefers_special_terms(model_file: Path) -> None:
    model = restored(*load_model(str(model_file)))
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
        (["--documents", "-1"], "--documents -1 is less than 0"),
    ],
)
def test_errors(model_file: Path, arguments: list[str], message: str) -> None:
    done = korpus("topics", model_file, *arguments)
    assert done.returncode == 2 and message in done.stderr


def test_models_without_topics(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "tfidf.safetensors"
    korpus("tfidf", sample_nouns, "-m", path)
    done = korpus("topics", path)
    assert done.returncode == 2 and "a tfidf model has no topics" in done.stderr
    lsa = tmp_path / "lsa.safetensors"
    korpus("lsa", sample_nouns, "-k", 3, "-m", lsa)
    assert korpus("topics", lsa).returncode == 0
    done = korpus("topics", lsa, "--relevance", "0.5")
    assert done.returncode == 2 and "not for lsa" in done.stderr
