"""The strongest pairs of the 100 most frequent words and their centralities, with json,
CountVectorizer and networkx."""

import json
import sys

import networkx
import pandas
from sklearn.feature_extraction.text import CountVectorizer

EDGES = 500


def identity(tokens: list[str]) -> list[str]:
    return tokens


def main(source: str, output: str) -> None:
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        documents = [json.loads(line)["tokens"] for line in lines]
    vectorizer = CountVectorizer(analyzer=identity, binary=True, max_features=100)
    there = vectorizer.fit_transform(documents)
    together = (there.T @ there).toarray()
    names = vectorizer.get_feature_names_out()
    pairs = [
        (names[a], names[b], together[a, b]) for a in range(len(names)) for b in range(a) if a != b
    ]
    strongest = sorted(pairs, key=lambda pair: -pair[2])[:EDGES]
    graph = networkx.Graph()
    graph.add_weighted_edges_from(strongest)
    networkx.betweenness_centrality(graph)
    networkx.closeness_centrality(graph)
    networkx.pagerank(graph)
    networkx.community.louvain_communities(graph, seed=0)
    pandas.DataFrame(strongest, columns=["source", "target", "weight"]).to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
