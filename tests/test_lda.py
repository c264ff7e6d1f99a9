import csv
import io
import json
import signal
import sys
import tomllib
from collections import Counter
from pathlib import Path
from subprocess import PIPE
from typing import Any

import numpy
import pytest
import tomotopy
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel

from korpus.errors import KorpusError, UsageError
from korpus.files import read
from korpus.models import TopicModel, lda, nmf, plsa, topic_terms
from korpus.records import Record
from tests.support import ROOT, korpus, lines, shell, start

FLOORS = tomllib.loads((ROOT / "tests" / "floors.toml").read_text())
ENGINES = ["tomotopy", "gensim", "sklearn"]


def documents(*tokens: list[str]) -> list[Record]:
    return [{"id": str(number), "tokens": item} for number, item in enumerate(tokens, 1)]


def purity(model: TopicModel, path: Path) -> float:
    """Share of documents whose main topic is mostly of their subject."""
    subject = {record["id"]: record["category"] for record in read(path)}
    topics: dict[int, Counter[str]] = {}
    for document_id, topic in zip(model.ids, model.document_topic.argmax(axis=1), strict=True):
        topics.setdefault(int(topic), Counter())[subject[document_id]] += 1
    return sum(max(counts.values()) for counts in topics.values()) / len(model.ids)


@pytest.mark.parametrize("stage", [lda, nmf, plsa])
def test_topics_of_the_sample_are_its_subjects(stage: Any, sample_nouns: Path) -> None:
    model = stage(read(sample_nouns), k=5)
    assert purity(model, sample_nouns) >= FLOORS["sample"][f"{stage.__name__}_purity"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_find_the_subjects_too(seed: int, sample_nouns: Path) -> None:
    model = lda(read(sample_nouns), k=5, seed=seed)
    assert purity(model, sample_nouns) >= FLOORS["sample"]["lda_purity"]


def npmi(topics: list[list[str]], texts: list[list[str]]) -> float:
    measured = CoherenceModel(
        topics=topics, texts=texts, dictionary=Dictionary(texts), coherence="c_npmi", processes=1
    )
    return float(measured.get_coherence())


def first_terms(model: TopicModel) -> list[list[str]]:
    rows = list(topic_terms(model))
    return [[r["term"] for r in rows if r["topic"] == k + 1] for k in range(len(model.shares))]


def test_coherence_of_the_sample(sample_nouns: Path) -> None:
    texts = [record["tokens"] for record in read(sample_nouns)]
    model = lda(read(sample_nouns), k=5)
    assert npmi(first_terms(model), texts) >= FLOORS["sample"]["lda_npmi"]


@pytest.fixture(scope="module")
def review_tokens(
    shared_reviews: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Record]]:
    path = tmp_path_factory.mktemp("reviews") / "tokens.jsonl"
    shell(
        f"zcat {shared_reviews} | head -20001 |"
        f" korpus morph --pos noun,verb,adjective -o {path} --input-format csv"
    )
    reviews = list(read(path))
    films: dict[str, list[str]] = {}
    for record in reviews:
        films.setdefault(record["movie"], []).extend(record["tokens"])
    return {"reviews": reviews, "films": documents(*films.values())}


@pytest.mark.xdist_group("reviews")
@pytest.mark.parametrize("texts", ["reviews", "films"])
def test_coherence_of_reviews(texts: str, review_tokens: dict[str, list[Record]]) -> None:
    """At least the floor, and clearly more than gensim's LdaModel on the same vocabulary."""
    tokens = [record["tokens"] for record in review_tokens[texts]]
    floors = FLOORS[texts]
    model = lda(review_tokens[texts], k=20, iterations=60, min_df=5)
    least = max(floors["lda_npmi"], floors["gensim_npmi"] + floors["lda_above_gensim"])
    assert npmi(first_terms(model), tokens) >= least


@pytest.mark.parametrize("engine", ENGINES)
def test_model_holds_probabilities(engine: str, sample_nouns: Path) -> None:
    model = lda(read(sample_nouns), k=4, engine=engine, iterations=20)
    assert model.topic_term.shape == (4, len(model.terms))
    assert numpy.allclose(model.topic_term.sum(axis=1), 1, atol=1e-5)
    assert numpy.allclose(model.document_topic.sum(axis=1), 1, atol=1e-5)
    assert model.shares.sum() == pytest.approx(1)
    assert list(model.shares) == sorted(model.shares, reverse=True)
    assert (model.topic_term > 0).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_options_reach_the_engine(engine: str, sample_nouns: Path) -> None:
    tokens = list(read(sample_nouns))[::3]

    def fitted(**options: Any) -> TopicModel:
        return lda(tokens, k=3, engine=engine, **{"iterations": 10, **options})

    plain = fitted()
    again = fitted()
    assert (again.topic_term == plain.topic_term).all()
    assert (again.document_topic == plain.document_topic).all()
    large = 1.0 if engine == "sklearn" else 50.0  # sklearn takes no more
    changes: list[dict[str, Any]] = [{"seed": 1}, {"iterations": 1}, {"alpha": 0.9}, {"eta": 0.9}]
    if engine != "tomotopy":
        changes.append({"passes": 1})
    for change in changes:
        assert not (fitted(**change).topic_term == plain.topic_term).all(), change
    assert numpy.allclose(fitted(alpha=0.75).alpha, 0.75)
    # A large alpha makes topics even in each document, a large eta terms even in each topic.
    even, uneven = fitted(alpha=large).document_topic, fitted(alpha=0.01).document_topic
    assert even.max(axis=1).mean() < uneven.max(axis=1).mean() - 0.05
    assert fitted(eta=large).topic_term.max() < fitted(eta=0.01).topic_term.max() / 1.5


@pytest.mark.parametrize("jobs", [1, 2])
def test_equals_tomotopy_called_directly(jobs: int, sample_nouns: Path) -> None:
    """The same work: the same numbers, to the last bit."""
    texts = [record["tokens"] for record in read(sample_nouns)]
    library = tomotopy.LDAModel(k=5, eta=0.05, seed=3)
    for text in filter(None, texts):
        library.add_doc(text)
    library.train(60, workers=jobs)
    model = lda(read(sample_nouns), k=5, iterations=60, seed=3, jobs=jobs)
    column = {term: place for place, term in enumerate(model.terms)}
    order = [column[term] for term in library.used_vocabs]
    for topic, alpha in enumerate(library.alpha):
        ours = model.alpha.tolist().index(float(alpha))
        assert (model.topic_term[ours, order] == library.get_topic_word_dist(topic)).all()
        weights = [document.get_topic_dist()[topic] for document in library.docs]
        assert model.document_topic[model.document_tokens > 0, ours].tolist() == weights


def test_of_a_large_input_one_alpha_is_learned_from_a_sample(
    sample_nouns: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["korpus.models.topics.tomotopy_engines"]
    whole = lda(read(sample_nouns), k=5)
    monkeypatch.setattr(module, "_MAX_LEARNED", 900)  # 5 topics of 180 documents
    model, again = (lda(read(sample_nouns), k=5, seed=1) for _ in range(2))
    assert (model.topic_term == again.topic_term).all()
    assert len(set(model.alpha)) == 1
    assert model.alpha[0] == pytest.approx(whole.alpha.mean(), rel=0.2)
    assert purity(model, sample_nouns) >= FLOORS["sample"]["lda_purity"]
    given = lda(read(sample_nouns), k=5, alpha=0.3)
    assert numpy.allclose(given.alpha, 0.3)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_large_fit(number: int, code: int, tmp_path: Path) -> None:
    """It ends at once: not one report of progress, of 50, comes after the signal."""
    random = numpy.random.default_rng(0)
    source = tmp_path / "tokens.jsonl"
    with source.open("w") as stream:
        for row in random.integers(0, 5000, size=(20_000, 6)).tolist():
            stream.write(json.dumps({"id": str(len(row)), "tokens": [f"w{word}" for word in row]}))
            stream.write("\n")
    model = tmp_path / "lda.safetensors"
    fit = ["lda", source, "-k", 200, "--alpha", 0.1, "-m", model]  # no time to learn α
    process = start("-v", *fit, stdout=PIPE, stderr=PIPE)
    assert process.stderr is not None and process.stdout is not None
    for line in process.stderr:
        if b"10 of 500 iterations" in line:
            break
    process.send_signal(number)
    assert process.stderr.read().count(b" of 500 iterations") <= 1
    assert process.stdout.read() == b"" and process.wait() == code
    assert list(tmp_path.iterdir()) == [source]


def test_alpha_of_tomotopy_is_learned_unless_given(sample_nouns: Path) -> None:
    learned = lda(read(sample_nouns), k=3, iterations=50).alpha
    assert len(set(learned)) == 3


@pytest.mark.parametrize("engine", ENGINES)
def test_watching_does_not_change_the_result(engine: str, sample_nouns: Path) -> None:
    seen: list[tuple[int, int, float]] = []
    options: dict[str, Any] = {"k": 3, "engine": engine, "iterations": 12}
    if engine != "tomotopy":
        options["passes"] = 3
    watched = lda(read(sample_nouns), **options, report=lambda *told: seen.append(told))
    alone = lda(read(sample_nouns), **options)
    assert (watched.topic_term == alone.topic_term).all()
    assert (watched.document_topic == alone.document_topic).all()
    done, total, likelihood = seen[-1]
    assert done == total == options.get("passes", 12)
    assert -12 < likelihood < -4
    assert [told[0] for told in seen] == sorted({told[0] for told in seen})


def test_threads_change_the_result_and_one_number_repeats_it(sample_nouns: Path) -> None:
    one, two, again = (lda(read(sample_nouns), k=3, iterations=30, jobs=j) for j in (1, 2, 2))
    assert (two.topic_term == again.topic_term).all()
    assert not (one.topic_term == two.topic_term).all()


def test_rows(sample_nouns: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    done = korpus("lda", sample_nouns, "-k", 3, "--top", 4, "--iterations", 20, "--docs", docs)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "rank", "term", "weight", "share"]
    assert [(row["topic"], row["rank"]) for row in rows] == [
        (str(topic), str(rank)) for topic in (1, 2, 3) for rank in (1, 2, 3, 4)
    ]
    for topic in "123":
        weights = [float(row["weight"]) for row in rows if row["topic"] == topic]
        assert weights == sorted(weights, reverse=True)
    assert sum(float(row["share"]) for row in rows[::4]) == pytest.approx(1)
    assert "20 iterations, log-likelihood -" in done.stderr
    found = [json.loads(line) for line in docs.read_text().splitlines()]
    assert list(found[0]) == ["id", "topic", "weight"]
    assert [row["id"] for row in found[::3]] == [record["id"] for record in read(sample_nouns)]
    assert sum(row["weight"] for row in found[:3]) == pytest.approx(1)


@pytest.mark.parametrize("engine", ENGINES)
def test_documents_without_tokens_keep_their_place(engine: str) -> None:
    tokens = documents([], ["가", "나"] * 5, [], ["다", "라"] * 5, [])
    model = lda(tokens, k=2, engine=engine, iterations=20)
    assert model.ids == ["1", "2", "3", "4", "5"]
    prior = model.alpha / model.alpha.sum()
    assert numpy.allclose(model.document_topic[[0, 2, 4]], prior, atol=1e-6)
    rows = [(row["id"], row["topic"]) for row in model.documents_table()]
    assert [id for id, topic in rows if topic is None] == ["1", "3", "5"] and len(rows) == 3 + 4
    examples = "".join(row["examples"] for row in model.topics(examples=2))
    assert set(examples) & set("135") <= {" "}


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["-k", "0"], "-k 0 is less than 1", 2),
        (["-k", "3"], "-k 3 is larger than the number of documents (2)", 1),
        (["--engine", "mallet"], "--engine mallet is unknown", 2),
        (["--alpha", "0"], "--alpha 0 is not between 0.000001 and 1,000,000", 2),
        (["--eta", "-1"], "--eta -1 is not between", 2),
        (["--alpha", "nan"], "--alpha nan is not between", 2),
        (["--iterations", "0"], "--iterations 0 is less than 1", 2),
        (["--passes", "3"], "--passes is for gensim and sklearn", 2),
        (["--engine", "gensim", "-j", "2"], "gensim's LDA runs on one core", 2),
        (["-j", "-1"], "--jobs -1 is less than 0", 2),
        (["--seed", "-1"], "'--seed'", 2),
        (["--top", "0"], "--top 0 is less than 1", 2),
        (["-m", "no/such/x.safetensors"], "cannot be written (no folder", 1),
        (["-m", "sample_data"], "must end in .safetensors", 2),
        (["--docs", "sample_data"], "is a folder", 1),
        (["--docs", "a.csv", "-o", "./a.csv"], "--documents and --output are both ./a.csv", 2),
        (["-m", "lda.bin"], "must end in .safetensors", 2),
        (["--docs", "-"], "--documents and --output are both standard output", 2),
        (["--engine", "sklearn", "--eta", "2"], "--eta 2 is not between 0.000001 and 1", 2),
        (["--min-df", "3"], "no term is left", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    stdin = lines(*documents(["가", "나"], ["나", "다", "라"]))
    given = [] if "-k" in arguments else ["-k", 1]
    done = korpus("lda", *given, *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == "" and len(done.stderr.splitlines()) <= 2


def test_one_document() -> None:
    done = korpus("lda", "--iterations", 5, stdin=lines(*documents(["가", "나", "나"])))
    assert done.returncode == 1
    assert "-k 20 is larger than the number of documents (1)" in done.stderr
    model = lda(documents(["가", "나", "나"]), k=1, iterations=5)
    assert model.shares.tolist() == [1] and model.terms == ["가", "나"]


def test_python_errors() -> None:
    with pytest.raises(KorpusError, match="no tokens to count"):
        lda(documents([], []))
    with pytest.raises(UsageError, match="unknown"):
        lda(documents(["가"]), engine="mallet")
