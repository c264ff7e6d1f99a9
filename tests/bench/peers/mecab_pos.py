"""A table with a text column to JSON lines with morphemes, as python-mecab-ko's README does it."""

import csv
import gzip
import json
import sys

from mecab import MeCab


def main(source: str, output: str) -> None:
    mecab = MeCab()
    with (
        gzip.open(source, "rt", encoding="utf-8", newline="") as rows,
        open(output, "w", encoding="utf-8") as lines,  # noqa: PTH123
    ):
        for row in csv.DictReader(rows):
            morphemes = mecab.pos(row["text"])
            record = {
                **row,
                "tokens": [form for form, _ in morphemes],
                "tags": [tag for _, tag in morphemes],
                "analyzer": "mecab",
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
