"""Parts for training and testing, and files per group: all of them or none."""

import errno
import os
from collections import Counter
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

import korpus
from korpus import files
from korpus.errors import KorpusError
from tests.support import SAMPLE, lines, records
from tests.support import korpus as run


@given(st.lists(st.sampled_from("abc"), max_size=40), st.floats(0.01, 0.99), st.integers(0, 3))
def test_every_record_is_in_one_part(groups: list[str], share: float, seed: int) -> None:
    rows = [{"id": str(n), "g": group} for n, group in enumerate(groups)]
    for by in (None, "g"):
        parts = {k: list(v) for k, v in korpus.split(rows, test=share, by=by, seed=seed).items()}
        assert list(parts) == ["train", "test"]
        assert len(parts["test"]) == round(len(rows) * share)
        assert sorted(parts["train"] + parts["test"], key=lambda row: int(row["id"])) == rows
        if by:
            tested = Counter(row["g"] for row in parts["test"])
            assert all(abs(tested[g] - n * share) < 1 for g, n in Counter(groups).items())
    by_value = korpus.split(rows, by="g")
    assert {name: [row["g"] for row in part] for name, part in by_value.items()} == {
        group: [group] * number for group, number in Counter(groups).items()
    }


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "jsonl.gz", "parquet"])
def test_train_and_test_files(suffix: str, tmp_path: Path) -> None:
    pattern = tmp_path / f"reviews-{{group}}.{suffix}"
    done = run("split", SAMPLE, "--test", "0.2", "--by", "category", "-o", pattern)
    assert done.returncode == 0, done.stderr
    assert "korpus: 168 for training, 42 for testing" in done.stderr
    names = [tmp_path / f"reviews-{name}.{suffix}" for name in ("train", "test")]
    assert sorted(tmp_path.iterdir()) == sorted(names)
    train, test = (records(run("read", name).stdout) for name in names)
    assert (len(train), len(test)) == (168, 42)
    whole = {record["id"]: record for record in records(run("read", SAMPLE).stdout)}
    assert {r["id"]: r for r in train + test} == whole
    again = run("split", SAMPLE, "--test", "42", "--by", "category")
    assert [r["id"] for r in records(again.stdout) if r["part"] == "test"] == [
        r["id"] for r in test
    ]


def test_a_file_per_value(tmp_path: Path) -> None:
    values = ["영화", "a/b", "A/b", "", None, 3]
    source = lines(*({"id": str(n), "g": value} for n, value in enumerate(values)))
    done = run("split", "--by", "g", "-o", tmp_path / "part-{group}.jsonl", stdin=source)
    assert done.returncode == 0, done.stderr
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {name: [r["id"] for r in records(text)] for name, text in found.items()} == {
        "part-영화.jsonl": ["0"],
        "part-a_b.jsonl": ["1"],
        "part-A_b-2.jsonl": ["2"],
        "part-_.jsonl": ["3", "4"],
        "part-3.jsonl": ["5"],
    }
    assert "6 rows in 5 parts" in done.stderr


def test_names_of_files_that_mean_something_else(tmp_path: Path) -> None:
    values = ["-", "..", "상", normalize("NFD", "상"), "a" * 100]
    source = lines(*({"id": str(n), "g": value} for n, value in enumerate(values)))
    done = run("split", "--by", "g", "-o", "{group}", "-f", "jsonl", stdin=source, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    found = {path.name: path.read_text().count("\n") for path in tmp_path.iterdir()}
    assert found == {"--2": 1, "_": 1, "상": 2, "a" * 60: 1}


def test_one_output_has_a_column_with_the_part(tmp_path: Path) -> None:
    source = lines({"id": "1", "text": "가", "part": "mine"}, {"id": "2", "text": "나"})
    done = run("split", "--test", "1", stdin=source)
    found = records(done.stdout)
    assert sorted(record["part"] for record in found) == ["test", "train"]
    assert list(found[0]) == ["id", "part", "text", "part_"] and found[0]["part_"] == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "neither --test nor --by was given"),
        (["--by", "category"], "--by without --test writes a file per value"),
        (["--test", "1.0"], "--test must be a positive whole number, or a share below 1"),
        (["--test", "-3"], "--test must be a positive whole number, or a share below 1"),
        (["--test", "x"], "--test x is not a number"),
    ],
)
def test_what_cannot_be_split(arguments: list[str], message: str) -> None:
    done = run("split", SAMPLE, *arguments)
    assert done.returncode == 2 and f"korpus: error: {message}" in done.stderr


def test_too_many_files(tmp_path: Path) -> None:
    source = lines(*({"id": str(n), "text": "가"} for n in range(1001)))
    done = run("split", "--by", "id", "-o", tmp_path / "{group}.jsonl", stdin=source)
    assert done.returncode == 2 and "1,001 files would be written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_clobber_and_inputs_hold_for_every_file(tmp_path: Path) -> None:
    source, old = tmp_path / "x-train.csv", tmp_path / "y-test.csv"
    source.write_bytes(SAMPLE.read_bytes())
    old.write_text("old")
    line = ["split", source, "--test", "0.2", "-o"]
    done = run(*line, tmp_path / "x-{group}.csv")
    assert done.returncode == 2 and "x-train.csv is an input too" in done.stderr
    done = run(*line, tmp_path / "y-{group}.csv", "--no-clobber")
    assert done.returncode == 1 and "y-test.csv exists" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-train.csv", "y-test.csv"]
    assert old.read_text() == "old"


def test_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one of them cannot be written, the others are not there either."""
    (tmp_path / "0.jsonl").write_text("old")
    syncs: list[int] = []

    def fsync(handle: int) -> None:
        syncs.append(handle)
        if len(syncs) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(KorpusError, match=r"2\.jsonl: cannot be written"), files.together():
        for number in range(4):
            files.write_records([{"id": "1"}], str(tmp_path / f"{number}.jsonl"))
    assert [path.name for path in tmp_path.iterdir()] == ["0.jsonl"]
    assert (tmp_path / "0.jsonl").read_text() == "old"
    files.write_records([{"id": "1"}], str(tmp_path / "0.jsonl"))  # alone again
    assert (tmp_path / "0.jsonl").read_text() == '{"id":"1"}\n'
