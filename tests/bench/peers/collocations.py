"""Pairs of tokens in windows of five, ranked by G², with json and nltk."""

import json
import sys
from itertools import chain

import pandas
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

_WINDOW = 6  # with the first token


def main(source: str, output: str) -> None:
    padding = [None] * (_WINDOW - 1)  # so that no window crosses a document
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        records = map(json.loads, lines)
        terms = (list(zip(r["tokens"], r["tags"], strict=True)) for r in records)
        words = chain.from_iterable(chain(document, padding) for document in terms)
        finder = BigramCollocationFinder.from_words(words, _WINDOW)
    finder.apply_freq_filter(3)
    rows = [
        (*first, *second, score)
        for (first, second), score in finder.score_ngrams(BigramAssocMeasures.likelihood_ratio)
    ]
    columns = ["term", "tag", "collocate", "collocate_tag", "g2"]
    pandas.DataFrame(rows, columns=columns).to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
