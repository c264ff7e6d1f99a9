"""Outputs are whole or not there; encodings are found by one rule."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.errors import KorpusError
from korpus.files import read, write_records
from korpus.files.atomic import open_output
from korpus.files.sources import detect
from korpus.files.writers.aligned import aligned, width
from tests.support import ROOT


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")

    def broken() -> object:
        yield {"id": "1"}
        raise KorpusError("stop")

    with pytest.raises(KorpusError):
        write_records(broken(), str(path))  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_may_be_its_own_source(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id":"1","text":"가"}\n' * 1000)
    write_records(read(path), str(path))
    assert len(list(read(path))) == 1000


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    write_records([{"id": "1"}], str(tmp_path / "link.jsonl"))
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text() == '{"id":"1"}\n'


def test_new_files_have_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("")
    with open_output(str(tmp_path / "ours")) as stream:
        stream.write(b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_outputs_are_the_same_bytes_twice(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}.jsonl{suffix}" for name in "ab"]
    for path in paths:
        write_records([{"id": "1", "text": "가"}] * 100, str(path))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert list(read(paths[0])) == [{"id": "1", "text": "가"}] * 100
    whole = paths[0].read_bytes()
    for bit in range(len(whole) * 8):  # both formats have a checksum
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        paths[1].write_bytes(damaged)
        with contextlib.suppress(KorpusError):
            assert list(read(paths[1])) == [{"id": "1", "text": "가"}] * 100
    for size in range(1, len(whole)):
        paths[1].write_bytes(whole[:size])
        with pytest.raises(KorpusError):
            list(read(paths[1]))


@given(st.text(alphabet=st.characters(min_codepoint=1, codec="utf-8"), max_size=60))
def test_every_utf8_text_is_found_to_be_utf8(text: str) -> None:
    found = detect(io.BytesIO(text.encode()), "x")
    assert found == ("utf-8-sig" if text.startswith("\ufeff") else "utf-8")


@given(st.text(alphabet=[chr(code) for code in range(0xAC00, 0xD7A4)], min_size=4, max_size=60))
def test_cp949_is_found_unless_it_is_also_utf8(text: str) -> None:
    data = text.encode("cp949")
    found = detect(io.BytesIO(data), "x")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert found == "cp949"
    else:
        assert found == "utf-8"


def test_alignment_counts_terminal_columns() -> None:
    assert width("가a나") == 5 and width("e\u0301") == 1
    assert list(aligned(["term", "n"], [("가나", 1), ("abcdef", 10)])) == [
        "term     n",
        "가나     1",
        "abcdef  10",
    ]
    assert list(aligned(["a", "b"], [])) == ["a  b"]


WINDOWS = """
import os, select, sys
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios"):
    sys.modules[name] = None
for name in ("fchmod", "fchown", "fork", "getuid", "mkfifo"):
    delattr(os, name)
def no_select(*arguments):
    raise OSError
select.select = no_select
from korpus import files
files.check_output("out.jsonl", ["-", "."])
files.write_records(files.read("-"), "out.jsonl")
files.write_table(files.info("out.jsonl"), "-", "table")
"""


def test_nothing_that_only_posix_has_is_needed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS],
        input='{"text":"가"}\n{"text":"나"}\n'.encode(),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "documents        2\n" in done.stdout.decode()
    assert {path.name for path in tmp_path.iterdir()} == {"out.jsonl"}
