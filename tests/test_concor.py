"""CONCOR: published results, the same by plain numpy and pandas, and small networks."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import networkx
import numpy
import pandas
import pytest

import korpus as api
from korpus.networks.concor import adjacency, graph_blocks
from korpus.networks.edges import edge_graph
from korpus.networks.halves import halved, profile_correlations
from korpus.views.plot_blocks import plot_blocks
from tests.support import korpus, lines


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def edges(graph: Any) -> list[dict[str, Any]]:
    return [
        {"source": str(a), "target": str(b), "weight": data.get("weight", 1)}
        for a, b, data in graph.edges(data=True)
    ]


def members(blocks: Any) -> list[set[str]]:
    found: dict[int, set[str]] = {}
    for row in blocks.members:
        found.setdefault(row["block"], set()).add(row["node"])
    return [found[number] for number in sorted(found)]


def test_the_example_of_concorr() -> None:
    """The example of the R package concorR (README, CRAN): blocks, density and image matrix."""
    columns = ["00001", "10101", "11011", "10101", "10000"]
    names = "abcde"
    given = [
        {"source": names[row], "target": name}
        for name, column in zip(names, columns, strict=True)
        for row in range(5)
        if column[row] == "1"
    ]
    found = api.concor(given, edges=True, directed=True, blocks=2)
    assert members(found) == [{"b", "c", "d"}, {"a", "e"}]
    assert [[row["1"], row["2"]] for row in found.image] == [[1, 0], [1, 1]]
    assert dict(found.summary.rows)["density"] == pytest.approx(0.6)
    cells = [[row["1"], row["2"]] for row in found.density]
    assert cells == [[pytest.approx(2 / 3), 0], [1, 1]]


def test_southern_women_as_in_the_paper() -> None:
    """Breiger, Boorman & Arabie (1975) divide the 18 women of Davis, Gardner & Gardner (1941) by
    the events that they attended: 1 to 7 and 9 are together, and the others.

    Columns of events cannot be tied to themselves: each woman stands beside her events only.
    """
    graph = networkx.davis_southern_women_graph()
    women, events = graph.graph["top"], graph.graph["bottom"]
    attended = networkx.bipartite.biadjacency_matrix(graph, women, events).toarray().astype(float)
    size = len(women) + len(events)
    matrix = numpy.zeros((size, size))
    matrix[: len(women), len(women) :] = attended
    matrix[len(women) :, : len(women)] = attended.T
    half = halved(matrix, numpy.arange(len(women)))
    assert half is not None
    assert [number for number, first in enumerate(half, 1) if first] == [1, 2, 3, 4, 5, 6, 7, 9]


def reference(matrix: Any, splits: int) -> list[list[int]]:
    """CONCOR by pandas (which leaves the diagonal out) and numpy."""
    without = numpy.where(numpy.eye(len(matrix), dtype=bool), numpy.nan, matrix)
    profiles = numpy.vstack([without, numpy.where(numpy.isnan(without.T), numpy.nan, matrix.T)])
    found: list[list[int]] = []

    def divide(nodes: list[int], left: int) -> None:
        if left == 0 or len(nodes) < 2:
            found.append(nodes)
            return
        ties = pandas.DataFrame(profiles[:, nodes]).corr().fillna(0).to_numpy(copy=True)
        numpy.fill_diagonal(ties, 1)
        for _round in range(100):
            ties = numpy.corrcoef(ties, rowvar=False)
        first = [node for node, tie in zip(nodes, ties[0], strict=True) if tie > 0]
        rest = [node for node in nodes if node not in first]
        if not rest:
            found.append(nodes)
            return
        divide(first, left - 1)
        divide(rest, left - 1)

    divide(list(range(len(matrix))), splits)
    return found


@pytest.mark.parametrize(
    "graph",
    [
        networkx.davis_southern_women_graph(),
        networkx.les_miserables_graph(),
        networkx.gnp_random_graph(25, 0.2, seed=1, directed=True),
    ],
    ids=["women", "miserables", "directed"],
)
def test_blocks_are_those_of_numpy(graph: Any) -> None:
    made = edge_graph(edges(graph), directed=graph.is_directed())
    matrix = adjacency(made)
    without = numpy.where(numpy.eye(len(matrix), dtype=bool), numpy.nan, matrix)
    profiles = pandas.DataFrame(numpy.vstack([without, without.T]))
    expected = profiles.corr().to_numpy()
    found = profile_correlations(matrix, numpy.arange(len(matrix)))
    known = ~numpy.isnan(expected)
    assert found[known] == pytest.approx(expected[known], abs=1e-9)
    if (known).all():
        for splits in (1, 2, 3):
            parts = reference(matrix, splits)
            blocks = graph_blocks(made, 2**splits)
            assert members(blocks) == [{made.names[node] for node in part} for part in parts]
            model = numpy.zeros_like(matrix)
            for row, first in enumerate(parts):
                for column, second in enumerate(parts):
                    cells = [matrix[a, b] for a in first for b in second if a != b]
                    mean = numpy.mean(cells) if cells else 0
                    model[numpy.ix_(first, second)] = mean
                    shown = list(blocks.density)[row][str(column + 1)]
                    assert shown == (pytest.approx(mean, abs=1e-9) if cells else None)
            off = ~numpy.eye(len(matrix), dtype=bool)
            fit = numpy.corrcoef(matrix[off], model[off])[0, 1] ** 2
            assert dict(blocks.summary.rows)["r_squared"] == pytest.approx(fit, abs=1e-9)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ("ab", [{"a", "b"}]),
        ("ab bc", [{"b"}, {"a", "c"}]),
        ("ab bc ca", [{"a", "b", "c"}]),
        ("ab cd", [{"a", "b"}, {"c", "d"}]),
        ("ab bc cd da", [{"a", "c"}, {"b", "d"}]),
        ("ha hb hc hd", [{"h"}, {"a", "b", "c", "d"}]),
    ],
)
def test_small_networks(pairs: str, expected: list[set[str]]) -> None:
    given = [{"source": a, "target": b} for a, b in pairs.split()]
    assert members(api.concor(given, edges=True, blocks=2)) == expected


def test_the_command_writes_blocks_and_matrices(sample_nouns: Path, tmp_path: Path) -> None:
    density, image = tmp_path / "d.csv", tmp_path / "i.csv"
    options = ["--top-nodes", 50, "--density", density, "--image", image]
    done = korpus("concor", sample_nouns, *options)
    found = rows(done.stdout)
    assert list(found[0]) == ["block", "name", "node", "frequency", "degree", "strength"]
    assert "4 blocks of 50 nodes, density 1.03, R² 0.353" in done.stderr
    first = [row for row in found if row["block"] == "1"]
    assert first[0]["name"] == ", ".join(row["node"] for row in first[:3])
    strengths = [float(row["strength"]) for row in first]
    assert strengths == sorted(strengths, reverse=True)
    table = rows(density.read_text())
    assert list(table[0]) == ["block", "name", "nodes", "1", "2", "3", "4"]
    assert sum(int(row["nodes"]) for row in table) == 50
    assert [row[str(n)] for n, row in enumerate(rows(image.read_text()), 1)] == ["1"] * 4
    assert korpus("concor", sample_nouns, *options, "-j", 1).stdout == done.stdout


def test_nodes_without_edges_and_blocks_that_cannot_be_divided() -> None:
    given = lines({"source": "a", "target": "b"}, {"source": "c", "target": None})
    done = korpus("concor", "--edges", stdin=given)
    assert done.returncode == 0 and len(rows(done.stdout)) == 2
    assert "1 node without edges left out" in done.stderr
    assert "1 block instead of 4" in done.stderr


@pytest.mark.parametrize(
    ("options", "given", "code", "message"),
    [
        (["--blocks", 3], {"source": "a", "target": "b"}, 2, "--blocks 3 is not 2, 4, 8"),
        (["--blocks", 1], {"source": "a", "target": "b"}, 2, "--blocks 1 is not 2, 4, 8"),
        ([], {"source": "a", "target": "a"}, 1, "the network has no edges"),
        ([], {"source": "a", "target": None}, 1, "the network has no edges"),
    ],
)
def test_errors(options: list[object], given: dict[str, Any], code: int, message: str) -> None:
    done = korpus("concor", "--edges", *options, stdin=lines(given))
    assert done.returncode == code and message in done.stderr and done.stdout == ""


def test_a_network_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["korpus.networks.concor"], "_MOST_NODES", 3)
    with pytest.raises(api.KorpusError, match="at most 3 nodes, and the network has 4"):
        api.concor([{"source": "a", "target": "b"}, {"source": "c", "target": "d"}], edges=True)


@pytest.mark.parametrize("pairs", ["ab", "ab bc", "ab bc cd da"])
def test_pictures_of_blocks(pairs: str, tmp_path: Path) -> None:
    given = lines(*({"source": a, "target": b} for a, b in pairs.split()))
    done = korpus("concor", "--edges", "--plot", tmp_path / "x.svg", stdin=given)
    assert done.returncode == 0, done.stderr
    shown = (tmp_path / "x.svg").read_text("utf-8")
    assert all(f">{name}</text>" in shown for name in {*pairs} - {" "})


def test_pictures_cut_long_names_and_the_legend_ends_at_the_maximum() -> None:
    long = "아주아주 긴 이름을 가진 사람들의 모임"
    given = [
        {"source": long, "target": "배송", "weight": 9},
        {"source": "배송", "target": "가격", "weight": 4},
    ]
    found = api.concor(given, edges=True, blocks=2)
    chart = plot_blocks(found).to_dict()
    tree, densities = chart["hconcat"]
    scale = densities["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [0, max(row["2"] or 0 for row in found.density)]
    names = tree["layer"][1]
    shown = {row["node"]: row["label"] for row in chart["datasets"][names["data"]["name"]]}
    assert shown == {long: "아주아주 긴 이름을 가진…", "배송": "배송", "가격": "가격"}
    assert names["encoding"]["tooltip"][0]["field"] == "node"
    cells = chart["datasets"][densities["data"]["name"]]
    assert any(long in cell["name"] and long not in cell["from"] for cell in cells)
