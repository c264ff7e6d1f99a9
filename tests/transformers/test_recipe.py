"""The recipe transformers runs, and gives what it says."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.support import ROOT, shell
from tests.test_recipe import blocks, text


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_readme_shows_commands_of_the_recipe() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.partition("<!-- run: transformers -->\n```sh\n")[2].partition("```")[0]
    install, *commands = block.splitlines()
    assert install == "pip install '.[transformers]'"
    run_below = "".join(blocks(text("transformers", "en"))).splitlines()
    assert commands == run_below and len(commands) == 9


@pytest.mark.timeout(900)  # nine commands, each of which loads torch
def test_the_recipe_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    for block in blocks(text("transformers", "en")):
        done = shell(f"set -eo pipefail; export OMP_NUM_THREADS=1; {block}", cwd=tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    made = {path.name for path in tmp_path.iterdir()}
    models = {"pretrained", "classifier", "base", "sft", "reward", "aligned", "preferred"}
    files = {"tokenizer.json", "pieces.csv", "curve.csv", "predicted.jsonl", "sample_data"}
    files |= {"rewards.csv", "margins.csv"}
    assert made == models | files
    predicted = (tmp_path / "predicted.jsonl").read_text("utf-8").splitlines()
    assert len(predicted) == 210
    assert all(json.loads(line)["predicted"] for line in predicted)
    rewards = [float(row["reward"]) for row in rows(tmp_path / "rewards.csv")]
    assert sum(rewards[-5:]) > sum(rewards[:5])
    margins = [float(row["margin"]) for row in rows(tmp_path / "margins.csv")]
    assert margins[-1] > margins[0] == 0
