"""Runs that stop before their end, and go on; what is set aside, and where it goes."""

import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import support
from tests.events import wait_for_file
from tests.faults.damage import damaged
from tests.faults.resume import (
    killed_at_random,
    made,
    make_source,
    saved_bytes,
    start,
    whole,
)
from tests.faults.runs import run
from tests.support import SAMPLE, korpus, records

BAD = {"id": "bad", "text": "반쪽 \ud83d"}
GOOD = {"id": "good", "text": "나는 학교에 갔다"}


def escaped(*items: dict[str, str]) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_kills_at_random_lose_nothing(tmp_path: Path) -> None:
    assert killed_at_random(tmp_path, 4)["resumed runs"] >= 1


def test_damaged_partial_files_are_resumed_correctly_or_refused(tmp_path: Path) -> None:
    counts = damaged(tmp_path, every=29)
    assert counts["cut partial files"] == counts["flipped partial files"] > 300
    assert counts["of these refused"] < 0.2 * 2 * counts["cut partial files"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a stopped run, and what it makes in the end in `whole`."""
    folder = tmp_path_factory.mktemp("saved")
    source = make_source(folder)
    (folder / "whole").mkdir()
    whole(source, folder / "whole" / "out.jsonl")
    stop(source, folder / "out.jsonl", signal.SIGTERM)
    return folder


@pytest.fixture
def stopped(saved: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The source and the output of a run that was stopped on its way, to be changed."""
    for path in saved.iterdir():
        if path.is_file():
            shutil.copy2(path, tmp_path)
    return tmp_path / "long.jsonl", tmp_path / "out.jsonl"


@pytest.fixture(scope="module")
def expected(saved: Path) -> dict[str, bytes]:
    """What undisturbed runs on documents of `make_source` make."""
    return made(saved / "whole" / "out.jsonl")


def stop(source: Path, output: Path, number: int, *options: str, least: int = 1_000_000) -> str:
    process = start(source, output, *options)
    wait_until_saved(process, output, least)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == (130 if number == signal.SIGINT else 143)
    # It did not go on to the end: only what is saved is there.
    assert {path.name for path in output.parent.iterdir() if path.name.startswith("o")} == {
        f"{output.name}.partial"
    }
    return errors.decode()


def wait_until_saved(process: subprocess.Popen[bytes], output: Path, least: int) -> None:
    """Wait for a run to save more than one batch: at least so many bytes."""
    wait_for_file(output.parent, lambda: saved_bytes(output) > least, process)


@pytest.mark.parametrize(
    ("number", "analyzer"), [(signal.SIGINT, "mecab"), (signal.SIGTERM, "hannanum")]
)
def test_a_signal_leaves_what_is_done(tmp_path: Path, number: int, analyzer: str) -> None:
    lines, least = (12_000, 1_000_000) if analyzer == "mecab" else (1000, 75_000)
    given = ("-a", analyzer, *(("-j", "1") if analyzer == "hannanum" else ()))  # Java starts slowly
    source, output = make_source(tmp_path, lines), tmp_path / "o"
    said = stop(source, output, number, *given, least=least)
    assert "documents saved: repeat the command to resume" in said
    done = korpus("morph", source, *given, "-o", output)
    assert done.returncode == 3 and "korpus: resuming after " in done.stderr
    done_or_aside = output.read_bytes() + output.with_name("o-rejects.jsonl").read_bytes()
    assert done_or_aside.count(b"\n") == source.read_bytes().count(b"\n")
    assert not output.with_name("o.partial").exists()


def test_resume_only_refuses_another_input_or_option(stopped: tuple[Path, Path]) -> None:
    source, output = stopped
    before = source.read_bytes()
    only = ["morph", source, "-o", output, "--resume", "only"]
    for arguments in (["--lemma"], ["-a", "space"]):
        done = korpus(*only, *arguments)
        assert done.returncode == 2 and "with different options" in done.stderr
        assert "hint: leave out --resume only" in done.stderr
    source.write_bytes(before + escaped(GOOD).encode())
    done = korpus(*only)
    assert done.returncode == 2 and "a different input" in done.stderr
    source.write_bytes(before)
    partial = output.with_name("out.jsonl.partial")
    kept = partial.read_bytes()
    change_version(partial)
    done = korpus(*only)
    assert done.returncode == 2 and "with other versions" in done.stderr
    partial.write_bytes(kept)
    done = korpus(*only)
    assert done.returncode == 3 and "resuming after" in done.stderr
    done = korpus("morph", source, "-o", output, "--resume", "often")
    assert done.returncode == 2 and "one of: auto, only, never" in done.stderr


def change_version(partial: Path) -> None:
    """Make the run of a partial file one of another version of mecab's dictionary."""
    with closing(sqlite3.connect(partial)) as connection, connection:
        identity = json.loads(connection.execute("SELECT identity FROM run").fetchone()[0])
        identity["versions"]["python-mecab-ko-dic"] = "2.1.0"
        data = json.dumps(identity, sort_keys=True).encode()
        connection.execute("UPDATE run SET identity = ?, checksum = ?", (data, digest(data)))


def kept_documents(stderr: str) -> int:
    found = re.search(r"the input has changed: ([\d,]+) documents? of the run", stderr)
    assert found, stderr
    return int(found[1].replace(",", ""))


def test_a_grown_or_mended_input_goes_on(saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    source, output = tmp_path / "long.jsonl", tmp_path / "out.jsonl"
    lines = source.read_bytes().splitlines(keepends=True)
    mended = lines[0].replace(b"0\xeb\xb2\x88", b"9\xeb\xb2\x88")
    assert mended != lines[0]
    source.write_bytes(b"".join([mended, *lines[1:], escaped(GOOD).encode()]))
    fresh = tmp_path / "fresh.jsonl"
    assert korpus("morph", source, "-o", fresh).returncode == 3
    done = korpus("morph", source, "-o", output, "-v")
    assert done.returncode == 3 and "resuming" not in done.stderr
    assert 0 < kept_documents(done.stderr) < len(lines)
    assert output.read_bytes() == fresh.read_bytes()
    assert not list(tmp_path.glob("out.jsonl.partial*"))


def test_an_input_that_has_grown_can_be_stopped_again(tmp_path: Path) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    killed(source, output, "partial write:300")
    source.write_bytes(source.read_bytes() + escaped(GOOD).encode())
    killed(source, output, "partial write:200")
    done = korpus("morph", source, "-o", output, "--resume", "only")
    assert done.returncode == 3 and "resuming after" in done.stderr
    assert output.read_bytes() == korpus("morph", source).stdout.encode()


def test_an_input_that_is_shorter_now_goes_on_too(saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(GOOD))
    assert done.returncode == 0 and kept_documents(done.stderr) == 0
    assert [record["id"] for record in records((tmp_path / "out.jsonl").read_text())] == ["good"]


def test_other_options_start_over(stopped: tuple[Path, Path]) -> None:
    """The earlier run can go on until another is complete."""
    source, output = stopped
    for number, option in enumerate(("--lemma", "--split-inflect"), 1):

        def has_begun(kept: int = number) -> bool:
            return len(list(output.parent.glob("out.jsonl.partial-????????"))) == kept and (
                saved_bytes(output) > 1_000_000
            )

        process = start(source, output, option)
        wait_for_file(output.parent, has_begun, process)
        process.send_signal(signal.SIGTERM)
        errors = process.communicate()[1].decode()
        assert "starting over, as the run that was stopped had other options; what it" in errors
    output.with_name("out.jsonl.partial").unlink()  # as if it had saved nothing
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 3 and "resuming after" in done.stderr
    assert set(made(output)) == {"out.jsonl", "out.rejects.jsonl"}


def test_other_versions_start_over(saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    change_version(tmp_path / "out.jsonl.partial")
    done = korpus("morph", tmp_path / "long.jsonl", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 3 and "resuming" not in done.stderr
    assert re.search(
        r"had other versions; what it saved is kept in out.jsonl.partial-", done.stderr
    )
    assert set(made(tmp_path / "out.jsonl")) == {"out.jsonl", "out.rejects.jsonl"}


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def killed(source: Path, output: Path, fault: str, **more: bytes) -> None:
    """A run that was killed at a point of tests/faults/points.py."""
    arguments = ["morph", str(source), "-o", str(output), "-q"]
    done = run(arguments, output.parent, f"{fault}:KILL", **more)
    assert done.code == -9, done.stderr


def test_a_kill_at_the_end_loses_no_rejects(tmp_path: Path) -> None:
    """The rejects are in place before the output, and the partial file goes last."""
    (tmp_path / "in.jsonl").write_text(escaped(BAD, GOOD))
    command = ["morph", tmp_path / "in.jsonl", "-o", tmp_path / "o.jsonl"]
    for fault, left in (
        ("rename:1", set()),
        ("fsync:2", {"o.rejects.jsonl"}),
        ("rename:2", {"o.rejects.jsonl"}),
        ("fsync:4", {"o.rejects.jsonl", "o.jsonl"}),
    ):
        killed(tmp_path / "in.jsonl", tmp_path / "o.jsonl", fault)
        found = {path.name for path in tmp_path.glob("o.*")}
        assert found - left == {"o.jsonl.partial", "o.jsonl.partial-wal"}
        done = korpus(*command)
        assert done.returncode == 3 and "resuming after 2 documents" in done.stderr
        assert set(made(tmp_path / "o.jsonl")) == {"o.jsonl", "o.rejects.jsonl"}
        assert len(records((tmp_path / "o.rejects.jsonl").read_text())) == 1
        for name in ("o.jsonl", "o.rejects.jsonl"):
            (tmp_path / name).unlink()
    killed(tmp_path / "in.jsonl", tmp_path / "o.jsonl", "fsync:4")
    korpus(*command, "-f", "csv")
    assert "나는 학교에 갔다" in (tmp_path / "o.jsonl").read_text()
    assert (tmp_path / "o.jsonl").read_text().startswith("id,text,")


def test_an_input_that_ends_before_what_is_saved_is_another(tmp_path: Path) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    killed(Path("-"), output, "partial write:300", stdin=source.read_bytes())
    done = korpus("morph", "-o", output, "--resume", "only")
    assert done.returncode == 2 and "a different input" in done.stderr
    assert not output.exists() and output.with_name("out.jsonl.partial").exists()


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE mine (a)")


def test_foreign_partial_files_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / "a.jsonl.partial").symlink_to(mine)
    (tmp_path / "b.jsonl.partial").mkdir()
    (tmp_path / "c.jsonl.partial").write_text("mine")
    foreign_database(tmp_path / "d.jsonl.partial")
    (tmp_path / "e.jsonl.partial-wal").symlink_to(mine)
    (tmp_path / "f.jsonl.partial-wal").write_text("mine")
    (tmp_path / "g.jsonl.partial-journal").write_text("mine")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    for name in "abcdefg":
        for restart in ([], ["--restart"]):
            done = korpus("morph", SAMPLE, "-o", tmp_path / f"{name}.jsonl", *restart)
            assert done.returncode == 1
            assert (
                f"{name}.jsonl.partial exists, and was not made by a run of korpus" in done.stderr
            )
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_link_beside_a_partial_file_is_not_followed(stopped: tuple[Path, Path]) -> None:
    source, output = stopped
    mine = output.with_name("mine")
    mine.write_text("")
    output.with_name("out.jsonl.partial-wal").symlink_to(mine)
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 1 and "was not made by a run of korpus" in done.stderr
    assert mine.read_text() == ""


def test_the_wal_of_a_deleted_partial_file_is_not_replayed(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    killed(source, output, "partial write:300")
    output.with_name("out.jsonl.partial").unlink()
    assert output.with_name("out.jsonl.partial-wal").stat().st_size > 30_000
    done = korpus("morph", source, "-o", output)
    assert done.returncode == 3 and "resuming" not in done.stderr
    assert made(output) == expected


def test_outputs_do_not_share_their_rejects(tmp_path: Path) -> None:
    korpus("morph", "-o", tmp_path / "x.jsonl", stdin=escaped(BAD))
    before = (tmp_path / "x.rejects.jsonl").read_bytes()
    for name in ("x.csv", "x", "x.jsonl.gz", "x.csv.jsonl"):
        korpus("morph", "-o", tmp_path / name, stdin=escaped({**BAD, "id": name}))
    assert (tmp_path / "x.rejects.jsonl").read_bytes() == before
    found = {path.name: records(path.read_text()) for path in tmp_path.glob("*-rejects.jsonl")}
    assert found.keys() == {"x.csv-rejects.jsonl", "x-rejects.jsonl", "x.jsonl.gz-rejects.jsonl"}
    assert all(rows[0]["id"] + "-rejects.jsonl" == name for name, rows in found.items())
    done = korpus("morph", "--rejects", tmp_path / "r.csv", stdin=escaped(BAD))
    assert done.returncode == 2 and ".jsonl, .ndjson, .jsonl.gz or .jsonl.zst" in done.stderr


def test_only_the_document_that_hangs_is_set_aside(tmp_path: Path) -> None:
    """Putting so many accents in order takes minutes, before any analysis."""
    good = [{**GOOD, "id": str(n)} for n in range(20)]
    bad = {"id": "bad", "text": "가 a" + "\u0301\u0316" * 300_000}
    (tmp_path / "in.json").write_text(json.dumps([*good, bad, GOOD]))
    done = korpus("morph", "in.json", "--timeout", 1, "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3
    assert "'bad': the analyzer took more than 1 s of the processor (--timeout)" in done.stderr
    found = [record["id"] for record in records((tmp_path / "out.jsonl").read_text())]
    assert found == [*map(str, range(20)), "good"]


def test_deep_lists_beside_half_an_emoji(tmp_path: Path) -> None:
    nested = "[" * 900 + "]" * 900
    (tmp_path / "in.jsonl").write_text(
        escaped(GOOD) + '{"id":"bad","text":"\\ud83d","nested":' + nested + "}\n" + escaped(GOOD)
    )
    done = korpus("morph", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    assert nested in (tmp_path / "out.rejects.jsonl").read_text()


def test_deep_lists_in_a_long_input(tmp_path: Path) -> None:
    """More documents than are read without worker processes, which must get them."""
    rows = [f'{{"id":"{n}","text":"나는 학교에 갔다"}}' for n in range(40_000)]
    rows[20_000] = '{"id":"20000","text":"가","x":' + "[" * 600 + "]" * 600 + "}"
    (tmp_path / "deep.json").write_text(f"[{','.join(rows)}]")
    done = korpus("read", "deep.json", "-j", 2, "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.jsonl").read_text() == "\n".join(rows) + "\n"


def test_several_signals_are_one(tmp_path: Path) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    for pause in (0, 0.001, 0.02):
        process = start(source, output, "--restart")
        wait_for_file(tmp_path, lambda: saved_bytes(output) > 0, process)
        for _ in range(3):
            process.send_signal(signal.SIGTERM)
            time.sleep(pause)
        _, errors = process.communicate()
        # A signal that comes while Python itself ends kills it.
        assert process.returncode in (143, -signal.SIGTERM), errors
        assert b"Traceback" not in errors and b"Exc" not in errors


def test_restart_starts_over(stopped: tuple[Path, Path], tmp_path: Path) -> None:
    source, output = stopped
    done = korpus("morph", source, "-o", output, "-a", "space", "--restart")
    assert done.returncode == 3 and "resuming" not in done.stderr
    assert records(output.read_text())[0]["analyzer"] == "space"
    assert set(made(output)) == {"out.jsonl", "out.rejects.jsonl"}


def test_two_runs_at_once(tmp_path: Path, expected: dict[str, bytes]) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    first = start(Path("-"), output, stdin=subprocess.PIPE)
    assert first.stdin is not None
    data = source.read_bytes()
    first.stdin.write(data[:-200])  # the first run waits for the rest
    first.stdin.flush()
    wait_for_file(tmp_path, lambda: saved_bytes(output) > 150_000, first)
    for restart in ([], ["--restart"]):
        second = korpus("morph", source, "-o", output, *restart)
        assert second.returncode == 1 and "another run is writing it" in second.stderr
    first.communicate(data[-200:])
    assert first.returncode == 3 and made(output) == expected


def test_standard_input_goes_on_too(tmp_path: Path, expected: dict[str, bytes]) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    process = start(Path("-"), output, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(source.read_bytes()[:-200])
    process.stdin.flush()
    wait_for_file(tmp_path, lambda: saved_bytes(output) > 150_000, process)
    process.kill()
    process.communicate()
    assert (tmp_path / "out.jsonl.partial").exists()
    done = korpus("morph", "-o", output, stdin=source.read_bytes())
    assert done.returncode == 3 and "resuming after" in done.stderr
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
    done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(GOOD))
    assert done.returncode == 0 and not aside.exists()
    done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(BAD, GOOD))
    assert done.returncode == 3
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


def test_a_rejects_file_of_an_earlier_run_is_replaced_but_never_deleted(tmp_path: Path) -> None:
    output, aside = tmp_path / "out.jsonl", tmp_path / "out.rejects.jsonl"
    korpus("morph", "-o", output, stdin=escaped({**BAD, "id": "old"}))
    before = aside.read_bytes()
    done = korpus("morph", "-o", output, stdin=escaped(GOOD))
    assert done.returncode == 0 and aside.read_bytes() == before
    assert f"{aside} is from an earlier run; nothing was set aside now" in done.stderr
    done = korpus("morph", "-o", output, stdin=escaped(BAD))
    assert [record["id"] for record in records(aside.read_text())] == ["bad"]
    aside.write_text("")
    assert korpus("morph", "-o", output, stdin=escaped(BAD)).returncode == 3
    assert len(records(aside.read_text())) == 1


@pytest.mark.parametrize("mine", ["mine", '{"id":"1","text":"mine"}\n', "[]", "7", "\0\udc80"])
def test_a_file_of_the_user_where_rejects_would_go_stays(tmp_path: Path, mine: str) -> None:
    aside = tmp_path / "out.rejects.jsonl"
    aside.write_bytes(os.fsencode(mine))
    for given in (BAD, GOOD):
        done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=escaped(given))
        assert done.returncode == 1
        assert "out.rejects.jsonl exists, and holds no rejected documents" in done.stderr
    assert aside.read_bytes() == os.fsencode(mine) and not (tmp_path / "out.jsonl").exists()
    command = ["morph", "-o", tmp_path / "out.jsonl", "--rejects", aside]
    assert korpus(*command, stdin=escaped(BAD)).returncode == 0  # it was named
    assert len(records(aside.read_text())) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("private", ["source", "output"])
def test_nobody_else_reads_what_is_saved_of_private_files(tmp_path: Path, private: str) -> None:
    source, output = make_source(tmp_path), tmp_path / "out.jsonl"
    output.touch()
    (source if private == "source" else output).chmod(0o600)
    process = start(source, output)
    wait_until_saved(process, output, 150_000)
    names = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    process.communicate()
    assert process.returncode == 3
    assert names["out.jsonl.partial"] == names["out.jsonl.partial-wal"] == 0o600
    assert output.with_name("out.rejects.jsonl").stat().st_mode & 0o777 == 0o600
    if private == "output":
        assert {names[name] for name in names if name.endswith(".part")} == {0o600}
        assert output.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["가" * 80 + ".jsonl", "a?#%41 &b.jsonl", "\udc80.jsonl"])
def test_any_name_can_be_resumed(saved: Path, tmp_path: Path, name: str) -> None:
    killed(saved / "long.jsonl", tmp_path / name, "partial write:200")
    done = korpus("morph", saved / "long.jsonl", "-o", tmp_path / name)
    assert done.returncode == 3 and "resuming after" in done.stderr
    assert (tmp_path / name).read_bytes() == (saved / "whole" / "out.jsonl").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_path_that_is_too_long_for_sqlite(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["가" * 60] * 4)
    folder.mkdir(parents=True)
    done = korpus("morph", SAMPLE, "-o", folder / "out.jsonl")
    assert done.returncode == 0 and "too long to save progress" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["out.jsonl"]
    direct = korpus("morph", SAMPLE).stdout
    assert (folder / "out.jsonl").read_text() == direct
    done = korpus("morph", "-o", folder / "bad.csv", stdin=escaped(BAD, GOOD))
    assert done.returncode == 3 and (folder / "bad.csv-rejects.jsonl").exists()
    assert (folder / "bad.csv").read_text().count("\n") == 2


def test_the_same_bytes_read_otherwise_are_another_input(tmp_path: Path) -> None:
    rows = "".join(f'"본문 {n}, 날씨가 좋다"\n' for n in range(20_000))
    source, output = tmp_path / "a.csv", tmp_path / "out.jsonl"
    source.write_text("text\n" + rows)
    stop(source, output, signal.SIGTERM)
    source.rename(tmp_path / "a.tsv")
    again = korpus("morph", tmp_path / "a.tsv", "-o", output, "--resume", "only")
    assert again.returncode == 2 and "a different input" in again.stderr


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO batches SELECT NULL, 99999, input, counts, rejects, records, checksum "
        "FROM batches",
        "UPDATE batches SET number = number + 1",
        "UPDATE batches SET records = ''",
        "UPDATE batches SET rejects = records",
        "UPDATE batches SET counts = 'x'",
        "UPDATE batches SET input = NULL",
        "DELETE FROM batches WHERE number = (SELECT min(number) FROM batches)",
    ],
)
def test_rows_that_do_not_match_their_checksum_are_done_again(
    saved: Path, tmp_path: Path, change: str
) -> None:
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    output = tmp_path / "out.jsonl"
    with closing(sqlite3.connect(f"{output}.partial")) as connection, connection:
        assert connection.execute(change).rowcount > 0
    assert korpus("morph", tmp_path / "long.jsonl", "-o", output).returncode == 3
    assert made(output) == {
        name: (saved / "whole" / name).read_bytes() for name in ("out.jsonl", "out.rejects.jsonl")
    }


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE run",
        "DELETE FROM run",
        "CREATE TRIGGER t AFTER INSERT ON batches BEGIN DELETE FROM batches; END",
        "UPDATE run SET identity = identity || ' '",
    ],
)
def test_a_changed_structure_is_damage(saved: Path, tmp_path: Path, change: str) -> None:
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    output = tmp_path / "out.jsonl"
    with closing(sqlite3.connect(f"{output}.partial")) as connection, connection:
        connection.execute(change)
    done = korpus("morph", tmp_path / "long.jsonl", "-o", output)
    assert done.returncode == 1 and "out.jsonl.partial is damaged" in done.stderr
    assert "--restart" in done.stderr and not output.exists()
    done = korpus("morph", tmp_path / "long.jsonl", "-o", output, "--restart")
    assert done.returncode == 3 and len(made(output)) == 2


def test_an_error_on_the_way_keeps_what_is_done(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    good = source.read_bytes()
    source.write_bytes(good + b'{"id":\n')
    done = korpus("morph", source, "-o", tmp_path / "out.jsonl", "--strict")
    assert done.returncode == 1 and "line 12001: broken JSON" in done.stderr
    assert "documents saved" in done.stderr
    short = korpus("morph", "-o", tmp_path / "short.jsonl", stdin='{"id":\n')
    assert short.returncode == 1 and not list(tmp_path.glob("short*"))


@pytest.mark.parametrize("analyzer", ["mecab", "hannanum"])
def test_a_closed_pipe_is_quiet(tmp_path: Path, analyzer: str) -> None:
    source = make_source(tmp_path, 3000)
    line = ("morph", source, "-a", analyzer, "-q", "-j", "1")
    process = support.start(*line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith(b' {"id":"0"')  # marked: a pipe
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0


@pytest.mark.skipif(os.name == "nt", reason="no links on Windows without rights")
def test_a_link_stays_and_rights_too(tmp_path: Path) -> None:
    target = tmp_path / "real.jsonl"
    target.touch(0o640)
    (tmp_path / "link.jsonl").symlink_to(target)
    assert korpus("morph", SAMPLE, "-o", tmp_path / "link.jsonl").returncode == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640 and target.stat().st_size > 10_000
