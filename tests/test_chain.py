"""A chain fails as a whole: a command knows whether the one before it has finished."""

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus import files
from korpus.errors import KorpusError
from korpus.files.sources import write_marked
from korpus.records import Record
from tests.killed_chains import OLD
from tests.support import ROOT, environment

RECORDS = [{"id": str(number), "text": f"글 {number} }} "} for number in range(3)]
LINES = [files.json_line(record) for record in RECORDS]
ENDLESS = '{"text":"글"}'
EARLY = "input ended early: the command before it stopped"


def marked(*pieces: bytes) -> bytes:
    stream = io.BytesIO()
    write_marked(stream, pieces)
    return stream.getvalue()


MARKED = marked(*LINES)
NONE = marked()


class Piped:
    """Standard input as a pipe that holds some bytes."""

    def __init__(self, data: bytes) -> None:
        reader, writer = os.pipe()
        assert os.write(writer, data) == len(data)
        os.close(writer)
        self.buffer = os.fdopen(reader, "rb")

    def isatty(self) -> bool:
        return False


def ids(data: bytes, monkeypatch: pytest.MonkeyPatch, **options: Any) -> list[str]:
    """The ids of what is read from a pipe, the same in each way of reading; or the error."""
    found = []
    ways = [
        lambda: files.read("-", **options),
        *(
            lambda size=size, steady=steady: _batches(size, steady, options)
            for size in (1, 7, 1000)
            for steady in (False, True)
        ),
    ]
    for way in ways:
        piped = Piped(data)
        monkeypatch.setattr(sys, "stdin", piped)
        try:
            found.append([record["id"] for record in way()])
        except KorpusError as error:
            found.append([error.message])
        finally:
            piped.buffer.close()
    assert found == found[:1] * len(found)
    return found[0]


def _batches(size: int, steady: bool, options: dict[str, Any]) -> Iterator[Record]:
    reading = files.Reading.of(**options)
    for batch in files.read_batches("-", reading, size=size, steady=steady):
        if batch is not None:
            yield from files.documents(batch)


def test_the_marks() -> None:
    assert b" " + b"".join(LINES)[:-1] + b" \n" == MARKED
    assert marked(LINES[0]) == b" " + LINES[0][:-1] + b" \n"
    assert NONE == b"  " and marked(b"") == NONE
    assert MARKED.count(b"\n") == 3
    assert [json.loads(line) for line in MARKED.splitlines()] == RECORDS


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=3), max_size=5))
def test_lines_may_come_several_at_once(groups: list[list[bytes]]) -> None:
    lines = [line for group in groups for line in group]
    assert marked(*map(b"".join, groups)) == marked(*lines)
    assert marked(*lines).replace(b" {", b"{").replace(b"} \n", b"}\n").strip(b" ") == b"".join(
        lines
    )


def test_all_but_the_last_line_is_written_at_once() -> None:
    stream = io.BytesIO()

    def pieces() -> Iterator[bytes]:
        yield LINES[0] + LINES[1]
        assert stream.getvalue() == b" " + LINES[0]
        yield LINES[2]
        assert stream.getvalue() == b" " + LINES[0] + LINES[1]
        raise KorpusError("stop")

    with pytest.raises(KorpusError, match="stop"):
        write_marked(stream, pieces())
    assert stream.getvalue() == b" " + b"".join(LINES)


COMPLETE = {
    "marked": (MARKED, "012"),
    "not marked": (b"".join(LINES), "012"),
    "no line end at the end": (MARKED[:-1], "012"),
    "not marked, no line end": (b"".join(LINES)[:-1], "012"),
    "no records": (NONE, ""),
    "two": (MARKED + MARKED, "012012"),
    "one without records before": (NONE + NONE + MARKED, "012"),
    "one without records behind": (MARKED + NONE, "012"),
    "unmarked and marked": (LINES[0] + MARKED, "0012"),
    "sorted": (b"".join(sorted(MARKED.splitlines(keepends=True), reverse=True)), "210"),
    "tail": (b"".join(MARKED.splitlines(keepends=True)[1:]), "12"),
    "Windows line ends": (MARKED.replace(b"\n", b"\r\n"), "012"),
    "blank lines": (b"\n" + MARKED.replace(b"\n", b"\n \n\n"), "012"),
    "marks of others": (b"".join(LINES).replace(b"}\n", b"} \n"), "012"),
    "indented by two": (b"  " + b"  ".join(LINES), "012"),
    "one line indented": (LINES[0] + b" " + LINES[1] + LINES[2], "012"),
}
PARTIAL = {
    "empty": b"",
    "start mark alone": b" ",
    "no records and a start": NONE + b" ",
    "two lines of three": b" " + LINES[0] + LINES[1],
    "first of two": b" " + LINES[0] + MARKED,
    "second of two": MARKED + b" " + LINES[0],
    "sorted and cut": b" " + LINES[0] + LINES[1][:-5],
}


@pytest.mark.parametrize("name", COMPLETE)
def test_complete_input(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, expected = COMPLETE[name]
    assert ids(data, monkeypatch) == list(expected)
    assert ids(data, monkeypatch, input_format="jsonl", encoding="utf-8") == list(expected)


@pytest.mark.parametrize("name", PARTIAL)
def test_input_that_ended_early(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(PARTIAL[name], monkeypatch) == [EARLY]
    assert ids(PARTIAL[name], monkeypatch, input_format="jsonl", encoding="utf-8") == [EARLY]


def test_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for end in range(len(MARKED) - 1):
        assert ids(MARKED[:end], monkeypatch) == [EARLY], end


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ""),
        (b" " + LINES[0] + LINES[1], "01"),
        (b" " + LINES[0] + LINES[1][:-1], "01"),
        (b" " + LINES[0] + LINES[1][:-5], "0"),
    ],
)
def test_partial_input_may_be_allowed(
    data: bytes,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    files.allow_partial_input()
    try:
        assert ids(data, monkeypatch) == list(expected)
    finally:
        files.allow_partial_input(False)
    assert caplog.text.count(EARLY) == 7
    assert ids(data, monkeypatch) == [EARLY]


def test_compressed_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    assert ids(gzip.compress(MARKED), monkeypatch) == list("012")
    assert ids(gzip.compress(MARKED[:-20]), monkeypatch) == [EARLY]


def test_only_records_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and tables may begin with spaces."""
    assert len(ids(b" {a\n b\n", monkeypatch, input_format="txt")) == 2
    assert len(ids(b" text\n a\n b", monkeypatch, input_format="csv")) == 2
    assert ids(b"", monkeypatch, input_format="csv") == [EARLY]


def test_files_are_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b" " + LINES[0])
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert len(list(files.read(path))) == 1
    assert list(files.read(tmp_path / "empty.jsonl")) == []
    with path.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert len(list(files.read("-"))) == 1
    with Path(os.devnull).open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert list(files.read("-")) == []


def shell(script: str, folder: Path, *, fresh: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Run a script in a folder with documents, an older table, and korpus on the path.

    `fresh`: the installed one, not that of tests.runner.
    """
    (folder / "documents.jsonl").write_bytes(b"".join(LINES))
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "day.csv").write_bytes(OLD)
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        cwd=folder,
        env=environment(fresh=fresh),
        timeout=120,
    )


@pytest.mark.parametrize(
    "script",
    [
        "korpus morph missing.csv | korpus freq -o day.csv",
        "korpus morph documents.jsonl -a missing | korpus stopwords | korpus freq -o day.csv",
        f"yes '{ENDLESS}' | timeout -s KILL 1 korpus morph -a space | korpus freq -o day.csv",
        f"yes '{ENDLESS}' | korpus morph -a space | timeout -s KILL 1 korpus stopwords |"
        "korpus freq -o day.csv",
        "korpus read documents.jsonl | head -2 | korpus morph -a space -o day.csv",
        "korpus read documents.jsonl | grep -v 2 | korpus morph -a space -f csv -o day.csv",
        "korpus freq missing.jsonl | korpus read -o day.csv",
        "korpus freq missing.jsonl | korpus info -o day.csv",
    ],
)
def test_a_chain_that_fails_replaces_nothing(script: str, tmp_path: Path) -> None:
    done = shell(script, tmp_path, fresh=script.startswith("korpus morph documents.jsonl"))
    assert done.returncode == 1
    messages = done.stderr.decode()
    assert f"korpus: error: {EARLY}\nhint: " in messages
    assert messages.rindex("hint: ") < messages.rindex("--allow-partial")
    assert (tmp_path / "day.csv").read_bytes() == OLD


@pytest.mark.parametrize(
    ("script", "documents"),
    [
        ("korpus read documents.jsonl | korpus morph -a space | korpus freq -o day.csv", 3),
        (
            "korpus read documents.jsonl | sort -r | korpus morph -a space |korpus freq -o day.csv",
            3,
        ),
        ("korpus morph -a space documents.jsonl | tail -2 | korpus freq -o day.csv", 2),
        ("korpus morph empty.jsonl | korpus stopwords | korpus freq -o day.csv", 0),
        (
            "korpus morph -a space documents.jsonl | cat > a; korpus morph empty.jsonl | cat > b; "
            "cat a b b a | korpus freq -o day.csv",
            6,
        ),
        ("korpus morph -a space documents.jsonl | tee a | korpus freq -o day.csv; rm a", 3),
        ("korpus freq <(korpus morph -a space documents.jsonl) -o day.csv", 3),
    ],
)
def test_a_chain_that_ends_well(script: str, documents: int, tmp_path: Path) -> None:
    # Commands in forks have no other streams than the standard ones: no <().
    fresh = script.startswith("korpus read documents.jsonl | korpus") or "<(" in script
    done = shell(f"set -o pipefail; {script}", tmp_path, fresh=fresh)
    assert done.returncode == 0, done.stderr
    assert (f"korpus: {documents} documents" in done.stderr.decode()) is True
    assert (tmp_path / "day.csv").read_bytes() != OLD


def test_other_programs_see_what_they_saw(tmp_path: Path) -> None:
    python = (
        f"{sys.executable} -c 'import json, sys; print([json.loads(x)[\"id\"] for x in sys.stdin])'"
    )
    for name, count in (("documents", 3), ("empty", 0)):
        assert shell(f"korpus read {name}.jsonl | wc -l", tmp_path).stdout.split() == [
            str(count).encode()
        ]
    assert shell(f"korpus read documents.jsonl | {python}", tmp_path).stdout == b"['0', '1', '2']\n"


def test_documents_that_are_set_aside_do_not_end_a_stream_early(tmp_path: Path) -> None:
    bad = '{"id":"bad","text":"\\ud83d"}'
    script = f"(cat documents.jsonl; echo '{bad}') | korpus morph -a space | korpus freq -o day.csv"
    done = shell(f"{script}; echo ${{PIPESTATUS[@]}}", tmp_path)
    assert done.stdout == b"0 3 0\n", done.stderr
    assert b"korpus: 3 documents" in done.stderr


def test_a_file_has_no_marks(tmp_path: Path) -> None:
    shell("korpus read documents.jsonl > a.jsonl; korpus read documents.jsonl -o b.jsonl", tmp_path)
    for name in ("a.jsonl", "b.jsonl"):
        assert (tmp_path / name).read_bytes() == b"".join(LINES)


def test_killed_chains_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    rows = "".join(f"{number},가 나 다 {number % 700}\n" for number in range(2000))
    (tmp_path / "documents.csv").write_text(f"id,text\n{rows}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_chains", str(tmp_path), "0", "100"],
        capture_output=True,
        cwd=ROOT,
        env=environment(),
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(runs) == 100
    outcomes = Counter((run["day"], run["codes"][-1]) for run in runs)
    # Where the last command succeeded, the file is new; where it failed or was killed in time, old.
    assert set(outcomes) <= {("old", 1), ("old", -9), ("new", 0), ("new", -9)}, outcomes
    assert outcomes["old", 1] > 10 and outcomes["old", -9] > 10, outcomes
