"""Speed and start-up of every analyzer in one run: python -m tests.bench.analyzers

Reads film reviews from beside the checkout, or the sample data. Each analyzer gets a warm-up and
then as many documents as it manages in about ten seconds.
"""

import itertools
import time

from korpus.analyzers import ANALYZERS, morph
from korpus.files import read
from tests.support import SAMPLE, SHARED

SECONDS = 10


def measure(analyzer: str, documents: list[dict[str, object]]) -> tuple[float, float]:
    """Seconds until the first document is out, and characters a second after that."""
    began = time.perf_counter()
    list(morph(documents[:1], analyzer))
    start = time.perf_counter() - began
    tokens = iter(morph(itertools.cycle(documents), analyzer))
    for _ in itertools.islice(tokens, 2000 if analyzer != "kkma" else 50):
        pass
    began, characters = time.perf_counter(), 0
    for record in tokens:
        characters += len(record["text"])
        if (taken := time.perf_counter() - began) > SECONDS:
            break
    return start, characters / taken


def main() -> None:
    reviews = SHARED / "reviews.csv.gz"
    source = reviews if reviews.is_file() else SAMPLE
    documents = list(itertools.islice(read(source), 20_000))
    print(f"{len(documents):,} documents of {source.name}")  # noqa: T201
    print("| analyzer | start-up, s | characters a second |\n|---|---|---|")  # noqa: T201
    for analyzer in ANALYZERS:
        start, rate = measure(analyzer, documents)
        print(f"| {analyzer} | {start:.1f} | {rate:,.0f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
