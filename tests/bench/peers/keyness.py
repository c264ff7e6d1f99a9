"""Terms that set the best rated documents apart from the others by G², with CountVectorizer."""

import json
import sys

import numpy
import pandas
from scipy.special import xlogy
from sklearn.feature_extraction.text import CountVectorizer

from tests.bench.peers.count import identity


def main(source: str, output: str) -> None:
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        records = [json.loads(line) for line in lines]
    vectorizer = CountVectorizer(analyzer=identity)
    counts = vectorizer.fit_transform(record["tokens"] for record in records)
    is_best = numpy.array([int(record["rating"]) >= 8 for record in records])
    best = numpy.asarray(counts[is_best].sum(axis=0)).ravel()
    everywhere = numpy.asarray(counts.sum(axis=0)).ravel()
    size, total = best.sum(), everywhere.sum()
    observed = [best, everywhere - best, size - best, total - size - everywhere + best]
    sides = [(x, y) for x in (everywhere, total - everywhere) for y in (size, total - size)]
    expected = [x * y / total for x, y in sides]
    g2 = 2 * sum(xlogy(o, o / e) for o, e in zip(observed, expected, strict=True))
    table = pandas.DataFrame({"term": vectorizer.get_feature_names_out(), "count": best, "g2": g2})
    table[everywhere >= 5].sort_values("g2", ascending=False).to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
