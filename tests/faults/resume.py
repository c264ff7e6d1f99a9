"""Long runs that are killed at random times, and go on until they are whole."""

import random
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests import support
from tests.faults.disk import Lost
from tests.support import records


def make_source(folder: Path, lines: int = 12_000) -> Path:
    """Documents for several batches, some of which are set aside."""
    source = folder / "long.jsonl"
    text = "나는 학교에 갔다. 영화가 정말 재미있었다! "
    source.write_text(
        "".join(
            f'{{"id":"{n}","text":"{text * (n % 4)}{n}번째{chr(92)}ud800"}}\n'
            if n % 1000 == 7
            else f'{{"id":"{n}","text":"{text * (n % 4)}{n}번째"}}\n'
            for n in range(lines)
        )
    )
    return source


def start(
    source: Path, output: Path, *options: object, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """A run that can be resumed."""
    line = ("morph", source, "-o", output, *options)
    return support.start(*line, stdin=stdin, stderr=subprocess.PIPE)


def whole(source: Path, output: Path) -> tuple[dict[str, bytes], float]:
    """What an undisturbed run makes, and its seconds."""
    began = time.monotonic()
    process = start(source, output)
    _, errors = process.communicate(timeout=120)
    if process.returncode != 3:
        raise Lost(f"exit {process.returncode}: {errors.decode()}")
    return made(output), time.monotonic() - began


def made(output: Path) -> dict[str, bytes]:
    """The output and its rejects. Raises Lost if a partial or temporary file is left."""
    stem = output.name.split(".")[0]
    found = {path.name: path.read_bytes() for path in output.parent.glob(f"{stem}.*")}
    left = [name for name in found if ".partial" in name]
    left += [path.name for path in output.parent.glob(f".{output.name}.*")]
    if left:
        raise Lost(f"left behind: {left}")
    return found


def saved_bytes(output: Path) -> int:
    """How much of a run is saved so far."""
    partial = output.with_name(f"{output.name}.partial")
    return sum(
        path.stat().st_size
        for path in (partial, partial.with_name(f"{partial.name}-wal"))
        if path.exists()
    )


def killed_at_random(folder: Path, kills: int, seed: int = 0) -> Counter[str]:
    """Kill resumable runs at random times until they end. Raises Lost where it shows."""
    dice = random.Random(seed)
    source = make_source(folder)
    output = folder / "out.jsonl"
    expected, seconds = whole(source, output)
    check_ids(source, expected)
    counts: Counter[str] = Counter()
    while counts["random kills"] < kills:
        for name in expected:
            (folder / name).unlink(missing_ok=True)
        while counts["random kills"] < kills:
            process = start(source, output, "--jobs", dice.choice((1, 2)))
            try:
                process.communicate(timeout=dice.uniform(0.2, seconds))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                counts["random kills"] += 1
            if output.exists() and output.read_bytes() != expected[output.name]:
                raise Lost("a part stands where the output goes")
        process = start(source, output)
        _, errors = process.communicate(timeout=120)
        counts["resumed runs"] += 1
        if process.returncode != 3 or made(output) != expected:
            raise Lost(f"run {counts['resumed runs']}: {process.returncode}, {errors.decode()}")
    return counts


def check_ids(source: Path, found: dict[str, bytes]) -> None:
    """Raises Lost unless each document is either in the output or set aside, once."""
    given = [line.split('"')[3] for line in source.read_text().splitlines()]
    outcome = [record["id"] for data in found.values() for record in records(data.decode())]
    if sorted(given) != sorted(outcome):
        raise Lost(f"{len(given)} documents in, {len(outcome)} out")
