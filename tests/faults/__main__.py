"""Kills and failing disks at every point of every command that writes, and the counts.

python -m tests.faults [WORD…]   (only commands whose line has one of the words)
"""

# ruff: noqa: T201

import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

from tests.faults.cases import SLOW, cases, make_inputs
from tests.faults.damage import damaged
from tests.faults.disk import FAULTS, Lost, check_case
from tests.faults.resume import killed_at_random

_KILLS = 300
_EVERY = 50  # of the points of SLOW


def _resumed(folder: Path) -> Counter[str]:
    """Long runs that are killed and damaged, in folders of their own."""
    counts: Counter[str] = Counter()
    for what in (partial(killed_at_random, kills=_KILLS), damaged):
        place = Path(tempfile.mkdtemp(dir=folder))
        try:
            counts += what(place)
        except Lost as lost:
            counts["losses"] += 1
            print(f"LOST {lost}", flush=True)
    return counts


def main(words: list[str]) -> int:
    counts: Counter[str] = Counter()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        inputs = Path(name) / "inputs"
        inputs.mkdir()
        make_inputs(inputs)
        for case in cases():
            if words and not any(word in case.name for word in words):
                continue
            try:
                every = _EVERY if case.name == SLOW else 1
                found = check_case(case, inputs, Path(name), whats=FAULTS, every=every)
            except Lost as lost:
                found = Counter({"losses": 1})
                print(f"LOST {lost}", flush=True)
            counts += found
            counts["commands"] += 1
            print(f"{found['kills']:5} kills {found['faults']:5} faults  {case.name}", flush=True)
        if not words or "resume" in words:
            counts += _resumed(Path(name))
    for point, number in sorted(counts.items()):
        if point.startswith("points "):
            print(f"{number:5} × {point.removeprefix('points ')}")
    for what in ("random kills", "resumed runs", "cut partial files", "flipped partial files"):
        print(f"{counts[what]:5} {what}")
    print(f"{counts['of these refused']:5} partial files refused")
    print(
        f"{counts['commands']} command lines, {counts['kills']} kills, {counts['faults']} faults, "
        f"{counts['losses']} losses, {time.monotonic() - start:.0f} s"
    )
    return 1 if counts["losses"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
