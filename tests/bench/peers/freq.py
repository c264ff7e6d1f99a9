"""Counts of terms and of the documents that hold them, with json, Counter and pandas."""

import json
import sys
from collections import Counter

import pandas


def main(source: str, output: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    documents: Counter[tuple[str, str]] = Counter()
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        for line in lines:
            record = json.loads(line)
            terms = list(zip(record["tokens"], record["tags"], strict=True))
            counts.update(terms)
            documents.update(set(terms))
    total = counts.total()
    rows = [(*term, count, documents[term], count / total) for term, count in counts.items()]
    table = pandas.DataFrame(rows, columns=["term", "tag", "count", "documents", "share"])
    table = table.sort_values(["count", "term", "tag"], ascending=[False, True, True])
    table.to_csv(output, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
