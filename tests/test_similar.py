import csv
import io
from pathlib import Path
from typing import Any

import numpy
import pytest
from gensim.models import KeyedVectors

from korpus.files import load, read
from korpus.models import lda, lsa, neighbourhood, nmf, similar, tfidf, word2vec
from tests.support import korpus, shell


@pytest.fixture(scope="module")
def models(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    tokens = list(read(sample_nouns))
    made: dict[str, Any] = {
        "w2v": word2vec(tokens, vector_size=20, epochs=20, min_count=2),
        "fasttext": word2vec(tokens, vector_size=20, epochs=20, min_count=2, fasttext=True),
        "lsa": lsa(tokens, k=20),
        "lda": lda(tokens, k=5),
        "nmf": nmf(tokens, k=5),
        "tfidf": tfidf(tokens),
    }
    for name, model in made.items():
        model.save(folder / f"{name}.safetensors")
    return {name: folder / f"{name}.safetensors" for name in made}


def rows(done: Any) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_neighbours_are_gensims(sample_nouns: Path) -> None:
    model = word2vec(read(sample_nouns), vector_size=20, epochs=20, min_count=2)
    library = KeyedVectors(20)
    library.add_vectors(model.terms, model.vectors)
    for words, minus in (
        (["휴대폰"], []),
        (["의사", "여행"], ["병원"]),
        (["의사"], ["병원", "시간"]),
    ):
        found = similar(model, words, minus=minus, top=8)
        expected = library.most_similar(positive=words, negative=minus, topn=8)
        assert [row["term"] for row in found] == [term for term, _ in expected]
        cosines = [row["similarity"] for row in found]
        assert cosines == pytest.approx([cosine for _, cosine in expected], abs=1e-5)
        assert [row["rank"] for row in found] == list(range(1, 9))


@pytest.mark.parametrize("kind", ["lsa", "lda", "nmf"])
def test_neighbours_in_topic_models_are_of_the_subject(kind: str, models: dict[str, Path]) -> None:
    words = {
        "의사": {"병원", "치료", "간호사", "처방", "검사", "통증", "수술", "약국", "선생", "환자"},
        "식당": {"국물", "반찬", "사장", "고기", "김치", "주문", "양념", "그릇", "손님", "메뉴"},
    }
    for word, subject in words.items():
        found = rows(korpus("similar", models[kind], word, "--top", 150))
        assert list(found[0]) == ["rank", "term", "similarity"]
        near = {row["term"] for row in found}
        assert len(near & subject) >= 4


@pytest.mark.parametrize("kind", ["lsa", "lda", "nmf"])
def test_nearest_documents(kind: str, models: dict[str, Path], sample_nouns: Path) -> None:
    subject = {record["id"]: record["category"] for record in read(sample_nouns)}
    found = rows(
        korpus(
            "similar", models[kind], "의사", "병원", "치료", "--nearest", "documents", "--top", 5
        )
    )
    assert list(found[0]) == ["rank", "id", "similarity"]
    assert [subject[row["id"]] for row in found].count("병원") >= 4


@pytest.mark.parametrize("kind", ["lsa", "lda", "nmf"])
def test_documents_like_one(kind: str, models: dict[str, Path], sample_nouns: Path) -> None:
    subject = {record["id"]: record["category"] for record in read(sample_nouns)}
    found = rows(korpus("similar", models[kind], "--like", "3", "--top", 5))
    assert list(found[0]) == ["rank", "id", "similarity"]
    ids = [row["id"] for row in found]
    assert len(set(ids)) == 5 and "3" not in ids
    assert [subject[name] for name in ids].count(subject["3"]) >= 4
    model = load(models[kind])
    vectors = model.document_topic.astype(float)  # type: ignore[attr-defined]
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    rank = {name: row for row, name in enumerate(model.ids)}  # type: ignore[attr-defined]
    for row in found:
        cosine = vectors[rank["3"]] @ vectors[rank[row["id"]]]
        assert float(row["similarity"]) == pytest.approx(cosine, abs=1e-6)


def test_an_unknown_document(models: dict[str, Path]) -> None:
    done = korpus("similar", models["lda"], "--like", "no such")
    assert done.returncode == 1
    assert "no document of the model has the id 'no such'" in done.stderr
    assert "hint: its ids are such as: 1, 2, " in done.stderr


def test_a_document_without_terms_is_like_none(tmp_path: Path) -> None:
    documents: list[dict[str, Any]] = [
        {"id": "a", "tokens": ["영화", "배우"]},
        {"id": "b", "tokens": ["영화", "감독"]},
        {"id": "empty", "tokens": []},
        {"id": "b", "tokens": ["병원", "감독"]},
    ]
    lda(documents, k=2).save(tmp_path / "m.safetensors")
    done = korpus("similar", tmp_path / "m.safetensors", "--like", "empty")
    assert done.returncode == 1 and "document 'empty' has no term of the model" in done.stderr
    assert {
        row["id"] for row in rows(korpus("similar", tmp_path / "m.safetensors", "--like", "a"))
    } == {"b"}
    twice = korpus("similar", tmp_path / "m.safetensors", "--like", "b")
    assert "2 documents have the id 'b': the first is compared" in twice.stderr
    assert [row["id"] for row in rows(twice)] == ["a"]


def test_analogy_options(models: dict[str, Path]) -> None:
    repeated = rows(korpus("similar", models["w2v"], "의사", "--minus", "병원", "--minus", "여행"))
    joined = rows(korpus("similar", models["w2v"], "의사", "--minus", "병원,여행"))
    assert repeated == joined
    assert not {"의사", "병원", "여행"} & {row["term"] for row in repeated}


def test_unseen_words(models: dict[str, Path]) -> None:
    done = korpus("similar", models["w2v"], "휴대퐁")
    assert done.returncode == 1 and done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error == "korpus: error: 휴대퐁 is not in the model's vocabulary"
    assert hint.startswith("hint: similar terms: 휴대폰")
    assert korpus("similar", models["fasttext"], "휴대폰들").returncode == 0
    strange = korpus("similar", models["w2v"], "qqqqqqqq")
    assert strange.returncode == 1 and "hint: " in strange.stderr


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("w2v", ["의사", "--nearest", "documents"], "word2vec models have no document vectors"),
        (
            "lsa",
            ["의사", "--nearest", "documents", "--minus", "병원"],
            "--minus cannot be combined with --nearest documents",
        ),
        ("tfidf", ["의사"], "tfidf models have no term vectors"),
        ("w2v", ["의사", "--top", "0"], "--top 0 is less than 1"),
        ("w2v", [], "no word given"),
        ("w2v", ["--like", "7"], "word2vec models have no document vectors"),
        ("lda", ["의사", "--like", "7"], "--like cannot be combined with words"),
        ("w2v", [""], "no word given"),
    ],
)
def test_errors(kind: str, arguments: list[str], message: str, models: dict[str, Path]) -> None:
    done = korpus("similar", models[kind], *arguments)
    assert done.returncode == 2 and message in done.stderr, done.stderr


def test_decomposed_and_broken_words(models: dict[str, Path]) -> None:
    import unicodedata

    word = unicodedata.normalize("NFD", "휴대폰")
    assert korpus("similar", models["w2v"], word).returncode == 0
    done = shell(f"korpus similar {models['fasttext']} $'\\xff영'")
    assert "unexpected" not in done.stderr


def test_words_that_cancel_out(models: dict[str, Path]) -> None:
    done = korpus("similar", models["w2v"], "의사", "--minus", "의사")
    assert done.returncode == 1 and "cancel out" in done.stderr


def test_equally_near_terms_by_frequency(models: dict[str, Path]) -> None:
    found = rows(korpus("similar", models["nmf"], "의사", "--top", 3))
    assert {row["term"] for row in found} <= {"병원", "치료", "통증", "선생", "검사", "시간"}


def test_more_than_there_are(models: dict[str, Path]) -> None:
    everything = rows(korpus("similar", models["lsa"], "의사", "--top", 10**6))
    cosines = [float(row["similarity"]) for row in everything]
    assert len(everything) > 500 and cosines == sorted(cosines, reverse=True)
    assert numpy.isfinite(cosines).all()


def test_pictures(models: dict[str, Path], tmp_path: Path) -> None:
    line = ["similar", models["w2v"], "병원", "의사", "--top", 6, "--plot"]
    for number, more in enumerate(([], ["--chart", "heat"])):
        picture = tmp_path / f"{number}.svg"
        done = korpus(*line, picture, *more)
        assert done.returncode == 0, done.stderr
        shown = picture.read_text()
        terms = [row["term"] for row in rows(done)]
        assert all(f">{term}<" in shown for term in ("병원", "의사", *terms))
    assert ">1.00<" in shown
    done = korpus(*line, picture, "--nearest", "documents")
    assert done.returncode == 2 and "--plot draws terms, not documents" in done.stderr
    done = korpus(*line, picture, "--chart", "pie")
    assert done.returncode == 2 and "--chart" in done.stderr


def test_a_neighbourhood_has_all_cosines(models: dict[str, Path]) -> None:
    for kind in ("w2v", "lsa"):
        model = load(models[kind])
        found = similar(model, "병원", top=3)
        near = neighbourhood(model, ["병원"], found)
        assert near.asked == 1 and near.cosines.shape == (4, 4) and near.places.shape == (4, 2)
        expected = [row["similarity"] for row in found]
        assert near.cosines[0, 1:] == pytest.approx(expected, abs=1e-6)
    one = neighbourhood(model, ["병원"], similar(model, "병원", top=1))
    assert numpy.isfinite(one.places).all()
