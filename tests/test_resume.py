"""Runs that stop before their end, and go on; what is set aside, and where it goes."""

import json
import os
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from tests.faults.damage import damaged
from tests.faults.resume import killed_at_random, made, make_source, start, whole
from tests.faults.runs import run
from tests.support import ROOT, SAMPLE, environment, korpus, records, shell

BAD = {"id": "bad", "text": "반쪽 \ud83d"}
GOOD = {"id": "good", "text": "나는 학교에 갔다"}


def escaped(*items: dict[str, str]) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_kills_at_random_lose_nothing(tmp_path: Path) -> None:
    assert killed_at_random(tmp_path, 6)["resumed runs"] >= 1


def test_damaged_partial_files_are_taken_up_rightly_or_refused(tmp_path: Path) -> None:
    counts = damaged(tmp_path, every=9)
    assert counts["cut partial files"] == counts["flipped partial files"] > 300
    assert counts["of these refused"] < 40


@pytest.fixture
def stopped(tmp_path: Path) -> tuple[Path, Path]:
    """The source and the output of a run that was stopped on its way."""
    source, output = make_source(tmp_path, 20_000), tmp_path / "out.jsonl"
    stop(source, output, signal.SIGTERM)
    return source, output


def stop(source: Path, output: Path, number: int, *options: str) -> str:
    process = start(source, output, *options)
    journal = output.with_name(f"{output.name}.partial") / "journal"
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.read_bytes().count(b"\n") > 2):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 2
    assert process.returncode == (130 if number == signal.SIGINT else 143)
    assert not output.exists()
    return errors.decode()


@pytest.mark.parametrize(
    ("number", "analyzer"), [(signal.SIGINT, "mecab"), (signal.SIGTERM, "okt"), (2, "komoran")]
)
def test_a_signal_leaves_what_is_done(tmp_path: Path, number: int, analyzer: str) -> None:
    source, output = make_source(tmp_path, 4000 if analyzer != "mecab" else 20_000), tmp_path / "o"
    said = stop(source, output, number, "-a", analyzer)
    assert "documents kept: the same command goes on from there" in said
    done = korpus("morph", source, "-a", analyzer, "-o", output)
    assert done.returncode == 3 and "korpus: going on after " in done.stderr
    assert len(output.read_bytes().splitlines()) + 4 * (1 if analyzer != "mecab" else 5) == len(
        source.read_bytes().splitlines()
    )
    assert not output.with_name("o.partial").exists()


def test_another_input_or_option_is_refused(stopped: tuple[Path, Path]) -> None:
    source, output = stopped
    before = source.read_bytes()
    for arguments, said in ((["--lemma"], "other options"), (["-a", "space"], "other ")):
        done = korpus("morph", source, "-o", output, *arguments)
        assert done.returncode == 2 and said in done.stderr and "--restart" in done.stderr
    source.write_bytes(before + escaped(GOOD).encode())
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 2 and "other input" in done.stderr
    source.write_bytes(before)
    journal = output.with_name("out.jsonl.partial") / "journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    head = json.loads(lines[0].rpartition(b" ")[0])
    head["versions"]["python-mecab-ko-dic"] = "2.1.0"
    data = json.dumps(head).encode()
    journal.write_bytes(b"".join([b"%s %08x\n" % (data, zlib.crc32(data)), *lines[1:]]))
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 2 and "other versions" in done.stderr
    journal.write_bytes(b"".join(lines))
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 3 and "going on after" in done.stderr


def killed(source: Path, output: Path, fault: str, **more: Path) -> None:
    """A run that was killed at a point of tests/faults/points.py."""
    arguments = ["morph", str(source), "-o", str(output), "-q"]
    done = run(arguments, output.parent, f"{fault}:KILL", **more)
    assert done.code == -9, done.stderr


def test_a_kill_behind_the_end_loses_no_rejects(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(escaped(BAD, GOOD))
    for fault in ("fsync:5", "fsync:6", "rename:2"):
        killed(tmp_path / "in.jsonl", tmp_path / "o.jsonl", fault)
        done = korpus("morph", tmp_path / "in.jsonl", "-o", tmp_path / "o.jsonl")
        assert done.returncode == 3 and set(made(tmp_path / "o.jsonl")) == {
            "o.jsonl",
            "o.rejects.jsonl",
        }
        assert len(records((tmp_path / "o.rejects.jsonl").read_text())) == 1
    killed(tmp_path / "in.jsonl", tmp_path / "o.jsonl", "fsync:6")
    korpus("morph", tmp_path / "in.jsonl", "-o", tmp_path / "o.jsonl", "-f", "csv")
    assert "나는 학교에 갔다" in (tmp_path / "o.jsonl").read_text()


def test_an_input_that_ends_before_what_is_done_is_another(tmp_path: Path) -> None:
    source, output = make_source(tmp_path, 20_000), tmp_path / "out.jsonl"
    killed(Path("-"), output, "write:12", stdin=source)
    done = korpus("morph", "-o", output)
    assert done.returncode == 2 and "other input" in done.stderr
    assert not output.exists() and output.with_name("out.jsonl.partial").exists()


def test_a_partial_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "records").write_text("mine")
    (tmp_path / "a.jsonl.partial").symlink_to(mine)
    (tmp_path / "b.jsonl.partial").mkdir()
    (tmp_path / "b.jsonl.partial" / "counts.txt").write_text("mine")
    (tmp_path / "c.jsonl.partial").write_text("mine")
    (tmp_path / "d.jsonl.partial").mkdir()
    (tmp_path / "d.jsonl.partial" / "records").symlink_to(mine / "records")
    for name in "abcd":
        done = korpus("morph", SAMPLE, "-o", tmp_path / f"{name}.jsonl", "--restart")
        assert done.returncode == 1 and f"{name}.jsonl.partial is there already" in done.stderr
    assert (mine / "records").read_text() == "mine"
    assert (tmp_path / "b.jsonl.partial" / "counts.txt").exists()


def test_outputs_do_not_share_their_rejects(tmp_path: Path) -> None:
    korpus("morph", "-o", tmp_path / "x.jsonl", stdin=escaped(BAD))
    assert korpus("morph", "-o", tmp_path / "x.csv", stdin=escaped(GOOD)).returncode == 0
    assert (tmp_path / "x.rejects.jsonl").exists()
    korpus("morph", "-o", tmp_path / "x.csv", stdin=escaped(BAD))
    assert (tmp_path / "x.csv.rejects.jsonl").exists()
    done = korpus("morph", "--rejects", tmp_path / "r.csv", stdin=escaped(BAD))
    assert done.returncode == 2 and "JSON Lines" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of this")
def test_a_worker_in_a_call_that_hangs_goes_with_its_parent(tmp_path: Path) -> None:
    source = tmp_path / "hang.jsonl"  # putting so many accents in order takes minutes
    source.write_text(json.dumps({"id": "1", "text": "가 a" + "\u0301\u0316" * 300_000}) + "\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "korpus", "morph", source],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )
    assert process.stdout is not None
    time.sleep(2)
    process.kill()
    began = time.monotonic()
    assert process.stdout.read() == b""  # the worker has the pipe too
    assert time.monotonic() - began < 2
    process.wait()
    done = korpus("morph", source, "--timeout", 1)
    assert done.returncode == 3 and "took more than 1 s" in done.stderr


def test_several_signals_are_one(tmp_path: Path) -> None:
    source = make_source(tmp_path, 40_000)
    for pause in (0, 0.001, 0.02):
        process = start(source, tmp_path / "out.jsonl", "--restart")
        time.sleep(0.6)
        for _ in range(3):
            process.send_signal(signal.SIGTERM)
            time.sleep(pause)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 143 and b"Traceback" not in errors and b"Exc" not in errors


def test_restart_starts_over(stopped: tuple[Path, Path], tmp_path: Path) -> None:
    source, output = stopped
    done = korpus("morph", source, "-o", output, "-a", "space", "--restart")
    assert done.returncode == 3 and "going on" not in done.stderr
    assert records(output.read_text())[0]["analyzer"] == "space"
    assert set(made(output)) == {"out.jsonl", "out.rejects.jsonl"}


def test_two_runs_at_once(tmp_path: Path) -> None:
    source, output = make_source(tmp_path, 20_000), tmp_path / "out.jsonl"
    expected, _ = whole(source, output)
    first = start(source, output)
    journal = output.with_name("out.jsonl.partial") / "journal"
    while not journal.exists():
        time.sleep(0.01)
    time.sleep(0.2)
    second = korpus("morph", source, "-o", output)
    assert second.returncode == 1 and "another run is writing it" in second.stderr
    first.communicate(timeout=60)
    assert first.returncode == 3 and made(output) == expected


def test_standard_input_goes_on_too(tmp_path: Path) -> None:
    source, output = make_source(tmp_path, 20_000), tmp_path / "out.jsonl"
    expected, _ = whole(source, output)
    for name in expected:
        (tmp_path / name).unlink()
    slow = "import sys, time\nfor line in sys.stdin:\n sys.stdout.write(line); time.sleep(0.0001)"
    python = sys.executable
    shell(
        f"{python} -c '{slow}' < {source} | timeout -s KILL 2 {python} -m korpus morph -o {output}"
    )
    assert (tmp_path / "out.jsonl.partial").exists()
    done = korpus("morph", "-o", output, stdin=source.read_bytes())
    assert done.returncode == 3 and "going on after" in done.stderr
    assert made(output) == expected
    (tmp_path / "out.jsonl").unlink()


@pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.xlsx", "o.txt", "o.jsonl.gz", "o.json"])
def test_every_format_is_what_a_pipe_gives(tmp_path: Path, name: str) -> None:
    direct, output = tmp_path / f"direct-{name}", tmp_path / name
    tokens = korpus("morph", SAMPLE).stdout
    assert korpus("read", "-o", direct, stdin=tokens).returncode == 0
    for _ in range(2):
        done = korpus("morph", SAMPLE, "-o", output)
        assert done.returncode == 0, done.stderr
        assert output.read_bytes() == direct.read_bytes()
    assert not list(tmp_path.glob("*.partial"))


def test_what_is_set_aside_goes_beside_the_output(tmp_path: Path) -> None:
    aside = tmp_path / "out.rejects.jsonl"
    for given, code in (((BAD, GOOD), 3), ((GOOD,), 0)):
        done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(*given))
        assert done.returncode == code
        assert aside.exists() == (code == 3)
    done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(BAD, GOOD))
    assert records(aside.read_text()) == [
        {
            **BAD,
            "error": "surrogates",
            "reason": "text contains an unpaired surrogate (half of an emoji)",
        }
    ]
    assert f"1 document set aside in {aside}" in done.stderr
    assert [record["id"] for record in records((tmp_path / "out.jsonl").read_text())] == ["good"]
    again = korpus("morph", aside, "-a", "char", "-o", tmp_path / "again.jsonl")
    assert again.returncode == 3  # rejects can be read like any documents


def test_named_rejects_are_no_failure(tmp_path: Path) -> None:
    for given in ((BAD, GOOD), (GOOD,)):
        for output in ("-", tmp_path / "out.jsonl"):
            done = korpus(
                "morph", "--rejects", tmp_path / "r.jsonl", "-o", output, stdin=escaped(*given)
            )
            assert done.returncode == 0
            ids = [record["id"] for record in records((tmp_path / "r.jsonl").read_text())]
            assert ids == [record["id"] for record in given if record is BAD]
    assert not (tmp_path / "out.rejects.jsonl").exists()


def test_standard_output_has_a_summary() -> None:
    many = [{**BAD, "id": f"b{number}"} for number in range(9)]
    done = korpus("morph", stdin=escaped(*many, GOOD))
    assert done.returncode == 3
    assert [record["id"] for record in records(done.stdout)] == ["good"]
    assert done.stderr.splitlines()[-3:] == [
        "korpus: document 'b4': text contains an unpaired surrogate (half of an emoji)",
        "korpus: and 4 more documents",
        "korpus: 9 documents set aside (--rejects FILE keeps them)",
    ]


def test_the_same_bytes_read_otherwise_are_another_input(tmp_path: Path) -> None:
    rows = "".join(f'"본문 {n}, 날씨가 좋다"\n' for n in range(20_000))
    source, output = tmp_path / "a.csv", tmp_path / "out.jsonl"
    source.write_text("text\n" + rows)
    stop(source, output, signal.SIGTERM)
    source.rename(tmp_path / "a.tsv")
    again = korpus("morph", tmp_path / "a.tsv", "-o", output)
    assert again.returncode == 2 and "other input" in again.stderr


def test_an_early_file_that_is_of_no_batch_is_left_out(tmp_path: Path) -> None:
    source, output = make_source(tmp_path, 20_000), tmp_path / "out.jsonl"
    expected, _ = whole(source, output)
    output.unlink()
    stop(source, output, signal.SIGTERM)
    folder = output.with_name("out.jsonl.partial")
    head, first = (folder / "journal").read_bytes().splitlines(keepends=True)[:2]
    records = b"".join((folder / "records").read_bytes().splitlines(keepends=True)[:2000])
    size = json.loads(first.rpartition(b" ")[0])[1]
    (folder / "early-99999").write_bytes(first + records[:size])
    (folder / "early-7").write_bytes(head)
    assert korpus("morph", source, "-o", output).returncode == 3
    assert made(output) == expected


def test_an_error_on_the_way_keeps_what_is_done(tmp_path: Path) -> None:
    source = make_source(tmp_path, 12_000)
    good = source.read_bytes()
    source.write_bytes(good + b'{"id":\n')
    done = korpus("morph", source, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 1 and "line 12001: broken JSON" in done.stderr
    assert "documents kept" in done.stderr
    short = korpus("morph", "-o", tmp_path / "short.jsonl", stdin='{"id":\n')
    assert short.returncode == 1 and not list(tmp_path.glob("short*"))


@pytest.mark.parametrize("analyzer", ["mecab", "okt"])
def test_a_closed_pipe_is_quiet(tmp_path: Path, analyzer: str) -> None:
    source = make_source(tmp_path, 3000)
    process = subprocess.Popen(
        [sys.executable, "-m", "korpus", "morph", source, "-a", analyzer, "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith(b' {"id":"0"')
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0


@pytest.mark.skipif(os.name == "nt", reason="no links on Windows without rights")
def test_a_link_stays_and_rights_too(tmp_path: Path) -> None:
    target = tmp_path / "real.jsonl"
    target.touch(0o640)
    (tmp_path / "link.jsonl").symlink_to(target)
    assert korpus("morph", SAMPLE, "-o", tmp_path / "link.jsonl").returncode == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640 and target.stat().st_size > 10_000
