"""The ten best documents of each query by BM25, with bm25s; queries are split at spaces."""

import csv
import json
import sys

import bm25s


def main(source: str, output: str, *queries: str) -> None:
    with open(source, encoding="utf-8") as lines:  # noqa: PTH123
        records = [json.loads(line) for line in lines]
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index([record["tokens"] for record in records], show_progress=False)
    found, scores = index.retrieve([query.split() for query in queries], show_progress=False)
    with open(output, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123
        rows = csv.writer(stream)
        for query, numbers, values in zip(queries, found, scores, strict=True):
            for number, value in zip(numbers, values, strict=True):
                rows.writerow([query, value, records[number]["id"], records[number]["text"]])


if __name__ == "__main__":
    main(*sys.argv[1:])
