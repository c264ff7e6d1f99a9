"""A study on small documents, for tests: no slow start, no large library but for topics."""

from pathlib import Path

from tests.support import SAMPLE

STUDY = """title = "Reviews"

[variables]
least = 2

[steps.tokens]
command = "morph"
inputs = "reviews.csv"
options = {analyzer = "space"}

[steps.long]
command = "stopwords"
inputs = "tokens"
output = "long.jsonl"
options = {min-length = "{least}"}

[steps.freq]
command = "freq"
inputs = "long"
output = "freq-{by}.csv"
options = {by = "{by}", top = 3}
foreach = {by = ["category", "rating"]}
"""
BY_HAND = """
korpus morph reviews.csv --analyzer space | korpus stopwords --min-length 2 -o long.jsonl
korpus freq long.jsonl --by category --top 3 -o freq-category.csv
korpus freq long.jsonl --by rating --top 3 -o freq-rating.csv
"""
OUTPUTS = ("long.jsonl", "freq-category.csv", "freq-rating.csv")


def make(folder: Path, study: str = STUDY, rows: int = 12) -> Path:
    """A folder with some reviews and a study file."""
    folder.mkdir(exist_ok=True)
    lines = SAMPLE.read_text("utf-8").splitlines(keepends=True)
    (folder / "reviews.csv").write_text("".join(lines[: rows + 1]), "utf-8")
    (folder / "study.toml").write_text(study, "utf-8")
    return folder
