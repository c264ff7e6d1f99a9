"""korpus beside its peers on 300,000 film reviews, as a Markdown table.

python -m tests.bench.speed [ROW…] [--runs N] [--scratch FOLDER]

Each row runs korpus and the peer in turn and compares the medians. The reviews are expected beside
the checkout, `jq` on the path. The peers are in tests/bench/peers and tests/bench/inside.py.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from korpus.views import default_font
from tests.bench import inputs
from tests.bench.inside import MEASURED
from tests.bench.measure import Command, Cost, in_turn, korpus, printed, python, run

EMPTY = "import typer\napp = typer.Typer()\n@app.command()\ndef main(): ...\napp(['--help'])"
# The help of a registry with 60 commands.
SIXTY = """
from korpus.cli import registry
others = [c._replace(name=f"{c.name}{n}") for n in range(9) for c in registry.COMMANDS]
registry.COMMANDS = (*registry.COMMANDS, *others)[:60]
from korpus.cli.main import main
main()
"""
FEW, MANY = 300_000, 3_000_000
COSTS = {3_000: 15, 30_000: 5, FEW: 3, MANY: 1}  # documents, and how often they are run


class Row(NamedTuple):
    """A line of the table. `floor` is the least ratio, or the greatest where `most` is set."""

    what: str
    korpus: str
    peer: str
    ratio: float
    floor: float
    most: bool = False


Rows = Callable[[Path, int], Iterator[Row]]


def faster(what: str, ours: float, theirs: float, floor: float, megabytes: float = 0) -> Row:
    """A row of two times, shown as speeds where there is a size."""
    shown = [f"{megabytes / s:.0f} MB/s" if megabytes else f"{s:.2f} s" for s in (ours, theirs)]
    return Row(what, *shown, theirs / ours, floor)


def beside(ours: Command, theirs: Command, runs: int, output: Path | None = None) -> list[float]:
    """The median seconds of two commands."""
    return in_turn(runs, lambda: run(ours).seconds, lambda: run(theirs, output).seconds)


def mecab(scratch: Path, runs: int) -> Iterator[Row]:
    ours = korpus("morph", inputs.REVIEWS, "-o", scratch / "morph.jsonl")
    loop = python("peers.mecab_pos", inputs.REVIEWS, scratch / "p.jsonl")
    parse = python("inside", "mecab", "library")
    times = in_turn(
        runs, lambda: run(ours).seconds, lambda: run(loop).seconds, lambda: printed(parse)
    )
    yield faster("`morph -a mecab` and a `MeCab.pos()` loop", times[0], times[1], 5.5)
    yield faster("… and `tagger.parse` alone, two processes", times[0], times[2], 0.8)


def words(scratch: Path, runs: int) -> Iterator[Row]:
    """Processor time of one process with a word table of 1,000 words, and without."""
    for count in (40_000, FEW):
        plain = korpus(
            "morph", inputs.documents(scratch, count), "-j", 1, "-o", scratch / "k.jsonl"
        )
        both = [*plain, "--words", str(inputs.word_table(scratch))], plain
        cpu = in_turn(runs, *(lambda c=c: run(c).cpu for c in both))
        shown = [f"{seconds:.1f} s CPU" for seconds in cpu]
        what = f"`morph --words` with 1,000 words, and without, {count:,} reviews"
        yield Row(what, *shown, cpu[1] / cpu[0], 0.9)


def analyzer(name: str, floor: float) -> Rows:
    def rows(scratch: Path, runs: int) -> Iterator[Row]:
        ours, theirs = (python("inside", name, who) for who in ("korpus", "library"))
        times = in_turn(runs, lambda: printed(ours), lambda: printed(theirs))
        peer = "`Kiwi.tokenize(list)`" if name == "kiwi" else "konlpy's `.pos()` loop"
        what = f"`morph -a {name}` and {peer}, warm, {MEASURED[name]:,} reviews"
        yield faster(what, *times, floor)

    return rows


def stopwords(scratch: Path, runs: int) -> Iterator[Row]:
    tokens = inputs.tokens(scratch)
    ours = korpus("stopwords", tokens, "-o", scratch / "stopwords.jsonl")
    times = beside(ours, ["jq", "-c", ".", str(tokens)], runs, scratch / "p.jsonl")
    size = tokens.stat().st_size / 1e6
    yield faster("`stopwords` and `jq -c .`", *times, 3, size)


def freq(scratch: Path, runs: int) -> Iterator[Row]:
    tokens, csv = inputs.tokens(scratch), scratch / "p.csv"
    ours = korpus("freq", tokens, "-o", scratch / "freq.csv")
    counter, vectorizer = (python(f"peers.{name}", tokens, csv) for name in ("freq", "count"))
    times = in_turn(
        runs,
        lambda: run(ours).seconds,
        lambda: run(counter).seconds,
        lambda: run(vectorizer).seconds,
    )
    yield faster("`freq` and `Counter`, pandas", times[0], times[1], 2)
    yield faster("`freq` and `CountVectorizer`", times[0], times[2], 2)


def ngrams(scratch: Path, runs: int) -> Iterator[Row]:
    tokens = inputs.tokens(scratch)
    ours = korpus("ngrams", tokens, "-n", "2", "-o", scratch / "n.csv")
    times = beside(ours, python("peers.count", tokens, scratch / "p.csv", "2"), runs)
    yield faster("`ngrams -n 2` and `CountVectorizer`", *times, 1)


def collocations(scratch: Path, runs: int) -> Iterator[Row]:
    """Processor time, of two processes for korpus and one for the peer."""
    tokens = inputs.placed_tokens(scratch)
    ours = korpus("collocations", tokens, "-o", scratch / "k.csv")
    few = korpus("freq", tokens, "-o", scratch / "freq.csv")
    nltk = python("peers.collocations", tokens, scratch / "p.csv")
    times = in_turn(runs, *(lambda c=c: run(c).cpu for c in (ours, few, nltk)))
    shown = [f"{seconds:.1f} s CPU" for seconds in times]
    yield Row("`collocations` and nltk's finder", shown[0], shown[2], times[2] / times[0], 3)
    what = "CPU of `collocations` and of `freq`, the same file"
    yield Row(what, shown[0], shown[1], times[0] / times[1], 3, most=True)


def keyness(scratch: Path, runs: int) -> Iterator[Row]:
    """Processor time, of two processes for korpus and one for the peer."""
    tokens = inputs.tokens(scratch)
    ours = korpus("keyness", tokens, "--by", "rating:1-7,8-10", "-o", scratch / "k.csv")
    few = korpus("freq", tokens, "-o", scratch / "freq.csv")
    peer = python("peers.keyness", tokens, scratch / "p.csv")
    times = in_turn(runs, *(lambda c=c: run(c).cpu for c in (ours, few, peer)))
    shown = [f"{seconds:.1f} s CPU" for seconds in times]
    yield Row(
        "CPU of `keyness` and of `freq`", shown[0], shown[1], times[0] / times[1], 3, most=True
    )
    yield Row("… and `CountVectorizer`, G² alone", shown[0], shown[2], times[2] / times[0], 0.9)


def tfidf(scratch: Path, runs: int) -> Iterator[Row]:
    tokens = inputs.tokens(scratch)
    ours = korpus("tfidf", "--overall", tokens, "-o", scratch / "tfidf.csv")
    times = beside(ours, python("peers.tfidf", tokens, scratch / "p.csv"), runs)
    yield faster("`tfidf --overall` and `TfidfVectorizer`", *times, 2)


def network(scratch: Path, runs: int) -> Iterator[Row]:
    tokens = inputs.tokens(scratch)
    ours = korpus("network", tokens, "--top-edges", 500, "-o", scratch / "network.csv")
    counted = korpus("freq", tokens, "-o", scratch / "freq.csv")
    peer = python("peers.network", tokens, scratch / "p.csv")
    cpu = in_turn(runs, *(lambda c=c: run(c).cpu for c in (ours, counted, peer)))
    shown = [f"{seconds:.1f} s CPU" for seconds in cpu]
    what = "CPU of `network --top-edges 500` and of `freq`"
    yield Row(what, shown[0], shown[1], cpu[0] / cpu[1], 3, most=True)
    yield Row("… and `CountVectorizer`, networkx", shown[0], shown[2], cpu[2] / cpu[0], 0.9)


def search(scratch: Path, runs: int) -> Iterator[Row]:
    """Processor time, of two processes for the index and one for the rest."""
    tokens, index = inputs.placed_tokens(scratch), scratch / "index.safetensors"
    commands = [
        korpus("index", tokens, "-m", index),
        korpus("freq", tokens, "-o", scratch / "freq.csv"),
        python("peers.search", tokens, scratch / "p.csv", "배우 연기 감동"),
        korpus("search", index, "배우들의 연기가 감동적이다", "-o", scratch / "found.csv"),
    ]
    cpu = in_turn(runs, *(lambda c=c: run(c).cpu for c in commands))
    shown = [f"{seconds:.1f} s CPU" for seconds in cpu]
    yield Row("CPU of `index` and of `freq`", shown[0], shown[1], cpu[0] / cpu[1], 3, most=True)
    what = "`index` and one `search`, and bm25s without an index on disk"
    yield Row(what, f"{cpu[0] + cpu[3]:.1f} s CPU", shown[2], cpu[2] / (cpu[0] + cpu[3]), 0.9)
    yield Row("CPU of `search`, and a second", shown[3], "1 s", cpu[3], 1, most=True)


def lm(scratch: Path, runs: int) -> Iterator[Row]:
    """A model of trigrams of morphemes: processor time and memory, and sentences per second."""
    tokens, model = inputs.tokens(scratch), scratch / "lm.safetensors"
    train = korpus("lm", "train", tokens, "-m", model, "-o", scratch / "k.csv")
    few = korpus("freq", tokens, "-o", scratch / "freq.csv")
    score = korpus("lm", "score", tokens, "-m", model, "-o", scratch / "scores.csv")
    cpu = in_turn(runs, *(lambda c=c: run(c).cpu for c in (train, few)))
    shown = [f"{seconds:.1f} s CPU" for seconds in cpu]
    what = "CPU of `lm train`, order 3, and of `freq`"
    yield Row(what, shown[0], shown[1], cpu[0] / cpu[1], 3, most=True)
    gibibytes = run(train, memory=True).megabytes / 1074
    yield Row("… its memory, and 2 GiB", f"{gibibytes:.2f} GiB", "2 GiB", gibibytes, 2, most=True)
    speed = FEW / in_turn(runs, lambda: run(score).seconds)[0]
    what = "`lm score`, and 20,000 sentences a second"
    yield Row(what, f"{speed:,.0f}", "20,000", speed / 20_000, 1)


def read(scratch: Path, runs: int) -> Iterator[Row]:
    ours = korpus("read", inputs.REVIEWS, "-o", scratch / "read.jsonl")
    times = beside(ours, python("peers.read", inputs.REVIEWS, scratch / "p.jsonl"), runs)
    yield faster("`read` and pandas", *times, 2)


def wordcloud(scratch: Path, runs: int) -> Iterator[Row]:
    tokens = inputs.tokens(scratch)
    ours = korpus("wordcloud", tokens, "-o", scratch / "k.png")
    theirs = python("peers.wordcloud", tokens, scratch / "p.png", default_font())
    yield faster("`wordcloud` and `Counter`, `WordCloud`", *beside(ours, theirs, runs), 1)


def startup(scratch: Path, runs: int) -> Iterator[Row]:
    ours, empty = korpus("--help"), [sys.executable, "-c", EMPTY]
    sixty = [sys.executable, "-c", SIXTY, "--help"]
    found = in_turn(max(runs, 15), *(lambda c=c: run(c).cpu for c in (ours, sixty, empty)))
    shown = [f"{seconds:.2f} s CPU" for seconds in found]
    what = "CPU of `--help` and of an empty Typer app's"
    yield Row(what, shown[0], shown[2], found[0] / found[2], 1.25, most=True)
    yield Row("… with 60 commands", shown[1], shown[2], found[1] / found[2], 1.3, most=True)


def scale(scratch: Path, runs: int) -> Iterator[Row]:
    """Memory and processor time a document as the documents grow a thousandfold."""
    for name in ("morph", "stopwords", "freq"):
        make = inputs.documents if name == "morph" else inputs.tokens_of
        output = scratch / ("k.csv" if name == "freq" else "k.jsonl")
        times = {1: 15, **COSTS}
        found: dict[int, list[Cost]] = {count: [] for count in times}
        for turn in range(max(times.values())):  # in turn, as the machine is not always as fast
            for count in times:
                if turn < times[count]:
                    command = korpus(name, make(scratch, count), "-o", output)
                    found[count].append(run(command, memory=count >= FEW))
        costs = {
            count: sorted(each, key=lambda cost: cost.cpu)[len(each) // 2]
            for count, each in found.items()
        }
        if name != "freq":
            few, many = costs[FEW].megabytes, costs[MANY].megabytes
            yield Row(
                f"memory of `{name}`, {MANY:,} documents and {FEW:,}",
                f"{many:.0f} MB",
                f"{few:.0f} MB",
                many / few,
                1.15,
                most=True,
            )
        each = {n: (costs[n].cpu - costs[1].cpu) / n * 1e6 for n in COSTS}
        shown = [f"{each[n]:.1f} µs" for n in (MANY, min(COSTS))]
        all_of_them = ", ".join(f"{n:,}: {each[n]:.1f} µs" for n in COSTS)
        print(f"CPU a document of {name}: {all_of_them}", file=sys.stderr)  # noqa: T201
        what = f"CPU a document of `{name}`, {MANY:,} documents and {min(COSTS):,}"
        yield Row(what, *shown, each[MANY] / each[min(COSTS)], 1.2, most=True)


ROWS: dict[str, Rows] = {
    "mecab": mecab,
    "words": words,
    "kiwi": analyzer("kiwi", 0.95),
    "okt": analyzer("okt", 1.8),
    "komoran": analyzer("komoran", 1.8),
    "hannanum": analyzer("hannanum", 1.6),
    "kkma": analyzer("kkma", 1.6),
    "stopwords": stopwords,
    "freq": freq,
    "ngrams": ngrams,
    "collocations": collocations,
    "keyness": keyness,
    "tfidf": tfidf,
    "network": network,
    "search": search,
    "lm": lm,
    "read": read,
    "wordcloud": wordcloud,
    "startup": startup,
    "scale": scale,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of: {', '.join(ROWS)}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scratch", type=Path, help="keep the inputs that are made here")
    given = parser.parse_args()
    if unknown := set(given.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    if not inputs.REVIEWS.is_file():
        raise SystemExit(f"no {inputs.REVIEWS}")
    with tempfile.TemporaryDirectory() as temporary:
        scratch = given.scratch or Path(temporary)
        scratch.mkdir(exist_ok=True)
        print("| what | korpus | peer | ratio | floor | ok |\n|---|---|---|---|---|---|")  # noqa: T201
        for name in given.rows or ROWS:
            for row in ROWS[name](scratch, given.runs):
                ok = row.ratio <= row.floor if row.most else row.ratio >= row.floor
                floor = f"{'≤' if row.most else '≥'} {row.floor:g} ×"
                cells = [row.what, row.korpus, row.peer, f"{row.ratio:.2f} ×", floor]
                print(f"| {' | '.join(cells)} | {'yes' if ok else '**no**'} |", flush=True)  # noqa: T201
    print(f"\n{os.cpu_count()} cores, {platform.machine()} {platform.system()}, {date.today()}")  # noqa: T201


if __name__ == "__main__":
    main()
