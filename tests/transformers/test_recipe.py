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


def test_the_block_of_readme_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.partition("<!-- run: transformers -->\n```sh\n")[2].partition("```")[0]
    install, _newline, commands = block.partition("\n")
    assert install == "pip install '.[transformers]'"
    done = shell(f"set -eo pipefail; export OMP_NUM_THREADS=1; {commands}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    predicted = (tmp_path / "predicted.jsonl").read_text("utf-8").splitlines()
    assert len(predicted) == 210
    assert all(json.loads(line)["predicted"] for line in predicted)


@pytest.mark.timeout(900)  # ten commands, each of which loads torch
def test_the_recipe_runs(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    for block in blocks(text("transformers", "en")):
        done = shell(f"set -eo pipefail; export OMP_NUM_THREADS=1; {block}", cwd=tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    made = {path.name for path in tmp_path.iterdir()}
    models = {"pretrained", "classifier", "base", "sft", "reward", "aligned", "preferred"}
    files = {"tokenizer.json", "pieces.csv", "curve.csv", "predicted.jsonl", "sft.jsonl"}
    files |= {"pairs.jsonl", "texts.jsonl", "rewards.csv", "margins.csv", "sample_data"}
    assert made == models | files
    rewards = [float(row["reward"]) for row in rows(tmp_path / "rewards.csv")]
    assert sum(rewards[-5:]) > sum(rewards[:5])
    margins = [float(row["margin"]) for row in rows(tmp_path / "margins.csv")]
    assert margins[-1] > margins[0] == 0
