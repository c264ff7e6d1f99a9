"""The documents of tests/bench/peers/stm_effects.R: nouns of the sample data, with columns."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from korpus.records import Record


def rows(documents: Iterable[Record]) -> list[tuple[str, ...]]:
    """id, category, rating, day and tokens of each document."""
    found = list(documents)
    days = [date.fromisoformat(row["date"]).toordinal() for row in found]
    return [
        (row["id"], row["category"], row["rating"], str(day - min(days)), " ".join(row["tokens"]))
        for row, day in zip(found, days, strict=True)
    ]


def main(source: str, output: str) -> None:
    from korpus.files import read

    heading = ("id", "category", "rating", "day", "tokens")
    lines = ["\t".join(row) for row in (heading, *rows(read(source)))]
    Path(output).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
