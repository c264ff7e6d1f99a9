"""Analyzers without what comes before and after: python -m tests.bench.inside ANALYZER WHO

Prints the seconds for a number of film reviews, loading and warming-up excluded. WHO is korpus, or
the library itself as its documentation uses it.
"""

import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from multiprocessing import Barrier, Process, Queue
from typing import Any

from korpus import workers
from korpus.analyzers import ANALYZERS, jvm, morph
from korpus.files import json_line, read
from korpus.records import Record, batches_of
from tests.bench.inputs import REVIEWS

# How many reviews are measured, after how many that warm each process up.
MEASURED = {"kiwi": 20_000, "okt": 20_000, "komoran": 40_000, "hannanum": 8_000, "kkma": 1_000}
WARMING = {"kiwi": 500, "okt": 5_000, "komoran": 8_000, "hannanum": 2_000, "kkma": 300}
PROCESSES = 2


def documents(count: int) -> list[Record]:
    return list(islice((r for r in read(REVIEWS) if r["text"].strip()), count))


def korpus_kiwi() -> float:
    """In this process, to bytes: kiwi has threads of its own."""
    found = documents(MEASURED["kiwi"])
    list(morph(found[: WARMING["kiwi"]], "kiwi"))
    began = time.perf_counter()
    for record in morph(found, "kiwi"):
        json_line(record)
    return time.perf_counter() - began


def kiwi() -> float:
    from kiwipiepy import Kiwi

    texts = [record["text"] for record in documents(MEASURED["kiwi"])]
    tagger = Kiwi(num_workers=PROCESSES)
    list(tagger.tokenize(texts[: WARMING["kiwi"]]))
    began = time.perf_counter()
    list(tagger.tokenize(texts))
    return time.perf_counter() - began


def korpus_jvm(analyzer: str) -> float:
    """From the document on by which both processes are warm, to bytes, as the command does it."""
    warm, measured = PROCESSES * WARMING[analyzer], MEASURED[analyzer]
    batches = batches_of(documents(warm + measured), ANALYZERS[analyzer].batch)
    seen, began = 0, 0.0

    def counted() -> Iterator[list[Record]]:
        nonlocal seen
        for batch in batches:
            seen += len(batch)
            yield batch

    stage = partial(morph, analyzer=analyzer)
    out = 0
    answers = workers.supervise(stage, counted(), jobs=PROCESSES, timeout=60, encode=json_line)
    for _, batch, _ in answers:
        out += len(batch)
        if not began and out >= warm:
            began, first = time.perf_counter(), out
    return (time.perf_counter() - began) * measured / (out - first)


def konlpy(analyzer: str) -> float:
    jvm.start()
    import konlpy.tag

    tagger = getattr(konlpy.tag, analyzer.capitalize())()
    pos = partial(tagger.pos, ntags=22) if analyzer == "hannanum" else tagger.pos
    texts = [record["text"] for record in documents(WARMING[analyzer] + MEASURED[analyzer])]
    began = 0.0
    for number, text in enumerate(texts):
        if number == WARMING[analyzer]:
            began = time.perf_counter()
        pos(text)
    return time.perf_counter() - began


def mecab() -> float:
    """Nothing but the binding's `parse`, in two processes with half the reviews each."""
    barrier, done = Barrier(PROCESSES), Queue()  # type: ignore[var-annotated]
    processes = [
        Process(target=_parse, args=(number, barrier, done)) for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    return max(done.get() for _ in processes)


def _parse(number: int, barrier: Any, done: Any) -> None:
    from korpus.analyzers.mecab import _PLAIN
    from korpus.analyzers.private import mecab_tagger

    texts = [record["text"] for record in read(REVIEWS)][number::PROCESSES]
    tagger = mecab_tagger(_PLAIN)
    tagger.parse(texts[0])
    barrier.wait()
    began = time.perf_counter()
    for text in texts:
        tagger.parse(text)
    done.put(time.perf_counter() - began)


def main(analyzer: str, who: str) -> None:
    ours = korpus_kiwi if analyzer == "kiwi" else partial(korpus_jvm, analyzer)
    theirs = {"kiwi": kiwi, "mecab": mecab}.get(analyzer, partial(konlpy, analyzer))
    print((ours if who == "korpus" else theirs)())  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
