"""A standalone cluster: what it gives is what one machine gives, also when processes are killed."""

import csv
import os
import signal
from pathlib import Path

import pytest

from tests.spark.conftest import Standalone, finished_tasks, process_of, records_in, run_here
from tests.support import SAMPLE

pytest.importorskip("pyspark", reason="the extra spark is not installed")

FILES, TIMES = 16, 4  # and how often each has the reviews of the sample


@pytest.fixture(scope="module")
def reviews(standalone: Standalone) -> Path:
    """A folder of files, each of which one task reads."""
    folder = standalone.folder / "reviews"
    folder.mkdir()
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number in range(FILES):
        with (folder / f"{number:02}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            for turn in range(TIMES):
                writer.writerows({**row, "id": f"{row['id']}-{number}-{turn}"} for row in rows)
    return folder


@pytest.fixture(scope="module")
def expected(reviews: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tokens that one machine makes."""
    path = tmp_path_factory.mktemp("expected") / "tokens.jsonl"
    assert run_here("morph", reviews, "-o", path, "-j", 1) == 0
    return path


@pytest.fixture(scope="module")
def tokens(standalone: Standalone, reviews: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tokens that the cluster makes; in the middle, one of its executors is killed."""
    path = tmp_path_factory.mktemp("cluster") / "tokens.jsonl"
    # A path from the folder of the driver: workers have other folders.
    standalone.begin("morph", reviews.name, "-o", path)
    log = standalone.wait_for_task()
    os.kill(process_of(log), signal.SIGKILL)
    standalone.end()
    assert finished_tasks(log) < FILES, "it was killed too late"
    started = {one.parent.name for one in standalone.folder.glob(f"work*/{log.parts[-3]}/*/stderr")}
    assert len(started) > 2, "no other took its place"
    return path


def test_a_killed_executor_costs_no_row(tokens: Path, expected: Path) -> None:
    assert records_in(tokens) == records_in(expected)


def test_a_chain_on_the_cluster_is_that_of_one_machine(
    standalone: Standalone, tokens: Path, expected: Path, tmp_path: Path
) -> None:
    chain = [("stopwords", "--min-length", "2"), ("freq", "--by", "category")]
    found, wanted = [tokens], [expected]
    for number, (command, *options) in enumerate(chain):
        ending = "csv" if command == "freq" else "jsonl"
        for paths in (found, wanted):
            paths.append(tmp_path / f"{paths is found}-{number}.{ending}")
        standalone.run(command, found[-2], *options, "-o", found[-1])
        assert run_here(command, wanted[-2], *options, "-o", wanted[-1]) == 0
    assert records_in(found[1]) == records_in(wanted[1])
    assert rows_in(found[2]) == rows_in(wanted[2])


def test_a_killed_driver_leaves_the_old_output(
    standalone: Standalone, reviews: Path, tokens: Path
) -> None:
    before = {path: path.read_bytes() for path in tokens.rglob("*") if path.is_file()}
    driver = standalone.begin("morph", reviews, "--pos", "noun", "-o", tokens)
    standalone.wait_for_task()
    driver.kill()
    driver.communicate()
    after = {path: path.read_bytes() for path in tokens.rglob("*") if path.is_file()}
    assert len(before) > 1
    assert {path: after.get(path) for path in before} == before


def rows_in(path: Path) -> list[str]:
    """The lines of a CSV file, or of all files of a folder, sorted."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return sorted({line for one in files for line in one.read_text("utf-8").splitlines()})
