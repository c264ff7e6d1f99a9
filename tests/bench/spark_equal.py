"""Rows of commands with --on beside those of one machine, as a Markdown table.

python -m tests.bench.spark_equal [ANALYZER…] [--documents N] [--partitions N]

Each command reads the same reviews, or their tokens, on one machine and on Spark (local[2]), in so
many partitions; floats are compared to 1e-9. The reviews have no ids, so that the number of the row
is the id. Ends with 1 if rows differ. Needs the extra spark.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from korpus.files import read, write_records
from tests.bench import inputs
from tests.spark.conftest import run_here, split
from tests.spark.same import assert_same, rows

ON = ("--on", "local[2]")
REVIEWS = [
    "morph -a {analyzer} --spans -o x.jsonl",
    "clean -o x.jsonl",
    "dedupe -o x.jsonl --groups y.csv",
    "dedupe --near 0.6 --keep longest -o x.jsonl --groups y.csv",
]
TOKENS = [
    "stopwords --min-length 2 -o x.jsonl",
    "freq -o x.csv",
    "freq --by rating -o x.csv",
    "tfidf --min-df 2 -o x.csv",
    "tfidf --overall -o x.csv",
    "ngrams -n 1,2,3 --min-count 2 -o x.csv",
    "collocations --measure all -o x.csv",
    "keyness --by rating -o x.csv",
    "network --min-count 5 -o x.csv --nodes y.csv",
    "network --window 3 --min-count 5 -o x.csv",
]
MODELS = [  # fitted on one machine
    ("lda -k 10 -m m.safetensors", "infer m.safetensors"),
    ("tfidf --min-df 5 -m m.safetensors", "infer m.safetensors"),
    ("classify train --label rating -m m.safetensors", "classify predict m.safetensors"),
]


class Differences:
    """Runs commands twice in a scratch folder. `any`: whether rows were different."""

    def __init__(self, scratch: Path, partitions: int) -> None:
        self.scratch, self.partitions = scratch, partitions
        self.any = False

    def row(self, analyzer: str, line: str, source: Path) -> tuple[Path, Path]:
        """Compare the outputs of a command. Gives the folders of both."""
        split(source, self.partitions)
        words = line.format(analyzer=analyzer).split()
        options = next(at for at, word in enumerate(words) if word.startswith("-"))
        words = [*words[:options], str(source), *words[options:], "-q"]
        folders, seconds = [], []
        for more in ((), ON):
            folder = Path(tempfile.mkdtemp(dir=self.scratch))
            os.chdir(folder)
            start = time.perf_counter()
            code = run_here(*words, *more)
            seconds.append(time.perf_counter() - start)
            assert code == 0, (code, words)
            folders.append(folder)
        here, there = folders
        count = 0
        said = "equal"
        try:
            for path in sorted(here.glob("[xy].*")):
                wanted = rows(path)
                count += len(wanted)
                found = rows(there / path.name)
                if wanted or found:  # there may be no groups of repeated documents
                    assert_same(found, wanted)
        except AssertionError as error:
            self.any, said = True, f"**different**: {str(error)[:300]}"
        name = line.format(analyzer=analyzer).replace(f"{self.scratch}/", "")
        shown = [f"`{name}`", f"{count:,}", said]
        print(f"| {' | '.join([*shown, *(f'{one:.0f} s' for one in seconds)])} |", flush=True)  # noqa: T201
        return here, there


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.spark_equal")
    parser.add_argument("analyzers", nargs="*", default=["mecab", "kiwi", "okt"])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--partitions", type=int, default=16)
    given = parser.parse_args()
    print("| command | rows | --on | one machine | --on |\n|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        source = scratch / "reviews.jsonl"
        reviews = islice(read(inputs.REVIEWS), given.documents)
        write_records(({k: v for k, v in one.items() if k != "id"} for one in reviews), str(source))
        found = Differences(scratch, given.partitions)
        for analyzer in given.analyzers:
            here, there = found.row(analyzer, REVIEWS[0], source)
            parts = len(list((there / "x.jsonl").glob("part-*")))
            assert parts == given.partitions, parts
            tokens = here / "x.jsonl"
            for line in TOKENS:
                found.row(analyzer, line, tokens)
            # The next command reads the folder of parts as it reads the file.
            found.row(analyzer, TOKENS[0], there / "x.jsonl")
            for fit, apply in MODELS:
                os.chdir(scratch)
                words = fit.split()
                place = 2 if words[0] == "classify" else 1
                assert run_here(*words[:place], tokens, *words[place:], "-q", "-o", "fit.csv") == 0
                model = scratch / "m.safetensors"
                line = apply.replace("m.safetensors", str(model))
                found.row(analyzer, f"{line} -o x.jsonl", tokens)
        for line in REVIEWS[1:]:
            found.row("", line, source)
        os.chdir(tempfile.gettempdir())
    sys.exit(found.any)


if __name__ == "__main__":
    main()
