"""The fast part of tests.faults, which is also run as a whole: python -m tests.faults."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract import Command, every
from tests.faults.cases import LINES, cases, make_inputs
from tests.faults.disk import check_case
from tests.faults.runs import run
from tests.support import ROOT, SAMPLE, environment

CASES = {case.name: case for case in cases()}
# Several writes, each kind of compression, several outputs, pictures.
CHOSEN = {
    "read big.csv -o out.jsonl": ("KILL", "EIO"),
    "read big.csv -o out.jsonl.zst": ("ENOSPC",),
    "tfidf tokens.jsonl -o out.csv --matrix matrix.mtx": ("KILL",),
    "wordcloud tokens.jsonl --size 300x200 --max-words 20 -o cloud.png": ("EIO",),
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    make_inputs(folder)
    return folder


@pytest.mark.parametrize("name", CHOSEN)
def test_the_old_file_or_the_new_one(name: str, inputs: Path, tmp_path: Path) -> None:
    counts = check_case(CASES[name], inputs, tmp_path, whats=CHOSEN[name])
    assert counts["kills"] + counts["faults"] >= 5


# doctor is too slow to be killed at every write.
@every(lambda command: command.name != "doctor", runs=False)
def test_every_output_has_a_line(command: Command) -> None:
    lines = [line.split() for line in LINES if line.startswith(f"{command.name} ")]
    given = {argument for line in lines for argument in line}
    short = {"--output": "-o", "--model": "-m"}
    # One place writes the rejects of all commands, but for those of morph; read's line is for them.
    shared = set() if command.name in ("read", "morph") else {"--rejects"}
    wanted = [option.flag for option in command.writes if option.flag not in shared]
    missing = [flag for flag in wanted if short.get(flag, flag) not in given]
    assert not missing


def test_a_full_device(inputs: Path) -> None:
    for name in ("read small.csv", "freq tokens.jsonl", "morph small.csv"):
        done = run([*name.split(), "-o", "/dev/full"], inputs)
        assert done.code == 1
        assert "korpus: error: /dev/full: cannot be written (No space left" in done.stderr


SCRIPT = """
mount -t tmpfs -o size=64k none {folder} || exit 77
cd {folder}
head -c 20000 /dev/zero > out.jsonl
{korpus} read {source} -o out.jsonl
echo "exit $?"
ls -A
cmp out.jsonl <(head -c 20000 /dev/zero) && echo same
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="no unshare to mount a small disk with")
def test_a_full_disk(tmp_path: Path) -> None:
    source = tmp_path / "big.csv"
    source.write_text(SAMPLE.read_text() * 5)
    folder = tmp_path / "small"
    folder.mkdir()
    script = SCRIPT.format(folder=folder, source=source, korpus=f"{sys.executable} -m korpus")
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    # Only what comes before korpus may be missing here: the rights to unshare, or to mount.
    if done.returncode == 77 or done.stderr.startswith("unshare: "):
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    assert done.stdout.split() == ["exit", "1", "out.jsonl", "same"]
    assert "out.jsonl: cannot be written (No space left on device)" in done.stderr
    assert len(done.stderr.splitlines()) == 2
