import csv
import io
import math
from pathlib import Path

import numpy
import pytest
import scipy.io
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from korpus.analyzers import morph
from korpus.errors import KorpusError, UsageError
from korpus.files import load_model, read
from korpus.models import tfidf
from korpus.tokens import document_term_matrix
from tests.support import korpus, lines

LECTURE = ["배가 부르다", "배의 가격이 비싸다", "진짜 사과가 진짜 좋다", "아침엔 사과가 좋다"]


def identity(tokens: list[str]) -> list[str]:
    return tokens


def documents(*texts: list[str]) -> list[dict[str, object]]:
    return [{"id": str(i), "tokens": t, "tags": [""] * len(t)} for i, t in enumerate(texts, 1)]


def test_the_lectures_table() -> None:
    table = tfidf(
        morph([{"id": str(i), "text": text} for i, text in enumerate(LECTURE, 1)], "space"),
        idf="add-one",
        log_base="10",
        norm="none",
    ).table()
    found = {(row["id"], row["term"]): round(row["tfidf"], 2) for row in table}
    assert found == {
        ("1", "배가"): 0.30,
        ("1", "부르다"): 0.30,
        ("2", "배의"): 0.30,
        ("2", "가격이"): 0.30,
        ("2", "비싸다"): 0.30,
        ("3", "진짜"): 0.60,
        ("3", "사과가"): 0.12,
        ("3", "좋다"): 0.12,
        ("4", "아침엔"): 0.30,
        ("4", "사과가"): 0.12,
        ("4", "좋다"): 0.12,
    }


def test_inverse_document_frequency_of_the_lecture() -> None:
    table = tfidf(
        documents(["word1"] * 10, ["word1"] * 10 + ["word2"] * 10), idf="inverse", norm="none"
    ).table()
    assert {(r["id"], r["term"]): r["tfidf"] for r in table} == {
        ("1", "word1"): 5,
        ("2", "word1"): 5,
        ("2", "word2"): 10,
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {}),
        ({"tf": "log"}, {"sublinear_tf": True}),
        ({"tf": "binary"}, {"binary": True}),
        ({"idf": "plain"}, {"smooth_idf": False}),
        ({"idf": "none", "norm": "l1"}, {"use_idf": False, "norm": "l1"}),
        ({"norm": "none"}, {"norm": None}),
        ({"min_df": 3, "max_df": 0.1}, {"min_df": 3, "max_df": 0.1}),
        ({"min_df": 0.02}, {"min_df": 0.02}),
    ],
)
def test_equals_scikit_learn(
    sample_tokens: Path, ours: dict[str, object], theirs: dict[str, object]
) -> None:
    tokens = list(read(sample_tokens))
    library = TfidfVectorizer(analyzer=identity, **theirs)
    expected = library.fit_transform([record["tokens"] for record in tokens])
    model = tfidf(tokens, **ours)  # type: ignore[arg-type]
    assert model.terms == list(library.get_feature_names_out())
    assert abs(model.weights()[0] - expected).max() < 1e-12
    if "use_idf" not in theirs:
        assert numpy.allclose(model.idf, library.idf_, atol=1e-12, rtol=0)


def test_max_features_keeps_the_most_frequent() -> None:
    matrix = document_term_matrix(
        documents(["나", "가", "가", "라"], ["다", "가", "나"]), max_features=2
    )
    assert matrix.terms == ["가", "나"]
    assert matrix.counts.toarray().tolist() == [[2, 1], [1, 1]]


def test_augmented_and_bases() -> None:
    tokens = documents(["가", "가", "나"], ["나"])
    rows = {
        r["term"]: r for r in tfidf(tokens[:1], tf="augmented", idf="none", norm="none").table()
    }
    assert (rows["가"]["tf"], rows["나"]["tf"]) == (1.0, 0.75)
    for base, log in (("e", math.log), ("2", math.log2), ("10", math.log10)):
        rows = {
            r["term"]: r for r in tfidf(tokens, idf="plain", log_base=base, norm="none").table()
        }
        assert rows["가"]["idf"] == pytest.approx(log(2) + 1)


def test_rows_top_and_order() -> None:
    stdin = lines(*documents(["가", "나", "나"], [], ["가"]))
    done = korpus("tfidf", "--norm", "none", "--idf", "none", "--top", 1, stdin=stdin)
    assert done.stdout == "id,term,tf,df,idf,tfidf\n1,나,2.0,1,1.0,2.0\n3,가,1.0,2,1.0,1.0\n"


def test_corpus_ranking_sums_weights() -> None:
    stdin = lines(*documents(["가", "나", "나"], ["가"]))
    done = korpus("tfidf", "--overall", "--norm", "none", "--idf", "none", stdin=stdin)
    assert done.stdout == "term,tf,df,idf,tfidf\n가,2.0,2,1.0,2.0\n나,2.0,1,1.0,2.0\n"


def test_model_file(tmp_path: Path, sample_tokens: Path) -> None:
    path = tmp_path / "tfidf.safetensors"
    done = korpus("tfidf", sample_tokens, "--min-df", "2", "-m", path)
    assert done.returncode == 0, done.stderr
    header, arrays = load_model(str(path), "tfidf")
    model = tfidf(read(sample_tokens), min_df=2)
    assert header["vocabulary"] == model.terms
    assert header["analyzer"] == "mecab" and header["documents"] == 210
    assert header["options"]["min_df"] == 2
    assert (arrays["idf"] == model.idf).all()
    frequency = document_term_matrix(read(sample_tokens), min_df=2).document_frequency
    assert (arrays["df"] == frequency).all()


@pytest.mark.parametrize("suffix", ["npz", "mtx"])
def test_matrix_file(tmp_path: Path, sample_tokens: Path, suffix: str) -> None:
    path = tmp_path / f"matrix.{suffix}"
    assert korpus("tfidf", sample_tokens, "--matrix", path).returncode == 0
    found = scipy.sparse.load_npz(path) if suffix == "npz" else scipy.io.mmread(path)
    model = tfidf(read(sample_tokens))
    expected, ids = model.weights()
    if suffix == "npz":
        stored = numpy.load(path)
        names = [stored["ids"].tolist(), stored["terms"].tolist()]
    else:
        names = [
            (tmp_path / f"matrix.{kind}.txt").read_text().splitlines() for kind in ("ids", "terms")
        ]
    assert names == [ids, model.terms]
    assert abs(scipy.sparse.csr_matrix(found) - expected).max() < 1e-12


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--tf", "cube"], "--tf cube is unknown", 2),
        (["--idf", "x"], "--idf x is unknown", 2),
        (["--norm", "l3"], "--norm l3 is unknown", 2),
        (["--log-base", "7"], "--log-base 7 is unknown", 2),
        (["--min-df", "many"], "--min-df many is not a number", 2),
        (["--max-df", "1.5"], "neither a number of documents nor a share", 2),
        (["--max-features", "0"], "less than 1", 2),
        (["--top", "0"], "less than 1", 2),
        (["-m", "x.bin"], "must end in .safetensors", 2),
        (["--matrix", "x.csv"], "must end in .npz or .mtx", 2),
        (["--min-df", "3"], "no term is left", 1),
        (["-m", "no/such/folder.safetensors"], "cannot be written", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("tfidf", *arguments, stdin=lines(*documents(["가"], ["나"])))
    assert done.returncode == code and message in done.stderr
    assert done.stdout == ""


def test_documents_without_tokens_have_rows_of_zeros() -> None:
    model = tfidf(documents([], ["가"], []))
    assert model.weights()[0].toarray().tolist() == [[0.0], [1.0], [0.0]]
    with pytest.raises(KorpusError, match="no tokens to count"):
        tfidf(documents([], []))
    with pytest.raises(UsageError):
        tfidf(documents(["가"]), min_df=-1)


def test_one_document() -> None:
    done = korpus("tfidf", stdin=lines(*documents(["가", "나"])))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [float(row["tfidf"]) for row in rows] == pytest.approx([0.5**0.5] * 2)


def test_groups_as_documents(sample_tokens: Path) -> None:
    from korpus.tokens import count_terms

    documents = list(read(sample_tokens))
    merged: dict[str, list[str]] = {}
    for document in documents:
        merged.setdefault(document["category"], []).extend(document["tokens"])
    expected = tfidf({"id": name, "tokens": merged[name]} for name in sorted(merged)).table()
    table = tfidf(documents, by="category").table()
    assert table.columns == ["category", "term", "tf", "df", "idf", "tfidf"]
    assert list(table.rows) == list(expected.rows)
    parts = [
        part for n in (0, 70) for part in count_terms(documents[n : n + 70 + n], by="category")
    ]
    assert list(tfidf(parts, by="category").table().rows) == list(expected.rows)


def test_groups_of_the_command() -> None:
    source = lines(
        {"id": "1", "rating": 9, "tokens": ["가", "나"], "tags": ["N", "N"]},
        {"id": "2", "rating": 10, "tokens": ["나"], "tags": ["N"]},
        {"id": "3", "rating": 8, "tokens": ["가"], "tags": ["N"]},
    )
    arguments = ["--by", "rating:1-9,10", "--idf", "none", "--norm", "none"]
    assert korpus("tfidf", *arguments, stdin=source).stdout.splitlines() == [
        "rating,term,tf,df,idf,tfidf",
        "1-9,가,2.0,1,1.0,2.0",
        "1-9,나,1.0,2,1.0,1.0",
        "10,나,1.0,2,1.0,1.0",
    ]
