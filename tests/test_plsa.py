import csv
import io
from pathlib import Path

import pytest

from tests.support import korpus


def test_is_nmf_with_the_loss_kl(sample_nouns: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "plsa.safetensors", tmp_path / "nmf.safetensors"
    ours = korpus("plsa", sample_nouns, "-k", 5, "-m", first)
    theirs = korpus("nmf", sample_nouns, "-k", 5, "--loss", "kl", "-m", second)
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout == theirs.stdout
    assert first.read_bytes() == second.read_bytes()


def test_probabilities_sum_to_one(sample_nouns: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs.csv"
    done = korpus("plsa", sample_nouns, "-k", 5, "--top", 100000, "--docs", docs)
    sums: dict[str, float] = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        sums[row["topic"]] = sums.get(row["topic"], 0) + float(row["weight"])
    assert len(sums) == 5
    assert list(sums.values()) == pytest.approx([1] * 5, abs=1e-9)
    by_document: dict[str, float] = {}
    for row in csv.DictReader(docs.open()):
        by_document[row["id"]] = by_document.get(row["id"], 0) + float(row["weight"])
    assert len(by_document) == 210
    assert list(by_document.values()) == pytest.approx([1] * 210, abs=1e-5)
