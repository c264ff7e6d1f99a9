"""The terms of a corpus by the sum of their TF-IDF, with json, scikit-learn and pandas."""

import json
import sys

import numpy
import pandas
from sklearn.feature_extraction.text import TfidfVectorizer


def identity(tokens: list[str]) -> list[str]:
    return tokens


def main(source: str, output: str) -> None:
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        documents = [json.loads(line)["tokens"] for line in lines]
    vectorizer = TfidfVectorizer(analyzer=identity)
    weights = vectorizer.fit_transform(documents)
    table = pandas.DataFrame(
        {
            "term": vectorizer.get_feature_names_out(),
            "idf": vectorizer.idf_,
            "tfidf": numpy.asarray(weights.sum(axis=0)).ravel(),
        }
    )
    table.sort_values("tfidf", ascending=False).to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
