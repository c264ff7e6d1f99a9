import csv
import io
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.sparse
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel

from korpus.errors import KorpusError, UsageError
from korpus.files import load, read
from korpus.models import (
    TfidfModel,
    TopicModel,
    infer,
    lda,
    lsa,
    nmf,
    plsa,
    tfidf,
    word2vec,
)
from korpus.models.topics.fold_in import fold_in
from korpus.tokens import document_term_matrix
from tests.support import korpus, lines
from tests.test_lda import documents

FITS: dict[str, list[object]] = {
    "lda": ["-k", 5, "--iterations", 100],
    "nmf": ["-k", 5],
    "plsa": ["-k", 5],
    "lsa": ["-k", 5],
    "tfidf": [],
    "word2vec": ["--vector-size", 8],
}


@pytest.fixture(scope="module")
def models(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    made = {kind: folder / f"{kind}.safetensors" for kind in FITS}
    for kind, path in made.items():
        done = korpus(kind, sample_nouns, *FITS[kind], "-m", path)
        assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize("kind", ["nmf", "plsa", "lsa", "lda"])
def test_fitted_documents_get_their_topics_again(
    kind: str, sample_nouns: Path, models: dict[str, Path]
) -> None:
    model = load(models[kind])
    assert isinstance(model, TopicModel)
    counts = document_term_matrix(read(sample_nouns)).counts
    again = model.coordinates(counts)
    if kind == "lsa":
        assert numpy.allclose(again, model.document_topic, atol=1e-5)
    else:
        same = again.argmax(axis=1) == model.document_topic.argmax(axis=1)
        assert same.mean() > 0.95
        assert numpy.allclose(again.sum(axis=1), 1, atol=1e-5)
    if kind == "nmf":
        assert abs(again - model.document_topic).max() < 0.02


def test_inference_of_lda_is_gensims(sample_nouns: Path) -> None:
    matrix = document_term_matrix(read(sample_nouns))
    corpus = Sparse2Corpus(matrix.counts, documents_columns=False)
    library = LdaModel(
        corpus,
        5,
        dict(enumerate(matrix.terms)),
        passes=5,
        random_state=0,
        dtype=numpy.float64,
        gamma_threshold=1e-6,
        iterations=1000,
    )
    gamma, _ = library.inference(corpus)
    expected = gamma / gamma.sum(axis=1, keepdims=True)
    weights = numpy.exp(library.state.get_Elogbeta())
    assert numpy.allclose(fold_in(matrix.counts, weights, library.alpha), expected, atol=5e-3)


@pytest.mark.parametrize("engine", ["gensim", "sklearn"])
def test_inference_gives_what_the_engine_gave(engine: str, sample_nouns: Path) -> None:
    model = lda(read(sample_nouns), k=5, engine=engine)
    again = model.document_weights(document_term_matrix(read(sample_nouns)).counts)
    assert numpy.allclose(again, model.document_topic, atol=0.02)


def test_a_document_does_not_depend_on_the_others(sample_nouns: Path) -> None:
    tokens = list(read(sample_nouns))
    for model in (lda(tokens, k=5, iterations=50), plsa(tokens, k=5), nmf(tokens, k=5)):
        together = list(infer(tokens, model))[:100]
        alone = [row for record in tokens[:20] for row in infer([record], model)]
        for first, second in zip(together, alone, strict=True):
            assert first == pytest.approx(second, abs=1e-6), model.kind
    counts = document_term_matrix(tokens).counts
    model = lda(tokens, k=5, iterations=50)
    assert (model.document_weights(counts)[7:9] == model.document_weights(counts[7:9])).all()


@pytest.mark.parametrize("kind", list(FITS))
def test_same_output_in_every_process(
    kind: str, sample_nouns: Path, models: dict[str, Path]
) -> None:
    """What a loaded model gives is, to the byte, what the fitted one gives in its own process."""
    done = korpus("infer", models[kind], sample_nouns, "-f", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO(done.stdout)))
    fits: dict[str, Any] = {
        "lda": lambda tokens: lda(tokens, k=5, iterations=100),
        "nmf": lambda tokens: nmf(tokens, k=5),
        "plsa": lambda tokens: plsa(tokens, k=5),
        "lsa": lambda tokens: lsa(tokens, k=5),
        "word2vec": lambda tokens: word2vec(tokens, vector_size=8),
    }
    if kind in fits:
        table = infer(read(sample_nouns), fits[kind](read(sample_nouns)))
        assert rows == [table.columns, *([str(cell) for cell in row] for row in table.rows)]
    else:
        assert done.stdout == korpus("tfidf", sample_nouns).stdout


@pytest.mark.parametrize("kind", list(FITS))
def test_documents_without_known_tokens(kind: str, models: dict[str, Path]) -> None:
    stdin = lines(*documents([], ["없는말"], ["병원", "의사", "없는말"]))
    done = korpus("infer", models[kind], stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert "50.0 % of 4 tokens are not in the model's vocabulary" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    ids = list(dict.fromkeys(row["id"] for row in rows))
    assert ids == (["3"] if kind == "tfidf" else ["1", "2", "3"])
    if kind in ("lsa", "word2vec"):
        assert set(rows[0].values()) == {"1", "0.0"}
    elif kind != "tfidf":
        assert rows[:2] == [{"id": id, "topic": "", "weight": ""} for id in "12"]
        assert sum(float(row["weight"]) for row in rows[2:]) == pytest.approx(1, abs=1e-5)
        assert "2 documents without a term of the model: no topic" in done.stderr


def test_no_documents_at_all(models: dict[str, Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    for kind, path in models.items():
        done = korpus("infer", path, empty)
        assert done.returncode == 0, (kind, done.stderr)
        assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"analyzer": "kiwi", "analysis": "--pos noun"}, "kiwi --pos noun"),
        ({"analyzer": "mecab"}, "mecab"),
        ({"analyzer": "mecab", "analysis": "--pos verb"}, "mecab --pos verb"),
    ],
)
def test_other_analyses_are_refused(
    found: dict[str, str], wanted: str, models: dict[str, Path]
) -> None:
    stdin = lines({"id": "9", "tokens": ["병원"], **found})
    for kind in ("lda", "word2vec", "tfidf"):
        done = korpus("infer", models[kind], stdin=stdin)
        assert done.returncode == 1 and done.stdout == ""
        error, hint = done.stderr.splitlines()
        assert f"document '9' was analysed by {wanted}, the model's by mecab --pos noun" in error
        assert "korpus morph FILE -a mecab --pos noun | korpus infer" in hint


def test_unseen_words_count_with_fasttext(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "ft.safetensors"
    korpus("word2vec", sample_nouns, "--fasttext", "--vector-size", 6, "-m", path)
    done = korpus("infer", path, stdin=lines(*documents(["휴대폰들"], ["휴대폰"])))
    assert "0.0 % of 2 tokens" in done.stderr
    first, second = list(csv.reader(io.StringIO(done.stdout)))[1:]
    assert first[1:] != second[1:] and set(first[1:]) != {"0.0"}


def test_fold_in_without_documents(sample_nouns: Path) -> None:
    model = lda(read(sample_nouns), k=3, iterations=5)
    none = scipy.sparse.csr_matrix((0, len(model.terms)), dtype=numpy.int64)
    assert model.document_weights(none).shape == (0, 3)


def test_other_steps_after_morph_are_logged_once(
    sample_nouns: Path, models: dict[str, Path]
) -> None:
    """The model's tokens went through stopwords; new documents need not."""
    plain = [{"id": n, "tokens": ["병원"], "analyzer": "mecab"} for n in "12"]
    plain = [{**record, "analysis": "--pos noun"} for record in plain]
    for kind in FITS:
        done = korpus("infer", models[kind], stdin=lines(*plain))
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("steps after morph differ") == 1
        assert "stopwords --min-length 2 (model), none (these documents)" in done.stderr
    same = korpus("infer", models["lda"], sample_nouns)
    assert "steps after morph" not in same.stderr


def test_tokens_of_plain_morph_and_stopwords() -> None:
    tokens = documents(["병원", "의사"], ["나", "다"])
    made = {"analyzer": "mecab", "analysis": "| stopwords --min-length 2"}
    model = nmf([{**record, **made} for record in tokens], k=2)
    assert model.provenance["analysis"] == made["analysis"]
    assert len(list(infer([{**tokens[0], "analyzer": "mecab"}], model))) == 2
    with pytest.raises(KorpusError, match="analysed by mecab --lemma, the model's by mecab"):
        infer([{**tokens[0], "analyzer": "mecab", "analysis": "--lemma | stopwords"}], model)


def test_columns_of_others_named_as_ours_are_no_analysis() -> None:
    tokens = [{**record, "analysis": ["x"]} for record in documents(["가", "나"], ["나", "다"])]
    model = nmf(tokens, k=2)
    assert (model.provenance["analyzer"], model.provenance["analysis"]) == (None, None)
    assert len(list(infer([{**tokens[0], "analyzer": 7}], model))) == 2


@pytest.mark.parametrize("stage", [lda, nmf, plsa, lsa, tfidf, word2vec])
def test_a_fitted_model_is_used_saved_and_loaded(
    stage: Any, sample_nouns: Path, tmp_path: Path
) -> None:
    tokens = list(read(sample_nouns))
    options = {"lda": {"iterations": 5}, "word2vec": {"vector_size": 4}}.get(stage.__name__, {})
    options |= {} if stage in (tfidf, word2vec) else {"k": 2}
    model = stage(tokens, **options)
    path = tmp_path / "model.safetensors"
    model.save(path)
    loaded = load(path)
    assert type(loaded) is type(model) and loaded.kind == stage.__name__
    assert loaded.header() == model.header()
    rows = list(infer(tokens[:30], model).rows)
    assert rows == list(loaded.transform(tokens[:30]).rows) != []
    with pytest.raises(UsageError, match=r"must end in \.safetensors"):
        model.save(tmp_path / "model.bin")


def test_a_loaded_tfidf_model_has_no_documents(sample_nouns: Path, tmp_path: Path) -> None:
    path = tmp_path / "tfidf.safetensors"
    model = tfidf(read(sample_nouns))
    model.save(path)
    assert len(list(model.table(top=1))) == 210
    loaded = load(path)
    assert isinstance(loaded, TfidfModel)
    with pytest.raises(UsageError, match="does not hold the documents"):
        loaded.table()
