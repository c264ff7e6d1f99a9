"""README's "Add a command", done to the letter on a copy of the tree, passes the contract tests."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from tests.support import ROOT, environment

README = (ROOT / "README.md").read_text()


def test_a_command_added_as_readme_says(tmp_path: Path) -> None:
    for name in ("korpus", "tests", "pyproject.toml", "README.md", "sample_data"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    section = README.partition("## Add a command")[2].partition("\n## ")[0]
    blocks = [dedent(block) for block in re.findall(r" *```python\n(.*?) *```", section, re.S)]
    assert len(blocks) == 3
    for block in blocks:
        place, _, code = block.partition("\n")
        path = tmp_path / place.removeprefix("# ")
        if path.name == "registry.py":
            text = path.read_text()
            path.write_text(text.replace("\nCOMMANDS = (\n", f"\nCOMMANDS = (\n{code}"))
        else:
            assert not path.exists()
            path.write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/contract.py", "-q", "-k", "lengths", "-n0"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) >= 15
