"""A matrix of documents and terms, or n-grams, with json, CountVectorizer and pandas."""

import json
import sys

import numpy
import pandas
from sklearn.feature_extraction.text import CountVectorizer


def identity(tokens: list[str]) -> list[str]:
    return tokens


def main(source: str, output: str, n: str = "1") -> None:
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        documents = [json.loads(line)["tokens"] for line in lines]
    if n == "1":
        vectorizer = CountVectorizer(analyzer=identity)
    else:
        vectorizer = CountVectorizer(
            tokenizer=identity,
            preprocessor=identity,
            token_pattern=None,
            ngram_range=(int(n), int(n)),
        )
    counts = vectorizer.fit_transform(documents)
    table = pandas.DataFrame(
        {
            "term": vectorizer.get_feature_names_out(),
            "count": numpy.asarray(counts.sum(axis=0)).ravel(),
            "documents": numpy.bincount(counts.indices, minlength=counts.shape[1]),
        }
    )
    table.sort_values("count", ascending=False).to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
