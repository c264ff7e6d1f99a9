"""topics compare: topics of two models, and the map of topics show."""

import csv
import io
from itertools import permutations
from pathlib import Path

import numpy
import pytest

from korpus.errors import KorpusError, UsageError
from korpus.models import TopicModel, lsa, plsa, topic_map, topics_compare
from korpus.statistics.distances import classical_mds, jensen_shannon
from tests.support import korpus

WORDS = ["국물", "식당", "의사", "병원", "바다", "여행"]


def fitted(topics: dict[str, list[float]], shares: list[float]) -> TopicModel:
    """A model whose topics have these weights of terms."""
    k = len(shares)
    tokens = [{"id": str(n), "tokens": [*topics] * 2} for n in range(k)]
    model = plsa(tokens, k=k)
    weights = numpy.array([topics[term] for term in model.terms], dtype=float).T
    model.topic_term = weights / weights.sum(axis=1, keepdims=True)
    model.shares = numpy.array(shares)
    return model


@pytest.fixture(scope="module")
def three() -> TopicModel:
    rows = [[8, 6, 1, 1, 1, 1], [1, 1, 8, 6, 1, 1], [1, 2, 1, 1, 8, 7]]
    return fitted(dict(zip(WORDS, zip(*rows, strict=True), strict=True)), [0.5, 0.3, 0.2])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def two() -> TopicModel:
    rows = [[2, 1, 9, 5, 4], [7, 7, 1, 2, 4]]
    words = [*WORDS[:4], "수술"]
    return fitted(dict(zip(words, zip(*rows, strict=True), strict=True)), [0.6, 0.4])  # type: ignore[arg-type]


def js(p: numpy.ndarray, q: numpy.ndarray) -> float:
    """The Jensen-Shannon distance by its definition."""
    m = (p + q) / 2
    parts = [(x[x > 0] * numpy.log2(x[x > 0] / m[x > 0])).sum() for x in (p, q)]
    return float(numpy.sqrt(sum(parts) / 2))


def test_measures_by_their_definitions_over_shared_terms(
    three: TopicModel, two: TopicModel
) -> None:
    found = topics_compare(three, two, top=3)
    rows = []
    for model in (three, two):
        columns = [model.terms.index(word) for word in WORDS[:4]]
        rows.append([row[columns] / row[columns].sum() for row in model.topic_term])
    for x, p in enumerate(rows[0]):
        for y, q in enumerate(rows[1]):
            cosine = p @ q / numpy.sqrt((p @ p) * (q @ q))
            assert found.cosine[x, y] == pytest.approx(cosine, rel=1e-12)
            assert found.distance[x, y] == pytest.approx(js(p, q), abs=1e-9)
    table = list(found.table())
    assert [(row["a"], row["b"]) for row in table] == [(1, 2), (2, 1), (3, None)]
    # 국물 식당 and one more of those with weight 1; 국물 식당 수술
    assert table[0]["shared"] == "국물 식당" and table[0]["jaccard"] == pytest.approx(2 / 4)
    assert table[2]["cosine"] is None and table[2]["a_terms"].startswith("바다 여행")


@pytest.mark.parametrize("measure", ["cosine", "js"])
def test_the_sum_of_similarities_is_the_largest(measure: str) -> None:
    random = numpy.random.default_rng(3)
    a, b = (
        fitted(dict(zip(WORDS, random.random((6, 4)).tolist(), strict=True)), [0.25] * 4)
        for _side in "ab"
    )
    found = topics_compare(a, b, measure=measure)
    sums = [
        sum(found.similarity[x, y] for x, y in enumerate(order)) for order in permutations(range(4))
    ]
    assert sum(found.similarity[pair] for pair in found.pairs) == pytest.approx(max(sums))


def test_a_model_and_itself(three: TopicModel) -> None:
    found = topics_compare(three, three)
    assert found.pairs == [(0, 0), (1, 1), (2, 2)]
    for row in found.table():
        assert row["cosine"] == pytest.approx(1) and row["jaccard"] == 1
        assert row["distance"] == 0


def test_command(three: TopicModel, two: TopicModel, tmp_path: Path) -> None:
    paths = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    for model, path in zip((three, two), paths, strict=True):
        model.save(path)
    plot = tmp_path / "m.svg"
    done = korpus("topics", "compare", *paths, "--plot", plot)
    assert done.returncode == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["a"], row["b"]) for row in rows] == [("1", "2"), ("2", "1"), ("3", "")]
    # 14 + 2, 2 + 14 and 5 of the parts of 18, 18 and 20 of the topics of A
    held = 100 * (0.5 * 16 / 18 + 0.3 * 16 / 18 + 0.2 * 5 / 20)
    other = 100 * (0.6 * 17 / 21 + 0.4 * 17 / 21)
    assert f"4 terms in common: {held:.1f} % of the weight of A, {other:.1f} % of" in done.stderr
    assert "korpus: 1 topic of A without a match: 3\n" in done.stderr
    assert "국물" in plot.read_text(encoding="utf-8")
    done = korpus("topics", "compare", *paths, "--measure", "js", "--min-similarity", "0.99")
    assert "3 topics of A without a match: 1, 2, 3\n" in done.stderr
    assert "2 topics of B without a match: 1, 2\n" in done.stderr
    assert len(done.stdout.splitlines()) == 6


def test_errors(three: TopicModel) -> None:
    other = fitted({"배우": [1], "영화": [2]}, [1.0])
    with pytest.raises(KorpusError, match="no term in common"):
        topics_compare(three, other)
    with pytest.raises(UsageError, match="--min-similarity 2 is not between 0 and 1"):
        topics_compare(three, three, min_similarity=2)
    with pytest.raises(UsageError, match="--measure"):
        topics_compare(three, three, measure="hellinger")
    with pytest.raises(UsageError, match="an lsa model has dimensions"):
        topics_compare(three, lsa([{"id": "1", "tokens": ["국물", "식당"]}] * 2, k=1))


def test_topics_without_shared_terms_are_as_far_as_can_be() -> None:
    rows = numpy.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    found = jensen_shannon(rows, rows[:2])
    assert found == pytest.approx(numpy.array([[0, 1], [1, 0], [1, 1]]))


def test_the_map_keeps_distances(three: TopicModel) -> None:
    """Three points lie in a plane, so that all distances are kept."""
    rows = list(topic_map(three))
    assert [row["topic"] for row in rows] == [1, 2, 3]
    for row in rows:
        for other in rows:
            between = numpy.hypot(row["x"] - other["x"], row["y"] - other["y"])
            topics = three.topic_term[[row["topic"] - 1, other["topic"] - 1]]
            assert between == pytest.approx(js(*topics), abs=1e-7)


def test_classical_mds_is_that_of_principal_components() -> None:
    """Of Euclidean distances it gives the principal components of the points."""
    points = numpy.random.default_rng(0).normal(size=(12, 5))
    centred = points - points.mean(axis=0)
    u, s, _vt = numpy.linalg.svd(centred, full_matrices=False)
    distances = numpy.linalg.norm(points[:, None] - points[None], axis=2)
    found = classical_mds(distances)
    assert numpy.abs(found) == pytest.approx(numpy.abs((u * s)[:, :2]), abs=1e-9)
    assert classical_mds(numpy.zeros((1, 1))).tolist() == [[0, 0]]


def test_picture_of_the_map(three: TopicModel, tmp_path: Path) -> None:
    path, plot = tmp_path / "a.safetensors", tmp_path / "map.svg"
    three.save(path)
    done = korpus("topics", path, "--plot", plot)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 국물 식당" in plot.read_text(encoding="utf-8").replace("\u00a0", " ")
    fitted({"국물": [1], "식당": [2]}, [1.0]).save(path)
    assert korpus("topics", path, "--plot", plot).returncode == 0
