"""Commands with --on local[2] give what they give on one machine."""

import csv
import json
import math
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import SAMPLE

pytest.importorskip("pyspark", reason="the extra spark is not installed")
pytestmark = [pytest.mark.xdist_group("spark-local"), pytest.mark.timeout(300)]
_ON = ("--on", "local[2]")


def run(*arguments: object) -> int:
    """Run a command in this process, whose session of Spark all tests share."""
    from korpus.cli.main import _run

    handlers = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        return _run([*map(str, arguments)])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def rows(output: Path) -> list[dict[str, Any]]:
    """The rows of a file, or of all part files of a folder, in an order of their own."""
    found: list[dict[str, Any]] = []
    for path in sorted(output.glob("part-*")) if output.is_dir() else [output]:
        if output.suffix == ".csv":
            with path.open(newline="") as lines:
                found += csv.DictReader(lines)
        elif output.suffix == ".parquet":
            import pyarrow.parquet

            found += pyarrow.parquet.ParquetFile(path).read().to_pylist()
        else:
            found += map(json.loads, path.read_text().splitlines())
    return sorted(found, key=_key)


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _key(row: dict[str, Any]) -> str:
    cells = {name: _number(value) for name, value in row.items()}
    return str({n: round(v, 5) if isinstance(v, float) else v for n, v in cells.items()})


def assert_same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted) > 0
    for one, other in zip(found, wanted, strict=True):
        assert list(one) == list(other)
        for name, value in other.items():
            ours, theirs = _number(one[name]), _number(value)
            if isinstance(ours, float) and isinstance(theirs, float):
                assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-12), (name, one, other)
            else:
                assert ours == theirs


@pytest.fixture(scope="module", autouse=True)
def many_partitions() -> Iterator[None]:
    """Files are split where a file of reviews would be one partition."""
    from korpus.spark.session import session

    settings = session("local[2]").conf
    name = "spark.sql.files.maxPartitionBytes"
    before = settings.get(name)
    settings.set(name, "20000")
    yield
    settings.set(name, before)


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reviews without ids, so that the number of the row is the id."""
    path = tmp_path_factory.mktemp("spark") / "reviews.jsonl"
    with SAMPLE.open(newline="") as lines, path.open("w") as out:
        for row in csv.DictReader(lines):
            del row["id"]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_the_chain_is_that_of_one_machine(analyzer: str, reviews: Path, tmp_path: Path) -> None:
    source, other = reviews, reviews
    for step, suffix in (("morph", "jsonl"), ("stopwords", "jsonl"), ("freq", "csv")):
        options = ["-a", analyzer] if step == "morph" else []
        here, there = tmp_path / f"here-{step}.{suffix}", tmp_path / f"there-{step}.{suffix}"
        assert run(step, source, *options, "-q", "-o", here) == 0
        assert run(step, other, *options, "-q", "-o", there, *_ON) == 0
        assert_same(rows(there), rows(here))
        source, other = here, there
    assert len(list((tmp_path / "there-morph.jsonl").glob("part-*"))) > 2
