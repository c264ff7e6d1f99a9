"""Topics, dimensions and word vectors that MLlib finds: read by the same commands afterwards."""

from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy.special import psi

from korpus.files import load, read, write_records
from korpus.files.readers import Reading
from korpus.models import lsa
from korpus.models.topics.fold_in import fold_in
from korpus.models.weighting import Weighting
from korpus.spark import Cluster, Documents
from korpus.spark.vectors import vectors
from korpus.tokens import count_terms, document_term_matrix
from tests.spark.conftest import Result, Run
from tests.support import korpus

pytest.importorskip("pyspark", reason="the extra spark is not installed")

K = 5


def fitted(on_spark: Run, tokens: Path, model: Path, *options: object) -> Result:
    line = ("lda", tokens, "-k", K, "--min-df", 2, "-m", model, *options)
    done = on_spark(*line)
    assert done.code == 0, done.stderr
    return done


def test_lda_is_read_by_the_commands_of_one_machine(
    on_spark: Run, sample_nouns: Path, tmp_path: Path
) -> None:
    path, shares = tmp_path / "lda.safetensors", tmp_path / "documents.csv"
    done = fitted(on_spark, sample_nouns, path, "--keep", "category", "--documents", shares)
    assert len(done.stdout.splitlines()) == 1 + K * 10
    model: Any = load(str(path))
    counted = document_term_matrix(read(sample_nouns), min_df=2)
    assert model.terms == counted.terms and model.ids == counted.ids
    assert (model.term_frequency == counted.term_frequency).all()
    assert (model.document_tokens == counted.lengths).all()
    assert model.kept["category"] == [record["category"] for record in read(sample_nouns)]
    assert model.options["engine"] == "spark" and model.options["passes"] == 10
    assert model.options["iterations"] == 10 / model.options["batch_share"]
    assert numpy.allclose(model.topic_term.sum(axis=1), 1)
    for line in (
        ("topics", "show", path),
        ("similar", path, "영화"),
        ("infer", path, sample_nouns),
        ("info", path),
    ):
        read_again = korpus(*line)
        assert read_again.returncode == 0 and read_again.stdout, read_again.stderr
    page = tmp_path / "report.html"
    written = korpus("report", sample_nouns, "--lda", path, "-o", page)
    assert written.returncode == 0 and page.stat().st_size, written.stderr
    again = korpus("infer", path, sample_nouns).stdout.splitlines()
    assert again[1:] == [
        ",".join((line.split(",")[0], *line.split(",")[2:]))
        for line in shares.read_text("utf-8").splitlines()[1:]
    ]


def test_lda_is_the_same_twice_with_a_seed(
    on_spark: Run, sample_nouns: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.safetensors" for number in range(3)]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        fitted(on_spark, sample_nouns, path, "--seed", seed)
    first, second, third = (path.read_bytes() for path in paths)
    assert first == second != third


def test_shares_of_topics_are_those_of_mllib(on_spark: Run, sample_nouns: Path) -> None:
    """By its own transform, whose random start leads a few documents to another optimum."""
    from pyspark.ml.clustering import LDA

    documents = Documents(
        Cluster("local[2]"),
        [str(sample_nouns)],
        Reading(),
        1 << 20,
        needs_text=False,
        collect=[].append,
    )
    counted = document_term_matrix(read(sample_nouns), min_df=2)
    rows = vectors(documents.parts(count_terms), counted.terms)
    model = LDA(featuresCol="vector", optimizer="online", k=K, maxIter=10, seed=3).fit(rows)
    parameters = model.topicsMatrix().toArray().T
    weights = numpy.exp(psi(parameters) - psi(parameters.sum(axis=1, keepdims=True)))
    alpha = model.estimatedDocConcentration().toArray()
    theirs = [
        row[0].toArray()
        for row in model.transform(rows).orderBy("at").select("topicDistribution").collect()
    ]
    differences = abs(numpy.array(theirs) - fold_in(counted.counts, weights, alpha)).max(axis=1)
    assert numpy.quantile(differences, [0.5, 0.9]) == pytest.approx([0, 0], abs=0.001)


def test_lsa_is_the_exact_decomposition(on_spark: Run, sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "lsa.safetensors"
    done = on_spark("lsa", sample_nouns, "-k", 8, "--min-df", 3, "-m", path)
    assert done.code == 0, done.stderr
    found: Any = load(str(path))
    ours = lsa(read(sample_nouns), k=8, min_df=3)
    assert found.terms == ours.terms and found.ids == ours.ids
    assert numpy.allclose(found.idf, ours.idf, rtol=1e-12)
    counts = document_term_matrix(read(sample_nouns), min_df=3).counts
    weights = Weighting().weigh(counts, ours.idf)[1].toarray()
    left, values, _right = numpy.linalg.svd(weights, full_matrices=False)
    assert numpy.allclose(found.singular_values, values[:8], atol=1e-6, rtol=0)
    exact = left[:, :8] * values[:8]
    coordinates = found.document_topic.astype(float)
    assert abs(coordinates @ coordinates.T - exact @ exact.T).max() < 1e-5
    assert numpy.allclose(found.shares, exact.var(axis=0) / weights.var(axis=0).sum(), atol=1e-6)
    # The randomized one of one machine comes near.
    assert numpy.allclose(found.singular_values, ours.singular_values, rtol=0.05)
    for line in (("similar", path, "영화"), ("infer", path, sample_nouns)):
        assert korpus(*line).returncode == 0


def test_word_vectors_are_the_same_twice_and_know_their_neighbours(
    on_spark: Run, tmp_path: Path
) -> None:
    tokens = tmp_path / "tokens.jsonl"
    # Two words in the same contexts, and a third in others.
    contexts = {
        "고양이": "야옹 꼬리 수염 우유",
        "야옹이": "야옹 꼬리 수염 우유",
        "자동차": "바퀴 도로 기름 운전",
    }
    lines = [
        {"id": f"{word}{turn}", "tokens": [*context.split()[:2], word, *context.split()[2:]]}
        for turn in range(200)
        for word, context in contexts.items()
    ]
    write_records(iter(lines), str(tokens))
    options = ("--vector-size", 10, "--epochs", 5)
    paths = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for path in paths:
        done = on_spark("word2vec", tokens, "-m", path, *options, "--export", tmp_path / "w.vec")
        assert done.code == 0, done.stderr
    assert paths[0].read_bytes() == paths[1].read_bytes()
    model: Any = load(str(paths[0]))
    assert model.options["engine"] == "spark" and model.options["softmax"] == "hierarchical"
    assert dict(zip(model.terms, model.counts.tolist(), strict=True))["야옹"] == 400
    found = korpus("similar", paths[0], "고양이", "--top", "1")
    assert "야옹이" in found.stdout, found.stdout + found.stderr
    assert (tmp_path / "w.vec").read_text("utf-8").startswith("11 10\n")


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("lda", ("--by", "category")),
        ("lda", ("--hierarchical",)),
        ("lda", ("--engine", "gensim")),
        ("lda", ("--iterations", "5")),
        ("lda", ("--jobs", "2")),
        ("lsa", ("--seed", "3")),
        ("word2vec", ("--fasttext",)),
        ("word2vec", ("--method", "cbow")),
        ("word2vec", ("--negative", "9")),
    ],
)
def test_options_that_mllib_has_not_are_usage_errors(
    command: str, option: tuple[str, ...], on_spark: Run, sample_nouns: Path, tmp_path: Path
) -> None:
    done = on_spark(command, sample_nouns, *option, "-m", tmp_path / "m.safetensors")
    assert done.code == 2
    assert done.stderr == (
        f"korpus: error: {option[0]} does not go with --on: Spark's {command} has nothing like it\n"
        f"hint: leave {option[0]} out, or leave --on out\n"
    )
