"""Clusters: those of scikit-learn, of the subjects of the sample, and of small inputs."""

import csv
import io
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, silhouette_samples

import korpus as api
from korpus.files import read
from korpus.models import word2vec
from korpus.models.cluster_methods import numbered
from tests.support import korpus, lines


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def documents(*texts: str) -> list[dict[str, Any]]:
    return [{"id": str(n), "tokens": text.split()} for n, text in enumerate(texts, 1)]


@pytest.fixture(scope="module")
def nouns(sample_nouns: Path) -> list[dict[str, Any]]:
    return list(read(sample_nouns))


@pytest.mark.parametrize("method", ["kmeans", "ward"])
def test_clusters_are_the_subjects(method: str, nouns: list[dict[str, Any]]) -> None:
    found = api.cluster(nouns, method=method, dimensions=20)
    of = {record["id"]: record["category"] for record in nouns}
    kinds: dict[int, Counter[str]] = {}
    for row in found.members:
        kinds.setdefault(row["cluster"], Counter())[of[row["id"]]] += 1
    right = sum(counts.most_common(1)[0][1] for counts in kinds.values())
    assert right > 0.75 * len(nouns)
    assert len({counts.most_common(1)[0][0] for counts in kinds.values()}) == 5
    sizes = [row["size"] for row in found.table]
    assert sizes == sorted(sizes, reverse=True) and sum(sizes) == len(nouns)
    (film,) = [row for row in found if "영화" in row["terms"].split()[:3]]
    assert {of[name] for name in film["examples"].split()} == {"영화"}


def test_ward_is_scipys_and_silhouettes_are_scikits(nouns: list[dict[str, Any]]) -> None:
    found = api.cluster(nouns, method="ward", features="tfidf", k=4)
    split = TfidfVectorizer(analyzer=lambda tokens: tokens)
    dense = split.fit_transform([record["tokens"] for record in nouns]).toarray()
    expected = fcluster(linkage(dense, "ward"), 4, "maxclust")
    labels = [row["cluster"] for row in found.members]
    assert adjusted_rand_score(expected, labels) == 1
    widths = [row["silhouette"] for row in found.members]
    assert widths == pytest.approx(silhouette_samples(dense, labels).tolist(), abs=1e-9)
    means = {row["cluster"]: row["silhouette"] for row in found.table}
    first = [width for width, label in zip(widths, labels, strict=True) if label == 1]
    assert means[1] == pytest.approx(numpy.mean(first), abs=1e-9)
    assert found.labels.tolist() == labels
    inside = numpy.array(labels) == 1
    above = dense[inside].mean(axis=0) - dense[~inside].mean(axis=0)
    names = split.get_feature_names_out()
    best = [names[number] for number in numpy.argsort(-above, kind="stable")[:10]]
    assert next(iter(found.table))["terms"].split() == best


def test_words_are_clustered_too(nouns: list[dict[str, Any]]) -> None:
    found = api.cluster(nouns, items="words", method="ward", max_features=60)
    of = {row["term"]: row["cluster"] for row in found.members}
    assert len(of) == 60 and of["의사"] == of["병원"] != of["영화"] == of["배우"]
    assert len(list(api.cluster(nouns, items="words").members)) == 300


def test_hdbscan_finds_the_number_and_noise() -> None:
    given = documents(*["가 나 다"] * 6, *["라 마 바"] * 8, "사 아", "자 차")
    found = api.cluster(given, method="hdbscan", min_size=5, dimensions=4)
    assert [(row["cluster"], row["size"]) for row in found.table] == [(0, 2), (1, 8), (2, 6)]
    members = list(found.members)
    assert members[-1]["cluster"] == 0 and members[-1]["silhouette"] is None


def test_vectors_of_a_model(nouns: list[dict[str, Any]], tmp_path: Path) -> None:
    model, tokens = tmp_path / "w2v.safetensors", tmp_path / "t.jsonl"
    word2vec(nouns, vector_size=20, epochs=20, min_count=2).save(model)
    tokens.write_text(lines(*nouns))
    options = ["--features", "vectors", "--vectors", model]
    done = korpus("cluster", tokens, *options)
    assert len(rows(done.stdout)) == 5 and "not in the model's vocabulary" in done.stderr
    words = korpus("cluster", tokens, *options, "--items", "words")
    assert len(rows(words.stdout)) == 5
    other = korpus("cluster", tokens, "--features", "vectors")
    assert other.returncode == 2 and "--features vectors and --vectors" in other.stderr
    api.lsa(nouns, k=2).save(tmp_path / "lsa.safetensors")
    wrong = korpus("cluster", tokens, *options[:3], tmp_path / "lsa.safetensors")
    assert wrong.returncode == 2 and "lsa models have no word vectors" in wrong.stderr


def test_the_command_writes_members_and_a_map(sample_nouns: Path, tmp_path: Path) -> None:
    made = []
    for number in range(2):
        members, picture = tmp_path / f"{number}.csv", tmp_path / f"{number}.svg"
        options = ["--members", members, "--plot", picture, "-j", number + 1]
        done = korpus("cluster", sample_nouns, *options)
        assert done.returncode == 0, done.stderr
        assert "5 clusters of 210, mean silhouette 0." in done.stderr
        made.append((done.stdout, members.read_bytes(), picture.read_bytes()))
    assert made[0] == made[1]
    columns = ["cluster", "size", "share", "silhouette", "terms", "examples"]
    assert list(rows(done.stdout)[0]) == columns
    assert len(rows(members.read_text())) == 210 and "영화" in picture.read_text()


@pytest.mark.parametrize("items", ["documents", "words"])
@pytest.mark.parametrize("count", [2, 3, 6])
def test_small_maps(items: str, count: int, tmp_path: Path) -> None:
    texts = ["가 나", "다 라", "가 다 마", "바 사", "아 자", "차 카"][:count]
    options = ["-k", 2, "--items", items, "--plot", tmp_path / "x.svg"]
    done = korpus("cluster", *options, stdin=lines(*documents(*texts)))
    assert done.returncode == 0, done.stderr
    assert len(rows(done.stdout)) == 2


def test_documents_without_words_get_no_cluster() -> None:
    given = lines(*documents("가 나", "가 나 나", "", "다 라"))
    done = korpus("cluster", "-k", 2, "--members", "-", "-o", "/dev/null", stdin=given)
    assert [row["cluster"] for row in rows(done.stdout)] == ["1", "1", "", "2"]
    assert "1 document without features" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["-k", 9], 1, "3 documents cannot make 9 clusters\nhint: lower it: -k 3"),
        (["-k", 1], 2, "-k 1 is less than 2"),
        (["--method", "x"], 2, "--method x is unknown"),
        (["--items", "x"], 2, "--items x is unknown"),
        (["--features", "x"], 2, "--features x is unknown"),
        (["--method", "hdbscan", "--min-size", 1], 2, "--min-size 1 is less than 2"),
    ],
)
def test_errors(options: list[object], code: int, message: str) -> None:
    done = korpus("cluster", *options, stdin=lines(*documents("가 나", "다", "라")))
    assert done.returncode == code and message in done.stderr and done.stdout == ""


def test_too_many_items_for_a_method(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = sys.modules["korpus.models.cluster_methods"]
    monkeypatch.setitem(methods._MOST, "ward", 2)  # type: ignore[attr-defined]
    with pytest.raises(api.KorpusError, match="--method ward takes at most 2 items"):
        api.cluster(documents("가", "나", "다"), method="ward", k=2)
    monkeypatch.setattr(methods, "_MOST_CELLS", 2)
    with pytest.raises(api.KorpusError, match="needs too much memory"):
        api.cluster(documents("가", "나", "다"), method="hdbscan", features="tfidf")


def test_silhouettes_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = sys.modules["korpus.models.cluster_methods"]
    monkeypatch.setattr(methods.sample, "__defaults__", (4,))  # type: ignore[attr-defined]
    found = api.cluster(documents(*["가 나"] * 6, *["다 라"] * 6), k=2)
    known = [row["silhouette"] for row in found.members if row["silhouette"] is not None]
    assert len(known) == 4


def test_numbers_of_clusters() -> None:
    labels = numpy.array([2, 2, -1, 0, 1, 1, 1])
    assert numbered(labels).tolist() == [2, 2, 0, 3, 1, 1, 1]


@pytest.mark.parametrize("options", [[], ["--method", "ward"], ["--features", "tfidf"]])
@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["가 나"] * 4, "only 1 of 4 documents are distinct: 1 cluster instead of 3"),
        (["가 나", "다"] * 3, "only 2 of 6 documents are distinct: 2 clusters instead of 3"),
    ],
)
def test_equal_documents_are_not_parted(
    options: list[str], texts: list[str], said: str, tmp_path: Path
) -> None:
    picture = tmp_path / "x.svg"
    given = lines(*documents(*texts))
    done = korpus("cluster", "-k", 3, *options, "--plot", picture, stdin=given)
    assert done.returncode == 0 and said in done.stderr and "arning" not in done.stderr
    assert len(rows(done.stdout)) == int(said.split()[1]) and "(NaN" not in picture.read_text()


def test_what_is_said_of_few_documents_and_noise() -> None:
    one = korpus("cluster", stdin=lines(*documents("가 나")))
    assert one.returncode == 1 and "-k" not in one.stderr
    given = lines(*documents(*["가 나 다"] * 6, *["라 마 바"] * 6, "사 아", "자 차"))
    noisy = korpus("cluster", "--method", "hdbscan", stdin=given.replace('"2"', '"1"'))
    assert "2 clusters of 14, noise: 2, mean silhouette" in noisy.stderr
    assert "1 document with the id of an earlier one: kept" in noisy.stderr
