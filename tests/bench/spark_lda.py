"""Topics of `lda --on` beside those of gensim's online LDA, as a Markdown table.

python -m tests.bench.spark_lda [--documents N] [--runs N] [--only reviews|stopwords]

NPMI of the ten first terms of 20 topics, on reviews (mecab's nouns, verbs and adjectives) and on
what `stopwords --min-length 2` leaves of them. Both are online variational Bayes; gensim makes the
same number of passes, with korpus' options for it (priors of 1 / k). Needs the extra spark.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

from korpus.cli.main import _run
from korpus.files import load, read, write_records
from korpus.models import lda
from korpus.models.topics.quality import coherence
from korpus.records import Record
from korpus.tokens import stopwords
from tests.bench import inputs

K = 20


def on_spark(tokens: Path, seed: int) -> Any:
    model = tokens.with_suffix(".safetensors")
    line = ["lda", tokens, "-k", K, "--seed", seed, "-m", model, "-o", tokens.with_suffix(".csv")]
    code = _run([*map(str, line), "--on", "local[2]"])
    assert code == 0, code
    return load(str(model))


def by_gensim(tokens: Path, seed: int) -> Any:
    return lda(read(tokens), k=K, engine="gensim", seed=seed)


def row(name: str, documents: list[Record], scratch: Path, runs: int) -> list[str]:
    texts = [record["tokens"] for record in documents]
    tokens = scratch / f"{len(name)}.jsonl"
    write_records(iter(documents), str(tokens))
    found = []
    fits: list[Callable[[Path, int], Any]] = [on_spark, by_gensim]
    for fit in fits:
        start = time.perf_counter()
        models = [fit(tokens, seed) for seed in range(runs)]
        seconds = (time.perf_counter() - start) / runs
        terms = [model.ranked_terms(10) for model in models]
        found.append((fmean(coherence([terms], texts, "c_npmi")[0]), seconds))
    (ours, took), (theirs, theirs_took) = found
    values = [f"{ours:.3f}", f"{theirs:.3f}", f"{ours - theirs:+.3f}", "≥ −0.01"]
    return [name, *values, f"{took:.0f} s", f"{theirs_took:.0f} s"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.spark_lda")
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=["reviews", "stopwords"])
    given = parser.parse_args()
    print("| NPMI | --on | gensim | difference | floor | --on | gensim |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        reviews: list[Record] = [
            {"id": record["id"], "tokens": record["tokens"]}
            for record in read(inputs.content_tokens(scratch, given.documents))
        ]
        for choice, name, documents in (
            ("reviews", f"{len(reviews):,} reviews", reviews),
            ("stopwords", "without stopwords", list(stopwords(reviews, min_length=2))),
        ):
            if given.only not in (None, choice):
                continue
            cells = row(name, documents, scratch, given.runs)
            print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
