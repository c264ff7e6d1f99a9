"""Partial files that are cut at every byte, or have a wrong byte: taken up rightly or refused."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from korpus.errors import KorpusError
from korpus.files import Checkpoint, json_line
from korpus.records import Counts, Record, set_aside
from tests.faults.disk import Lost

BATCHES = [
    [{"id": f"{batch}-{n}", "text": "나는 학교에 갔다 " * (n % 3)} for n in range(6)]
    for batch in range(9)
]
_STOPPED_AFTER = 7
_IDENTITY = {"input": "x", "options": {"lemma": False}}


class _Stopped(Exception):
    pass


def go(output: Path, stop_after: int = len(BATCHES)) -> int:
    """Work on the batches that are not done, each second one first; gives how many these were."""
    lines: list[bytes] = []
    with Checkpoint(str(output), _IDENTITY, seen=lines.append) as done:
        places = [place for place in enumerate(done.remaining(BATCHES)) if place[1] is not None]
        for worked, (at, batch) in enumerate(sorted(places, key=lambda place: place[0] ^ 1)):
            if worked == stop_after:
                raise _Stopped
            found, rejects = _work(batch)
            done.add(at, batch, found, rejects, Counts({"blank": 2}))
        (output.parent / "seen").write_bytes(b"".join(lines))
        (output.parent / "rejects.jsonl").write_bytes(b"".join(map(json_line, done.rejects())))
        (output.parent / "counts").write_text(f"{done.documents} {done.rejected} {done.counts}")
        done.place()
    return len(places)


def _work(batch: list[Record]) -> tuple[bytes, list[Record]]:
    rejects = [set_aside(record, "failed", "of") for record in batch if record["id"] == "3-3"]
    return b"".join(json_line(record) for record in batch if record["id"] != "3-3"), rejects


def _made(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def damaged(folder: Path, every: int = 1) -> Counter[str]:
    """Damage each `every`th byte of each file of a partial run, and go on. Raises Lost."""
    whole, stopped, trial = (folder / name for name in ("whole", "stopped", "trial"))
    whole.mkdir()
    go(whole / "out")
    expected = _made(whole)
    stopped.mkdir()
    with suppress(_Stopped):
        go(stopped / "out", _STOPPED_AFTER)
    shutil.copytree(stopped, trial)
    if (redone := go(trial / "out")) != len(BATCHES) - _STOPPED_AFTER:
        raise Lost(f"{redone} batches done again")
    counts: Counter[str] = Counter()
    for path in sorted((stopped / "out.partial").iterdir()):
        for what, data in _damages(path.read_bytes(), every):
            shutil.rmtree(trial, ignore_errors=True)
            shutil.copytree(stopped, trial)
            (trial / "out.partial" / path.name).write_bytes(data)
            kind = what.split()[0]
            counts[f"{kind} partial files"] += 1
            try:
                redone = go(trial / "out")
            except KorpusError:
                counts["of these refused"] += 1
                continue
            if _made(trial) != expected:
                raise Lost(f"{path.name}, {what}: {redone} batches done again, and another output")
    return counts


def _damages(data: bytes, every: int) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(data), every):
        yield f"cut at {at}", data[:at]
    for at in range(0, len(data), every):
        yield f"flipped at {at}", data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
