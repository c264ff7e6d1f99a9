"""Which files an output replaces, and how it treats the file that was there."""

import os
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE

import pytest

from korpus.errors import KorpusError, UsageError
from korpus.files import check_output
from tests.contract import COMMANDS
from tests.events import wait_for_file
from tests.faults.cases import Case, cases, make_inputs
from tests.faults.runs import run
from tests.support import environment, korpus, lines, program, records, start

SHORT = {"-o": "--output", "-m": "--model"}


def is_other(case: Case) -> bool:
    """Whether a run writes a file that tests/contract.py does not, by its option and suffix."""
    (command,) = (one for one in COMMANDS if case.name.startswith(f"{one.name} "))
    pairs = {path: SHORT.get(option, option) for option, path in pairwise(case.arguments)}
    files = {(pairs.get(path, ""), Path(path).suffix) for path in case.outputs}
    return not files <= {(option.flag, option.suffix) for option in command.writes}


CASES = [case for case in cases() if is_other(case)]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    make_inputs(folder, tokens=60)
    return folder


@pytest.fixture
def folder(inputs: Path, tmp_path: Path) -> Path:
    for path in inputs.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_existing_files_are_replaced(case: Case, folder: Path) -> None:
    for name in case.outputs:
        (folder / name).write_text("an older file\n" * 1000)
    first = run(case.arguments, folder)
    assert first.code == 0, first.stderr
    written = {name: (folder / name).read_bytes() for name in case.outputs}
    assert not any(data.startswith(b"an older file") for data in written.values())


def test_check_output(tmp_path: Path) -> None:
    existing, other, folder = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c"
    existing.write_text("mine")
    other.write_text("input")
    folder.mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    check_output(str(existing))
    check_output(str(existing), [str(other), "-", str(tmp_path / "missing.csv")])
    check_output(str(tmp_path / "new.csv"), [str(tmp_path)], no_clobber=True)
    check_output("-", ["-"], no_clobber=True)
    check_output("/dev/null", ["/dev/null"])
    for name in ("a.csv", "dangling"):
        with pytest.raises(KorpusError, match="exists and --no-clobber was given"):
            check_output(str(tmp_path / name), no_clobber=True)
    with pytest.raises(KorpusError, match="is a folder"):
        check_output(str(tmp_path / "new") + "/")
    with pytest.raises(KorpusError, match="is a folder"):
        check_output(str(folder), no_clobber=True)
    with pytest.raises(KorpusError, match="no folder"):
        check_output(str(tmp_path / "none" / "a.csv"))
    assert existing.read_text() == "mine"


@pytest.mark.parametrize("name", ["a.csv", "link.csv", "hard.csv", "folder-link/a.csv"])
@pytest.mark.parametrize("source", ["a.csv", "link.csv", "hard.csv", ".", "folder-link"])
def test_an_input_by_any_of_its_names(tmp_path: Path, name: str, source: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.csv").write_text("text\n가\n")
    (inside / "link.csv").symlink_to("a.csv")
    os.link(inside / "a.csv", inside / "hard.csv")
    (inside / "folder-link").symlink_to(".")
    with pytest.raises(UsageError, match="is an input too"):
        check_output(str(inside / name), ["-", str(inside / source)])


def test_files_that_a_folder_does_not_stand_for(tmp_path: Path) -> None:
    """Only files that can be read are inputs, and none that is hidden."""
    for name in ("picture.png", ".hidden.csv"):
        (tmp_path / name).write_text("old")
        check_output(str(tmp_path / name), [str(tmp_path)])
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.jsonl.gz").write_text("old")
    with pytest.raises(UsageError, match="is an input too"):
        check_output(str(tmp_path / "sub" / "a.jsonl.gz"), [str(tmp_path)])


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    content = lines({"id": "1", "text": "가", "tokens": ["가"], "tags": ["N"], "analyzer": "x"})
    source.write_text(content)
    (tmp_path / "link.jsonl").symlink_to(source)
    for command in ("read", "morph", "stopwords", "freq", "info"):
        for name in ("a.jsonl", "link.jsonl"):
            done = korpus(command, source, "-o", tmp_path / name)
            assert done.returncode == 2
            assert f"{name} is an input too\nhint: give the output another name" in done.stderr
    assert source.read_text() == content


def test_an_archive_that_is_read_is_never_written_over(tmp_path: Path) -> None:
    """Also if only a file in it was named, or the folder that it is in."""
    path = tmp_path / "n.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2024/a.txt", "가")
    content = path.read_bytes()
    for source in (path, path / "2024" / "a.txt", tmp_path):
        done = korpus("read", source, "-o", path)
        assert done.returncode == 2 and "n.zip is an input too" in done.stderr
    with path.open("ab") as stream:
        done = subprocess.run(
            [*program(), "read", path / "2024" / "a.txt"],
            stdout=stream,
            stderr=PIPE,
            text=True,
            env=environment(),
        )
    assert done.returncode == 2 and "standard output goes to an input" in done.stderr
    assert path.read_bytes() == content


def test_standard_input_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "tk.jsonl"
    content = lines({"id": "1", "tokens": ["가"], "tags": ["N"], "analyzer": "x"})
    path.write_text(content)
    for command in ("read", "stopwords", "freq", "morph"):
        with path.open("rb") as stream:
            done = subprocess.run(
                [*program(), command, "-o", path],
                stdin=stream,
                capture_output=True,
                text=True,
                env=environment(),
            )
        assert done.returncode == 2 and "tk.jsonl is an input too" in done.stderr
    assert path.read_text() == content


def test_the_names_of_a_matrix_are_outputs(tmp_path: Path) -> None:
    tokens = lines({"id": "1", "tokens": ["가", "나"], "tags": ["N", "N"]})

    def tfidf(*arguments: str) -> str:
        return korpus("tfidf", *arguments, stdin=tokens, cwd=tmp_path).stderr

    assert "--matrix and --output are both q.terms.txt" in tfidf(
        "--matrix", "q.mtx", "-o", "q.terms.txt"
    )
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):
        assert "error" not in tfidf("--matrix", "q.mtx")
    assert (tmp_path / "q.terms.txt").read_text() == "가\n나\n"


def test_an_output_inside_a_folder_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("가\n")
    assert korpus("read", tmp_path, "-o", tmp_path / "all.jsonl").returncode == 0
    done = korpus("read", tmp_path, "-o", tmp_path / "all.jsonl")
    assert done.returncode == 2 and "is an input too" in done.stderr


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_text("")
    real.chmod(0o640)
    link.symlink_to("real.jsonl")
    assert korpus("read", "-o", link, stdin="가\n").returncode == 0
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert real.read_text() == '{"id":"1","text":"가"}\n'


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "dangling.jsonl").symlink_to("new.jsonl")
    assert korpus("read", "-o", tmp_path / "dangling.jsonl", stdin="가\n").returncode == 0
    assert (tmp_path / "new.jsonl").is_file() and (tmp_path / "dangling.jsonl").is_symlink()
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    done = korpus("read", "-o", tmp_path / "loop.jsonl", stdin="가\n")
    assert done.returncode == 1 and "levels of symbolic links" in done.stderr


def test_new_files_take_the_umask(tmp_path: Path) -> None:
    from tests.support import shell

    assert shell("umask 027; echo 가 | korpus read -o a.jsonl", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o640


def test_a_long_name(tmp_path: Path) -> None:
    name = "가" * 80 + ".jsonl"
    assert korpus("read", "-o", tmp_path / name, stdin="가\n").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_only_the_temporary_files_of_runs_that_were_killed_are_deleted(tmp_path: Path) -> None:
    import fcntl

    alive, similar = tmp_path / ".out.jsonl.aaaaaaaa.part", tmp_path / ".out.jsonl.part"
    for path in (alive, similar):
        path.write_text("x")
    with alive.open("r+b") as stream:
        fcntl.lockf(stream, fcntl.LOCK_EX)
        done = korpus("read", "-o", tmp_path / "out.jsonl", stdin="가\n")
        assert done.returncode == 1 and "out.jsonl: another run is writing it" in done.stderr
        assert sorted(tmp_path.iterdir()) == [alive, similar]
    assert korpus("read", "-o", tmp_path / "out.jsonl", stdin="가\n").returncode == 0
    assert sorted(tmp_path.iterdir()) == [similar, tmp_path / "out.jsonl"]


@pytest.mark.parametrize("command", ["read", "morph"])
def test_two_runs_at_once_do_not_share_a_rejects_file(tmp_path: Path, command: str) -> None:
    bad = "id,text\n1,가\n2,나,다\n"
    (tmp_path / "b.csv").write_text(bad.replace("2", "3"))
    first = start(command, "--rejects", "r.jsonl", cwd=tmp_path, stdin=PIPE, stdout=PIPE)
    assert first.stdin is not None
    first.stdin.write(bad.encode())
    first.stdin.flush()
    wait_for_file(tmp_path, lambda: any(tmp_path.glob(".r.jsonl.*.part")), first)
    done = korpus(command, "b.csv", "--rejects", "r.jsonl", cwd=tmp_path)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("korpus: error: r.jsonl: another run is writing it\nhint: wait")
    first.communicate()
    assert first.returncode == 0
    assert [row["raw"] for row in records((tmp_path / "r.jsonl").read_text())] == ["2,나,다"]
