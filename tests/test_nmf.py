import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from korpus.errors import UsageError
from korpus.files import read
from korpus.models import nmf
from tests.support import ROOT, environment, korpus, lines
from tests.test_lda import documents


def identity(tokens: list[str]) -> list[str]:
    return tokens


@pytest.mark.parametrize("loss", ["frobenius", "kl"])
def test_topics_are_scikit_learns(loss: str, sample_nouns: Path) -> None:
    tokens = [record["tokens"] for record in read(sample_nouns)]
    vectorizer = (TfidfVectorizer if loss == "frobenius" else CountVectorizer)(analyzer=identity)
    method: dict[str, Any] = {"solver": "mu", "beta_loss": "kullback-leibler"}
    library = NMF(
        4, init="nndsvda", random_state=0, max_iter=200, **(method if loss == "kl" else {})
    )
    weights = library.fit_transform(vectorizer.fit_transform(tokens).astype(float))
    model = nmf(read(sample_nouns), k=4, loss=loss)
    assert model.terms == list(vectorizer.get_feature_names_out())
    scale = library.components_.sum(axis=1)
    found = {tuple(row.round(9)) for row in model.topic_term}
    assert found == {tuple(row.round(9)) for row in library.components_ / scale[:, None]}
    expected = weights * scale
    expected /= expected.sum(axis=1, keepdims=True)
    order = model.document_topic.argsort(axis=1)
    assert numpy.allclose(
        numpy.take_along_axis(model.document_topic, order, 1), numpy.sort(expected), atol=1e-6
    )


@pytest.mark.parametrize("loss", ["frobenius", "kl"])
def test_model_holds_probabilities(loss: str, sample_nouns: Path) -> None:
    model = nmf(read(sample_nouns), k=6, loss=loss)
    assert model.kind == ("plsa" if loss == "kl" else "nmf")
    assert numpy.allclose(model.topic_term.sum(axis=1), 1)
    assert numpy.allclose(model.document_topic.sum(axis=1), 1, atol=1e-6)
    assert (model.topic_term >= 0).all() and (model.document_topic >= 0).all()
    assert model.shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("loss", ["frobenius", "kl"])
def test_documents_without_tokens_have_the_shares_of_the_corpus(loss: str) -> None:
    model = nmf(documents([], ["가", "나"], ["다", "라"], ["다"], []), k=2, loss=loss)
    assert model.ids == ["1", "2", "3", "4", "5"]
    assert numpy.allclose(model.document_topic[0], model.document_topic[4])
    assert model.document_topic[0].sum() == pytest.approx(1)
    assert set(model.document_topic[[1, 2]].argmax(axis=1)) == {0, 1}


def test_terms_that_always_occur_together() -> None:
    """Of two topics of rank one, one has nothing: it is the corpus."""
    model = nmf(documents(*[["가", "나"]] * 4), k=2, loss="kl")
    assert numpy.allclose(model.topic_term.sum(axis=1), 1)
    assert numpy.isfinite(model.document_topic).all()


def test_options_reach_the_engine(sample_nouns: Path) -> None:
    plain = nmf(read(sample_nouns), k=4)
    assert (nmf(read(sample_nouns), k=4).topic_term == plain.topic_term).all()
    for change in ({"iterations": 2}, {"loss": "kl"}, {"min_df": 3}):
        changed = nmf(read(sample_nouns), **{"k": 4, **change})
        assert changed.topic_term.shape != plain.topic_term.shape or not numpy.allclose(
            changed.topic_term, plain.topic_term
        )


def test_an_unfinished_fit_is_said(sample_nouns: Path) -> None:
    done = korpus("nmf", sample_nouns, "-k", 4, "--iterations", 2)
    assert "not converged after 2 updates" in done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["-k", "0"], "-k 0 is less than 1", 2),
        (["-k", "3"], "-k 3 is larger than the number of documents (2)", 1),
        (["--loss", "l1"], "--loss l1 is unknown", 2),
        (["--iterations", "0"], "--iterations 0 is less than 1", 2),
        (["--max-df", "0"], "no term is left", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    stdin = lines(*documents(["가", "나"], ["나", "다", "라"]))
    done = korpus("nmf", "-k", 1, *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


def test_after_an_analyzer_in_java() -> None:
    """The JVM and the threads of linear algebra live in one process."""
    code = (
        "from tests.runner.java import start_java_fast; start_java_fast();"
        "import korpus; documents = list(korpus.read('sample_data/reviews.csv'))[:60];"
        "tokens = list(korpus.morph(documents, 'hannanum', pos=['noun']));"
        "print(len(korpus.nmf(tokens, k=5).ids), len(korpus.lsa(tokens, k=5).ids))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment()
    )
    assert done.stdout == "60 60\n", (done.returncode, done.stderr)


def test_python_errors() -> None:
    with pytest.raises(UsageError, match="unknown"):
        nmf(documents(["가"]), loss="l1")
