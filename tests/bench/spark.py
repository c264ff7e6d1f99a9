"""Records a second of `morph` on Spark (local[2]) beside `-j 2`, as a Markdown table.

python -m tests.bench.spark [--documents N] [--pairs N] [--analyzer NAME]

Each pair runs one after the other, so that both meet the same machine; a ratio is that of one pair,
and the medians are shown. Processor time includes that of Java, so Linux is needed, and the extra
spark.
"""

# ruff: noqa: T201

import argparse
import ctypes
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench import inputs
from tests.bench.measure import korpus, run

_SUBREAPER = 36  # of prctl: processes whose parent has ended become children of this one


def cost(analyzer: str, source: Path, output: Path, *options: object) -> tuple[float, float]:
    """Seconds by the clock and of the processors that a run took."""
    before = sum(os.times()[2:4])
    found = run(korpus("morph", "-a", analyzer, source, "-o", output, *options))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.1)
        except ChildProcessError:  # all have ended
            break
    cpu = sum(os.times()[2:4]) - before
    if output.is_dir():
        shutil.rmtree(output)
    else:
        output.unlink()
    return found.seconds, cpu


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.spark")
    parser.add_argument("--documents", type=int, default=300_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--analyzer", default="mecab")
    given = parser.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    print("| records a second | -j 2 | --on local[2] | ratio | of CPU | least |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        source = inputs.documents(scratch, given.documents)
        rows: list[tuple[float, ...]] = []
        for _pair in range(given.pairs):
            here, cpu_here = cost(given.analyzer, source, scratch / "a.jsonl", "-j", 2)
            there, cpu = cost(given.analyzer, source, scratch / "b.jsonl", "--on", "local[2]")
            rates = given.documents / here, given.documents / there
            rows.append((*rates, here / there, cpu_here / cpu))
            _show(f"{given.analyzer}, {given.documents:,}", rows[-1])
        _show("median", [statistics.median(one) for one in zip(*rows, strict=True)])


def _show(name: str, values: "tuple[float, ...] | list[float]") -> None:
    here, there, ratio, of_cpu = values
    cells = [name, f"{here:,.0f}", f"{there:,.0f}", f"{ratio:.2f}", f"{of_cpu:.2f}", "0.60"]
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
