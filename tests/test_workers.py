"""The runner: order, notes, errors and ends, whatever the number of processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from korpus.errors import KorpusError, UsageError
from korpus.records import Notes, Record
from korpus.workers import run
from tests.support import ROOT, environment, korpus, lines

MANY = [{"id": str(i), "text": "나는 학교에 간다" * (i % 7)} for i in range(3000)]


def shout(documents: Iterable[Record], *, notes: Notes, bad: str = "") -> Iterator[Record]:
    if bad == "option":
        raise UsageError("bad option")
    return _shout(documents, notes, bad)


def _shout(documents: Iterable[Record], notes: Notes, bad: str) -> Iterator[Record]:
    for record in documents:
        if record["id"] == "2000" and bad == "data":
            raise KorpusError("bad document", "mend it")
        if record["id"] == "2000" and bad == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        notes["blank"] += not record["text"]
        yield {**record, "process": os.getpid()}


def shout_badly(documents: Iterable[Record], *, notes: Notes | None = None) -> Iterator[Record]:
    return shout(documents, notes=notes if notes is not None else Notes(), bad="data")


def shout_and_die(documents: Iterable[Record], *, notes: Notes | None = None) -> Iterator[Record]:
    return shout(documents, notes=notes if notes is not None else Notes(), bad="die")


def encoded(record: Record) -> bytes:
    return f"{record['id']}\n".encode()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_order_and_notes(jobs: int) -> None:
    said: list[Notes] = []
    found = list(run(shout_ok, MANY, size=500, jobs=jobs, say=said.append))
    assert [record["id"] for record in found] == [record["id"] for record in MANY]
    assert said == [Notes({"blank": 429})]
    processes = {record["process"] for record in found}
    assert (processes == {os.getpid()}) if jobs == 1 else (os.getpid() not in processes)


def shout_ok(documents: Iterable[Record], *, notes: Notes | None = None) -> Iterator[Record]:
    return shout(documents, notes=notes if notes is not None else Notes())


@pytest.mark.parametrize("jobs", [1, 2])
def test_encoding_happens_where_the_record_is_made(jobs: int) -> None:
    found = b"".join(run(shout_ok, MANY, size=500, jobs=jobs, encode=encoded))
    assert found == b"".join(encoded(record) for record in MANY)


def test_short_input_starts_no_process() -> None:
    found = list(run(shout_ok, MANY[:50], size=500, jobs=2))
    assert {record["process"] for record in found} == {os.getpid()}


def test_memory_is_bounded_by_batches_in_flight() -> None:
    read = 0

    def counted() -> Iterator[Record]:
        nonlocal read
        for record in MANY:
            read += 1
            yield record

    found = run(shout_ok, counted(), size=200, jobs=2)
    next(found)
    assert read < 500


def test_an_error_comes_back_whole() -> None:
    with pytest.raises(KorpusError) as caught:
        list(run(shout_badly, MANY, size=500, jobs=2))
    assert (caught.value.message, caught.value.hint) == ("bad document", "mend it")


def test_a_dead_worker_is_said() -> None:
    with pytest.raises(KorpusError, match="a worker process died"):
        list(run(shout_and_die, MANY, size=500, jobs=2))


def test_options_are_checked_before_reading() -> None:
    def unread() -> Iterator[Record]:
        raise AssertionError("it was read")
        yield {}

    with pytest.raises(UsageError):
        run(_bad_option, unread(), size=500)


def _bad_option(documents: Iterable[Record], *, notes: Notes | None = None) -> Iterator[Record]:
    return shout(documents, notes=Notes(), bad="option")


@pytest.mark.parametrize("analyzer", ["mecab", "okt", "kiwi"])
def test_jobs_never_change_the_output(tmp_path: Path, analyzer: str) -> None:
    size = {"mecab": 60_000, "okt": 6000, "kiwi": 300}[analyzer]
    texts = [f"{i}번째 문서입니다. 나는 어제 학교에 갔다." for i in range(size // 20)]
    source = tmp_path / "many.txt"
    source.write_text("\n".join([*texts, "", "끝"]) + "\n")
    for name, jobs in (("one", 1), ("two", 2)):
        output = tmp_path / f"{name}.jsonl"
        done = korpus("morph", source, "-a", analyzer, "-j", jobs, "-o", output)
        assert done.returncode == 0, done.stderr
        assert done.stderr == "korpus: 1 document blank: kept, with no tokens\n"
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (9, -9)])
def test_workers_go_with_their_parent(tmp_path: Path, number: int, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "korpus", "morph", "-", "-j", "2", "-o", str(tmp_path / "o.jsonl")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write((lines({"text": "나는 학교에 간다. " * 20}) * 8000).encode())
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while len(children := _children(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(children) >= 2
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == code and errors == b""
    deadline = time.monotonic() + 3
    while any(map(_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_alive, children))


def _children(parent: int) -> list[int]:
    done = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True
    )
    return [int(pid) for pid in done.stdout.split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
