"""README says what is: its shell blocks run, its transcripts are real, its commands exist."""

import re
import shutil
from pathlib import Path

import pytest

from korpus.analyzers import ANALYZERS
from korpus.cli.registry import COMMANDS
from tests.contract import TIME
from tests.support import ROOT, shell

README = (ROOT / "README.md").read_text()
# What sets up an environment is run by .ci/run, in a fresh one.
SCRIPTS = [
    block for block in re.findall(r"```sh\n(.*?)```", README, re.S) if "pip install" not in block
]
TRANSCRIPTS = [
    re.findall(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", block, re.S | re.M)
    for block in re.findall(r"```console\n(.*?)```", README, re.S)
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the sample data, to run in and write to."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    return tmp_path


def test_shell_blocks_run(project: Path) -> None:
    for script in SCRIPTS:
        before = set(project.iterdir())
        done = shell(f"set -eo pipefail; {script}", cwd=project)
        assert done.returncode == 0, done.stderr
        assert all(path.stat().st_size for path in set(project.iterdir()) - before)


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
def test_transcripts_are_real(transcript: list[tuple[str, str]], project: Path) -> None:
    for command, output in transcript:
        shown = shell(f"({command}) 2>&1", cwd=project).stdout
        assert re.sub(TIME, "", shown) == re.sub(TIME, "", output)


def test_python_block_runs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = next(block for block in re.findall(r"```python\n(.*?)```", README, re.S))
    monkeypatch.chdir(project)
    names: dict[str, object] = {}
    exec(block, names)
    assert list(names["table"].columns)[:2] == ["category", "term"]  # type: ignore[attr-defined]
    assert [row["id"] for row in names["new"]] == ["1"] * 5  # type: ignore[attr-defined]
    assert len(names["table"]) == 15  # type: ignore[arg-type]


def test_there_are_blocks_to_run() -> None:
    assert sum(map(len, TRANSCRIPTS)) >= 10


def test_every_command_and_analyzer_is_in_readme() -> None:
    section = README.partition("## Commands")[2].partition("\n## ")[0]
    cells = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")]
    named = re.findall(r"`([^`]+)`", "".join(cells))
    assert sorted(named) == sorted(command.name for command in COMMANDS)
    for name in ANALYZERS:
        assert f"| `{name}` |" in README
