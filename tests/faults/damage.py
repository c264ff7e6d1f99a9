"""Partial files that are cut at every byte, or have a wrong byte: resumed correctly or refused."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from korpus.errors import KorpusError
from korpus.files import Checkpoint, Identity, json_line, open_output, partial_file
from korpus.records import Counts, Record, set_aside
from tests.faults.disk import Lost

BATCHES = [
    [{"id": f"{batch}-{n}", "text": "나는 학교에 갔다 " * (n % 3)} for n in range(6)]
    for batch in range(9)
]
_STOPPED_AFTER = 7
_IDENTITY = Identity("x", {"lemma": False}, {"korpus": "1"})
_PAGE_SIZE = 512  # bytes: as small as SQLite has it, so that a byte that means nothing is rare


class _Stopped(Exception):
    pass


def go(output: Path, stop_after: int = len(BATCHES), killed: Path | None = None) -> int:
    """Work on the batches that are not saved, each second one first; gives how many these were.

    `killed`: where to copy the folder of the output at the stop, as SIGKILL would leave it.
    """
    results: list[tuple[bytes, list[Record], Counts]] = []
    with Checkpoint(str(output), _IDENTITY) as saved:
        numbered = [item for item in enumerate(saved.remaining(BATCHES)) if item[1] is not None]
        for worked, (number, batch) in enumerate(sorted(numbered, key=lambda item: item[0] ^ 1)):
            if worked == stop_after:
                if killed:
                    shutil.copytree(output.parent, killed)
                raise _Stopped
            found, rejects = _work(batch)
            saved.add(number, batch, found, rejects, Counts({f"batch {number}": 2}))
            results += saved.ready()
        results += saved.ready()
        (output.parent / "rest").write_text(f"{saved.documents} {[item[1:] for item in results]}")
        with open_output(str(output)) as stream:
            stream.writelines(item[0] for item in results)
    return len(numbered)


def _work(batch: list[Record]) -> tuple[bytes, list[Record]]:
    rejects = [set_aside(record, "failed", "of") for record in batch if record["id"] == "3-3"]
    return b"".join(json_line(record) for record in batch if record["id"] != "3-3"), rejects


def _made(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def damaged(folder: Path, every: int = 1) -> Counter[str]:
    """Damage each `every`th byte of each file of a partial run, and resume. Raises Lost."""
    usual, partial_file.PAGE_SIZE = partial_file.PAGE_SIZE, _PAGE_SIZE
    try:
        return _damaged(folder, every)
    finally:
        partial_file.PAGE_SIZE = usual


def _damaged(folder: Path, every: int) -> Counter[str]:
    whole, stopped, killed, trial = (folder / n for n in ("whole", "stopped", "killed", "trial"))
    whole.mkdir()
    go(whole / "out")
    expected = _made(whole)
    stopped.mkdir()
    with suppress(_Stopped):
        go(stopped / "out", _STOPPED_AFTER, killed)
    assert set(_made(stopped)) == {"out.partial"}
    assert set(_made(killed)) == {"out.partial", "out.partial-wal"}
    counts: Counter[str] = Counter()
    for state in (stopped, killed):
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(state, trial)
        if (redone := go(trial / "out")) != len(BATCHES) - _STOPPED_AFTER:
            raise Lost(f"{redone} batches done again")
        for path in sorted(state.iterdir()):
            for what, data in _damages(path.read_bytes(), every):
                shutil.rmtree(trial, ignore_errors=True)
                shutil.copytree(state, trial)
                (trial / path.name).write_bytes(data)
                kind = what.split()[0]
                counts[f"{kind} partial files"] += 1
                try:
                    redone = go(trial / "out")
                except KorpusError:
                    counts["of these refused"] += 1
                    continue
                if _made(trial) != expected:
                    raise Lost(f"{state.name}, {path.name}, {what}: {redone} redone, other output")
    return counts


def _damages(data: bytes, every: int) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(data), every):
        yield f"cut at {at}", data[:at]
    for at in range(0, len(data), every):
        yield f"flipped at {at}", data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
