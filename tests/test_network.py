"""Networks: measures beside networkx, files read back, and what people put into edge lists."""

import csv
import io
import json
import re
import sys
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any

import igraph
import networkx
import numpy
import openpyxl
import pytest

import korpus as api
from korpus.networks.edges import edge_graph
from korpus.networks.filters import disparity
from korpus.networks.measures import communities
from korpus.views import plot_network
from korpus.views.labels import Box, text_width
from tests.support import korpus, lines

NAMES = ["배송", "빠른 배송", '"가격"', "a, b", "x\ny", "<&>", "끝\\", "외톨이"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def edges(*pairs: tuple[Any, ...]) -> str:
    columns = ("source", "target", "weight")
    return lines(*(dict(zip(columns, pair, strict=False)) for pair in pairs))


def documents(*texts: str, **columns: list[Any]) -> str:
    made: list[dict[str, Any]] = []
    for number, text in enumerate(texts):
        tokens = text.split()
        more = {name: values[number] for name, values in columns.items()}
        made.append({"id": str(number + 1), "tokens": tokens, "tags": ["NNG"] * len(tokens)} | more)
    return lines(*made)


def random_edges(seed: int, share: float) -> list[dict[str, Any]]:
    dice = Random(seed)
    nodes = [f"v{number}" for number in range(24)]
    found = [
        {"source": a, "target": b, "weight": round(dice.uniform(0.5, 9), 6)}
        for a in nodes
        for b in nodes
        if a != b and dice.random() < share
    ]
    return [*found, {"source": "lone", "target": "", "weight": ""}]


def reference(made: Any, directed: bool) -> Any:
    found = networkx.DiGraph() if directed else networkx.Graph()
    found.add_nodes_from(row["node"] for row in made.nodes)
    for row in made.edges:
        weight = row["weight"]
        found.add_edge(row["source"], row["target"], weight=weight, distance=1 / weight)
    return found


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("share", [0.04, 0.2])
def test_measures_are_those_of_networkx(directed: bool, share: float) -> None:
    for seed in range(2):
        given = random_edges(seed, share)
        for distance, key in (("steps", None), ("inverse", "distance")):
            made = api.network(given, edges=True, directed=directed, distance=distance)
            graph = reference(made, directed)
            undirected = graph.to_undirected()
            expected = {
                "degree": dict(graph.degree()),
                "strength": dict(graph.degree(weight="weight")),
                "degree_centrality": networkx.degree_centrality(graph),
                "betweenness": networkx.betweenness_centrality(graph, weight=key),
                "closeness": networkx.closeness_centrality(graph, distance=key),
                "pagerank": networkx.pagerank(graph, tol=1e-14, max_iter=10_000),
                "clustering": networkx.clustering(undirected),
            }
            if directed:
                expected["in_degree"] = dict(graph.in_degree())
            nodes = {row["node"]: row for row in made.nodes}
            for name, values in expected.items():
                found = {node: row[name] for node, row in nodes.items()}
                assert found == pytest.approx(values, abs=1e-9), name
        summary = {row["measure"]: row["value"] for row in made.summary}
        parts: dict[int, set[str]] = {}
        for node, row in nodes.items():
            parts.setdefault(row["community"], set()).add(node)
        groups = list(parts.values())
        simple = networkx.Graph()
        simple.add_nodes_from(graph)
        for a, b, data in graph.edges(data=True):
            before = simple.get_edge_data(a, b, {"weight": 0.0})["weight"]
            simple.add_edge(a, b, weight=before + data["weight"])
        lengths = [
            length
            for a, reached in networkx.all_pairs_shortest_path_length(graph)
            for b, length in reached.items()
            if a != b
        ]
        assert summary["density"] == pytest.approx(networkx.density(graph), abs=1e-9)
        assert summary["transitivity"] == pytest.approx(networkx.transitivity(undirected), abs=1e-9)
        assert summary["clustering"] == pytest.approx(
            networkx.average_clustering(undirected), abs=1e-9
        )
        assert summary["modularity"] == pytest.approx(
            networkx.community.modularity(simple, groups, weight="weight"), abs=1e-9
        )
        assert summary["diameter"] == max(lengths)
        assert summary["mean_path"] == pytest.approx(sum(lengths) / len(lengths), abs=1e-9)
        assert summary["components"] == networkx.number_connected_components(undirected)
        assert summary["isolates"] == 1
        sizes = [len(parts[number]) for number in sorted(parts)]
        assert sizes == sorted(sizes, reverse=True) and min(parts) == 1


@pytest.mark.parametrize("directed", [False, True])
def test_eigenvectors_are_those_of_networkx(directed: bool) -> None:
    made = api.network(random_edges(1, 0.3)[:-1], edges=True, directed=directed)
    expected = networkx.eigenvector_centrality(
        reference(made, directed), weight="weight", tol=1e-13, max_iter=100_000
    )
    found = {row["node"]: row["eigenvector"] for row in made.nodes}
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_backbone_is_that_of_the_paper() -> None:
    """Formula 2 of Serrano et al. by its integral, for the ends of each edge."""
    from scipy.integrate import quad

    for directed in (False, True):
        graph = edge_graph(random_edges(3, 0.15), directed=directed)
        found = disparity(graph)
        for number in range(len(found)):
            chances = []
            for end, ends in (
                (graph.sources[number], graph.sources),
                (graph.targets[number], graph.targets),
            ):
                beside = ends == end
                if not directed:
                    beside = (graph.sources == end) | (graph.targets == end)
                degree, strength = int(beside.sum()), graph.weights[beside].sum()
                share = min(graph.weights[number] / strength, 1)
                chances.append(1.0)
                if degree > 1:
                    area, _error = quad(lambda x, k=degree: (1 - x) ** (k - 2), 0, share)
                    chances[-1] -= (degree - 1) * area
            assert found[number] == pytest.approx(min(chances), abs=1e-9)
        kept = api.network(random_edges(3, 0.15), edges=True, directed=directed, backbone=0.2)
        assert len(list(kept.edges)) == int((found < 0.2).sum())
        assert "lone" in {row["node"] for row in kept.nodes}


def test_words_are_tied_by_documents() -> None:
    source = documents("가격 배송 가격", "배송 가격", "배송 포장", "가격", "")
    done = korpus("network", stdin=source)
    assert rows(done.stdout) == [
        {"source": "가격", "target": "배송", "weight": "2"},
        {"source": "배송", "target": "포장", "weight": "1"},
    ]
    done = korpus("network", "--weight", "jaccard", stdin=source)
    assert rows(done.stdout) == [
        {"source": "가격", "target": "배송", "weight": "0.5", "count": "2"},
        {"source": "배송", "target": "포장", "weight": "0.3333333333333333", "count": "1"},
    ]
    less = korpus("network", "--weight", "pmi", stdin=documents("가 나", "가 나", "가", "나", "다"))
    assert rows(less.stdout)[0]["count"] == "2"
    negative = korpus("network", "--weight", "pmi", stdin=documents("가 나", "가", "나"))
    assert negative.stdout == "source,target,weight,count\n"
    assert "1 pair together no more often than by chance" in negative.stderr


def test_every_weight_is_its_measure() -> None:
    from korpus.statistics.association import MEASURES

    given = [
        {"tokens": text.split()} for text in ("가 나 다", "가 나", "가 다", "라", "라 마", "마")
    ]
    for name in ("pmi", "npmi", "cosine", "jaccard", "dice", "g2"):
        for row in api.network(given, weight=name):
            ends = [
                sum(end in record["tokens"] for record in given)
                for end in (row["source"], row["target"])
            ]
            expected = MEASURES[name].function(row["count"], *ends, len(given))
            assert row["weight"] == pytest.approx(float(expected), abs=1e-9)


def test_windows_and_sentences_need_places(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    record = {
        "id": "1",
        "tokens": ["가", "나", "다", "라"],
        "spans": [[0, 1], [2, 3], [4, 5], [6, 7]],
    }
    record |= {"tags": ["NNG"] * 4, "positions": [0, 1, 2, 3], "sentence_starts": [0, 4]}
    path.write_text(lines(record))
    pairs = {
        unit: {
            (row["source"], row["target"]) for row in rows(korpus("network", path, *unit).stdout)
        }
        for unit in [("--unit", "document"), ("--unit", "sentence"), ("--window", "1"), ("-w", "1")]
    }
    assert pairs["-w", "1"] == pairs["--window", "1"]
    assert korpus("concor", path, "-w", 1).stdout == korpus("concor", path, "--window", 1).stdout
    assert len(pairs["--unit", "document"]) == 6
    assert (
        pairs["--unit", "sentence"] == pairs["--window", "1"] and len(pairs["--window", "1"]) == 2
    )


def test_nodes_and_edges_can_be_chosen() -> None:
    source = documents("가 나 다", "가 나 다", "가 나", "라 가")
    done = korpus("network", "--top-nodes", 3, stdin=source)
    assert {row["source"] for row in rows(done.stdout)} == {"가", "나"}
    assert "the 3 words that occur most, of 4" in done.stderr
    assert len(rows(korpus("network", "--min-count", 3, stdin=source).stdout)) == 1
    strongest = korpus("network", "--top-edges", 1, stdin=source)
    assert rows(strongest.stdout) == [{"source": "가", "target": "나", "weight": "3"}]
    assert "1 edge kept of 4" in strongest.stderr
    assert len(rows(korpus("network", "--threshold", 2, stdin=source).stdout)) == 3


def test_two_modes(tmp_path: Path) -> None:
    source = documents("가 나 가", "가", "나 다", rating=["10", "9", "가"])
    nodes, summary = tmp_path / "n.csv", tmp_path / "s.csv"
    done = korpus("network", "--by", "rating", "--nodes", nodes, "--summary", summary, stdin=source)
    assert rows(done.stdout)[0] == {"source": "가", "target": "10", "weight": "2"}
    found = rows(nodes.read_text())
    assert [(row["node"], row["mode"], row["frequency"]) for row in found] == [
        ("가", "word", "3"),
        ("나", "word", "2"),
        ("다", "word", "1"),
        ("9", "rating", "1"),
        ("10", "rating", "3"),
        ("가 (rating)", "rating", "2"),
    ]
    density = {row["measure"]: row["value"] for row in rows(summary.read_text())}["density"]
    assert float(density) == pytest.approx(5 / 9)
    by_document = korpus("network", "--by", "id", "--weight", "pmi", stdin=source)
    assert {row["target"] for row in rows(by_document.stdout)} == {"1", "2", "3"}


def test_nodes_of_two_modes_have_names_of_their_own(tmp_path: Path) -> None:
    places: list[Any] = ["no value", None, "가", "가 (word)"]
    given = documents("가 가 가", "나 나", "가 no_value", "다", word=places)
    given = given.replace("no_value", "no value")  # one token
    nodes = tmp_path / "n.csv"
    done = korpus("network", "--by", "word", "--nodes", nodes, stdin=given)
    assert "3 nodes renamed" in done.stderr
    found = {(row["source"], row["target"]): row["weight"] for row in rows(done.stdout)}
    assert found == {
        ("가", "no value (word)"): "3",
        ("나", "no value (word) 2"): "2",
        ("가", "가 (word) 2"): "1",
        ("no value", "가 (word) 2"): "1",
        ("다", "가 (word)"): "1",
    }
    modes = {row["node"]: row["mode"] for row in rows(nodes.read_text())}
    assert len(modes) == 8 and modes["나"] == "word" and modes["가 (word)"] == "word_"


@pytest.mark.parametrize("groups", [1, 3, 9])
def test_two_modes_are_normalised_as_borgatti_and_everett_do(groups: int) -> None:
    dice = Random(groups)
    given = [
        {"id": str(number), "place": f"p{number}", "tokens": dice.sample("가나다라마바사", 3)}
        for number in range(groups)
    ] + [{"id": "x", "place": "apart", "tokens": ["혼자"]}]
    made = api.network(given, by="place")
    graph = reference(made, directed=False)
    nodes = {row["node"]: row for row in made.nodes}
    words = [name for name, row in nodes.items() if row["mode"] == "word"]
    two_mode = networkx.bipartite
    expected = {
        "degree_centrality": two_mode.degree_centrality(graph, words),
        "betweenness": two_mode.betweenness_centrality(graph, words),
        "closeness": two_mode.closeness_centrality(graph, words),
    }
    for name, values in expected.items():
        found = {node: row[name] for node, row in nodes.items()}
        assert found == pytest.approx(values, abs=1e-9), name


def test_people_have_edges_too(tmp_path: Path) -> None:
    given = "From,To,Weight\n철수,영희,2\n영희,철수,1\n철수,철수,5\n민수,영희,0\n영희,지우,3\n"
    done = korpus("network", "--edges", stdin=given)
    assert rows(done.stdout) == [
        {"source": "영희", "target": "지우", "weight": "3"},
        {"source": "영희", "target": "철수", "weight": "3"},
    ]
    for message in ("1 edge from a node to itself", "1 edge of weight 0", "1 repeated edge"):
        assert message in done.stderr
    directed = korpus("network", "--edges", "--directed", stdin=given)
    assert [row["weight"] for row in rows(directed.stdout)] == ["3", "2", "1"]
    nodes = tmp_path / "n.csv"
    korpus("network", "--edges", "--nodes", nodes, stdin=given)
    assert {row["node"]: row["closeness"] for row in rows(nodes.read_text())}["민수"] == "0.0"


def test_two_or_three_columns_of_other_names_are_taken_in_order(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("보낸이,받는이,횟수\n철수,영희,2\n")
    done = korpus("network", "--edges", path)
    assert rows(done.stdout) == [{"source": "영희", "target": "철수", "weight": "2"}]
    assert "for source, target, weight: 보낸이, 받는이, 횟수" in done.stderr
    path.write_text("철수,영희\n영희,민수\n")
    done = korpus("network", "--edges", "--header-row", 0, path)
    assert len(rows(done.stdout)) == 2, done.stderr


@pytest.mark.parametrize(
    "column", ["Count", "freq", "frequency", "n", "value", "빈도", "횟수", "가중치"]
)
def test_weights_have_other_names_too(column: str) -> None:
    given = lines({"source": "a", "target": "b", column: 7, "year": 2020})
    done = korpus("network", "--edges", stdin=given)
    assert rows(done.stdout)[0]["weight"] == "7" and "not used" not in done.stderr


def test_weights_with_commas_at_thousands() -> None:
    given = edges(("a", "b", "1,200"), ("a", "c", " 3.5 "), ("a", "d", "1e3"))
    done = korpus("network", "--edges", stdin=given)
    assert [row["weight"] for row in rows(done.stdout)] == ["1200.0", "1000.0", "3.5"]


def test_columns_that_are_not_used_are_named() -> None:
    edge = {"source": "a", "target": "b"}
    done = korpus("network", "--edges", stdin=lines(edge | {"강도": 7, "year": 2020}))
    assert rows(done.stdout)[0]["weight"] == "1"
    assert "each row counts 1; not used: 강도, year" in done.stderr
    assert "not used" not in korpus("network", "--edges", stdin=lines({"id": 1} | edge)).stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (edges(("a", "b", -1)), "row 1 after the header, a → b: weight -1 is not a number from 0"),
        (edges(("a", "b", 1), ("a", "c", "viel")), "row 2 after the header, a → c: weight 'viel'"),
        (edges(("a", "b", 1), ("a", "c", "")), "row 2 after the header, a → c: weight is empty"),
        (edges(("a", "b", None)), "row 1 after the header, a → b: weight is empty"),
        (edges(("a", "b", "1,20")), "weight '1,20' is not a number from 0"),
        (edges(("a", "b", 1e-320)), "is not a number from 0"),
        ('{"von":"a"}\n', "an edge list has the columns source and target"),
    ],
)
def test_bad_edges(given: str, message: str) -> None:
    done = korpus("network", "--edges", stdin=given)
    assert done.returncode == 1 and message in done.stderr and done.stdout == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--weight", "much"], "--weight much is unknown"),
        (["--unit", "page"], "--unit page is unknown"),
        (["--unit", "sentence", "--window", 3], "--window cannot be combined with --unit sentence"),
        (["--window", 0], "--window 0"),
        (["--backbone", 1], "--backbone 1 is not between 0 and 1"),
        (["--top-edges", 0], "--top-edges 0 is less than 1"),
        (["--min-count", 0], "--min-count 0 is less than 1"),
        (["--distance", "miles"], "--distance miles is unknown"),
        (["--directed"], "--directed is for edge lists"),
        (["--edges", "--by", "x"], "--by cannot be combined with --edges"),
        (["--edges", "--window", 3], "--window is for tokens, not for an edge list"),
        (["--by", "x", "--window", 3], "--by cannot be combined with --unit or --window"),
        (["-f", "gml"], "unknown format 'gml'"),
    ],
)
def test_wrong_options(options: list[object], message: str) -> None:
    done = korpus("network", *options, stdin=documents("가 나"))
    assert done.returncode == 2 and message in done.stderr and done.stdout == ""


@pytest.mark.parametrize("command", ["network", "concor", "freq"])
@pytest.mark.parametrize("columns", ["source,target", "From,to", "발신,수신"])
def test_an_edge_list_is_recognised_where_tokens_are_needed(
    columns: str, command: str, tmp_path: Path
) -> None:
    path = tmp_path / "e.csv"
    path.write_text(f"{columns},weight\na,b,1\n", "utf-8")
    done = korpus(command, path)
    assert done.returncode == 1
    assert "this is an edge list" in done.stderr and "--edges" in done.stderr


def test_letters_are_no_edge_list() -> None:
    done = korpus("network", stdin=lines({"from": "a", "to": "b", "text": "안녕"}))
    assert done.returncode == 1 and "it has not been through korpus morph" in done.stderr


@pytest.mark.parametrize("suffix", ["csv", "graphml", "gexf", "net", "dl", "xlsx"])
@pytest.mark.parametrize("source", ["", documents(""), documents("혼자"), documents("가", "나")])
def test_networks_without_edges(source: str, suffix: str, tmp_path: Path) -> None:
    nodes, summary = tmp_path / "n.csv", tmp_path / "s.csv"
    done = korpus(
        *("network", "-o", tmp_path / f"x.{suffix}", "--nodes", nodes, "--summary", summary),
        stdin=source,
    )
    assert done.returncode == 0, done.stderr
    assert rows(nodes.read_text()) == []
    measures = {row["measure"]: row["value"] for row in rows(summary.read_text())}
    assert measures["nodes"] == measures["edges"] == "0" and measures["density"] == ""


def made_of_names(tmp_path: Path, suffix: str, *options: str) -> Path:
    """A network file with awkward names, and edges of known weights."""
    pairs = [(a, b, n + 1.5) for n, (a, b) in enumerate(pairwise(NAMES[:-1]))]
    given = edges(*pairs) + lines({"source": NAMES[-1], "target": None})
    path = tmp_path / f"x.{suffix}"
    done = korpus("network", "--edges", *options, "-o", path, stdin=given)
    assert done.returncode == 0, done.stderr
    return path


EXPECTED = {frozenset(pair): number + 1.5 for number, pair in enumerate(pairwise(NAMES[:-1]))}


def weights_of(graph: Any, name: Any) -> dict[frozenset[str], float]:
    return {frozenset(map(name, ends[:2])): ends[-1] for ends in graph.edges(data="weight")}


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_xml_is_read_back_whole(suffix: str, tmp_path: Path) -> None:
    reader = networkx.read_graphml if suffix == "graphml" else networkx.read_gexf
    graph = reader(made_of_names(tmp_path, suffix))
    labels = dict(graph.nodes(data="label"))
    assert sorted(labels.values()) == sorted(NAMES)
    assert weights_of(graph, labels.__getitem__) == EXPECTED
    assert {type(value) for _node, value in graph.nodes(data="degree")} == {int}
    assert all(0 <= value <= 1 for _node, value in graph.nodes(data="closeness"))
    assert not graph.is_directed()
    assert reader(made_of_names(tmp_path, suffix, "--directed")).is_directed()


def test_pajek_is_read_back(tmp_path: Path) -> None:
    path = made_of_names(tmp_path, "net")
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf*Network")  # Pajek takes UTF-8 by its BOM
    path.write_bytes(text.replace(b"\\", b"\\\\"))  # networkx unescapes names, Pajek does not
    graph = networkx.read_pajek(path)
    replaced = {name: " ".join(name.split()).replace('"', "'") for name in NAMES}
    assert sorted(graph) == sorted(replaced.values())
    expected = {frozenset(replaced[name] for name in pair): w for pair, w in EXPECTED.items()}
    assert weights_of(graph, str) == expected


def read_dl(path: Path) -> tuple[list[str], dict[tuple[str, str], float]]:
    """UCINET's edgelist1: the labels of all nodes, then source, target and weight per line."""
    head, form, start, *names = path.read_text("utf-8").splitlines()
    split = names.index("data:")
    labels, triples = [label.strip('"') for label in names[:split]], names[split + 1 :]
    assert (head, form, start) == (f"dl n={len(labels)}", "format=edgelist1", "labels:")
    found = {}
    for line in triples:
        source, target, weight = line.split()
        found[labels[int(source) - 1], labels[int(target) - 1]] = float(weight)
    return labels, found


def test_dl_has_all_edges_both_ways(tmp_path: Path) -> None:
    labels, found = read_dl(made_of_names(tmp_path, "dl"))
    replaced = {name: " ".join(name.split()).replace('"', "'") for name in NAMES}
    assert sorted(labels) == sorted(replaced.values())
    expected = {frozenset(replaced[name] for name in pair): w for pair, w in EXPECTED.items()}
    assert {frozenset(pair): weight for pair, weight in found.items()} == expected
    assert len(found) == 2 * len(expected)
    _labels, directed = read_dl(made_of_names(tmp_path, "dl", "--directed"))
    assert len(directed) == len(expected)


def test_dl_is_read_by_igraph(tmp_path: Path) -> None:
    path = tmp_path / "x.dl"
    pairs = {("배송", "가격"): 2.5, ("가격", "v1.0"): 1.0, ("v1.0", "a-b"): 0.00001}
    given = edges(*((*ends, weight) for ends, weight in pairs.items()))
    done = korpus("network", "--edges", "--directed", "-o", path, stdin=given)
    assert done.returncode == 0, done.stderr
    found = igraph.Graph.Read_DL(str(path), directed=True)
    names = found.vs["name"]
    assert {(names[edge.source], names[edge.target]): edge["weight"] for edge in found.es} == pairs


def test_matrix_and_workbook(tmp_path: Path) -> None:
    done = korpus("network", "-f", "matrix", stdin=documents("가 나", "가 나 다"))
    assert done.stdout == "node,가,나,다\n가,0,2,1\n나,2,0,1\n다,1,1,0\n"
    book = openpyxl.load_workbook(made_of_names(tmp_path, "xlsx"))
    assert book.sheetnames == ["nodes", "edges", "matrix", "network"]
    cells = [[cell.value for cell in row] for row in book["matrix"].rows]
    numbers = numpy.array([row[1:] for row in cells[1:]], float)
    assert (numbers == numbers.T).all() and numbers.sum() == 2 * sum(EXPECTED.values())
    assert {row[0] for row in cells[1:]} == set(NAMES) == set(cells[0][1:])


def test_two_modes_in_files(tmp_path: Path) -> None:
    source = documents("가 나 가", "가", rating=["10", "9"])
    korpus("network", "--by", "rating", "-o", tmp_path / "x.net", stdin=source)
    assert "*Vertices 4 2\n" in (tmp_path / "x.net").read_text("utf-8-sig")
    korpus("network", "--by", "rating", "-o", tmp_path / "x.dl", stdin=source)
    assert (tmp_path / "x.dl").read_text("utf-8") == (
        "dl nr=2 nc=2\nformat=edgelist2\nrow labels:\n가\n나\ncolumn labels:\n9\n10\n"
        "data:\n1 2 2\n1 1 1\n2 2 1\n"
    )
    with pytest.raises(ValueError, match="too many values"):  # as the help of --by says
        networkx.read_pajek(tmp_path / "x.net")
    korpus("network", "--by", "rating", "-o", tmp_path / "x.graphml", stdin=source)
    assert len(networkx.read_graphml(tmp_path / "x.graphml").edges) == 3
    done = korpus("network", "--by", "rating", "-f", "matrix", stdin=source)
    assert done.stdout == "node,9,10\n가,1,2\n나,0,1\n"


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    given = lines({"source": "a\x01b", "target": "끝\ufffe"})
    for suffix, reader in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        done = korpus("network", "--edges", "-o", tmp_path / f"x.{suffix}", stdin=given)
        assert done.returncode == 0, done.stderr
        labels = dict(reader(tmp_path / f"x.{suffix}").nodes(data="label"))
        assert sorted(labels.values()) == ["a\ufffdb", "끝\ufffd"]


def test_the_same_seed_gives_the_same_bytes(sample_nouns: Path, tmp_path: Path) -> None:
    made = []
    for number in range(2):
        path = tmp_path / f"{number}.graphml"
        korpus("network", sample_nouns, "--top-edges", 80, "-j", number + 1, "-o", path)
        made.append(path.read_bytes())
    assert made[0] == made[1]
    graph = edge_graph(random_edges(1, 0.1))
    assert communities(graph, seed=3) == communities(graph, seed=3)


def test_paths_of_large_networks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("korpus.networks.measures._MANY_STEPS", 10)
    made = api.network(random_edges(1, 0.1), edges=True)
    assert {row["betweenness"] for row in made.nodes} == {None}
    assert {row["measure"]: row["value"] for row in made.summary}["diameter"] is None


# Pictures


def drawn(*arguments: object, stdin: str, path: Path) -> dict[str, Any]:
    """The numbers and texts of a chart, from its page."""
    done = korpus("network", *arguments, "--plot", path, stdin=stdin)
    assert done.returncode == 0, done.stderr
    found = re.search(r'vegaEmbed\("#chart", (\{.*\}), \{ast', path.read_text("utf-8"))
    assert found is not None
    chart: dict[str, Any] = json.loads(found[1])
    return chart


def circles(chart: dict[str, Any]) -> list[dict[str, Any]]:
    layer = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "point")
    found: list[dict[str, Any]] = chart["datasets"][layer["data"]["name"]]
    return found


def test_the_picture_shows_all_words_and_no_label_covers_another(
    sample_nouns: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.html"
    chart = drawn(sample_nouns, "--top-edges", 120, stdin="", path=path)
    nodes = circles(chart)
    assert {node["node"] for node in nodes} >= {"장면", "시간", "휴대폰"}
    assert len({node["group"] for node in nodes}) > 2
    boxes = []
    for node in nodes:
        half, rise = text_width(node["node"], node["letters"]) / 2, node["letters"] / 2
        x, y = node["label_x"], node["label_y"]
        boxes.append(Box(x - half, y - rise, x + half, y + rise))
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    first = path.read_bytes()
    drawn(sample_nouns, "--top-edges", 120, stdin="", path=path)
    assert path.read_bytes() == first
    drawn(sample_nouns, "--top-edges", 120, "--seed", 1, stdin="", path=path)
    assert path.read_bytes() != first


@pytest.mark.parametrize("source", ["", edges(("a", "b", 1)), lines({"source": "a", "target": ""})])
def test_small_networks_are_drawn(source: str, tmp_path: Path) -> None:
    chart = drawn("--edges", "--directed", stdin=source, path=tmp_path / "x.html")
    assert chart["layer"]


def test_large_networks_are_drawn_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["korpus.views.plot_network"], "_MOST_NODES", 5)
    chart = plot_network(api.network(random_edges(1, 0.2), edges=True)).to_dict()
    assert len(circles(chart)) == 5


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("가나다라마바사아자차카타", "가나다라마바사아자차카타"),
        ("가나다라마바사아자차카타파", "가나다라마바사아자차카타…"),
        ("a name of twenty-four le", "a name of twenty-four le"),
        ("a name of twenty-four letters", "a name of twenty-four le…"),
    ],
)
def test_long_names_are_cut_in_pictures(name: str, label: str) -> None:
    chart = plot_network(api.network([{"source": name, "target": "나"}], edges=True)).to_dict()
    assert {node["node"]: node["label"] for node in circles(chart)} == {name: label, "나": "나"}
