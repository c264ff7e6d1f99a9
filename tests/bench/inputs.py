"""The inputs of the benchmarks, made once in a scratch folder."""

import subprocess
from collections import Counter
from itertools import islice
from pathlib import Path

from korpus.files import read, write_records
from tests.bench.measure import korpus
from tests.support import SHARED

REVIEWS = SHARED / "reviews.csv.gz"


def tokens(scratch: Path) -> Path:
    """The reviews after korpus morph."""
    path = scratch / "tokens.jsonl"
    if not path.is_file():
        subprocess.run(korpus("morph", REVIEWS, "-o", path), check=True)
    return path


def placed_tokens(scratch: Path) -> Path:
    """The reviews after korpus morph --spans."""
    path = scratch / "placed.jsonl"
    if not path.is_file():
        subprocess.run(korpus("morph", REVIEWS, "--spans", "-o", path), check=True)
    return path


def word_table(scratch: Path) -> Path:
    """The 1,000 most frequent nouns of two or more characters in the reviews, as a word table."""
    path = scratch / "words.tsv"
    if not path.is_file():
        nouns = Counter(
            form
            for record in read(tokens(scratch))
            for form, tag in zip(record["tokens"], record["tags"], strict=True)
            if tag in ("NNG", "NNP") and len(form) > 1
        )
        rows = [form for form, _count in nouns.most_common(1000)]
        path.write_text("\n".join(["form", *rows]) + "\n", encoding="utf-8")
    return path


def documents(scratch: Path, count: int) -> Path:
    """So many reviews as JSON lines; beyond the last they begin again, with ids of their own."""
    path = scratch / f"documents-{count}.jsonl"
    if not path.is_file():
        write_records(islice(_again_and_again(), count), str(path))
    return path


def tokens_of(scratch: Path, count: int) -> Path:
    """So many documents after korpus morph."""
    path = scratch / f"tokens-{count}.jsonl"
    if not path.is_file():
        subprocess.run(korpus("morph", documents(scratch, count), "-o", path), check=True)
    return path


def content_tokens(scratch: Path, count: int) -> Path:
    """Nouns, verbs and adjectives of the first reviews, of which topics are made."""
    path = scratch / f"content-{count}.jsonl"
    if not path.is_file():
        source = scratch / f"reviews-{count}.jsonl"
        write_records(islice(read(REVIEWS), count), str(source))
        pos = ["--pos", "noun,verb,adjective"]
        subprocess.run(korpus("morph", source, *pos, "-o", path), check=True)
    return path


def _again_and_again():  # type: ignore[no-untyped-def]
    turn = 0
    while True:
        for record in read(REVIEWS):
            yield {**record, "id": f"{record['id']}-{turn}"}
        turn += 1
