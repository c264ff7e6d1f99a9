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
pytestmark = [pytest.mark.xdist_group("spark-local"), pytest.mark.timeout(1200)]
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


@pytest.fixture(scope="module")
def tokens(reviews: Path) -> Path:
    path = reviews.with_name("tokens.jsonl")
    assert run("morph", reviews, "--spans", "-q", "-o", path) == 0
    return path


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "okt"])
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


@pytest.mark.parametrize(
    "line",
    [
        "freq --by rating -o x.parquet",
        "ngrams -n 1,2,3 --min-count 2 -o x.csv",
        "collocations --min-pair-count 2 --measure all -o x.csv",
        "collocations --word 배우,영화 --direction right --min-pair-count 1 -o x.csv",
        "network -o x.csv --nodes y.csv",
        "network --window 3 --min-count 2 -o x.csv",
        "network --by rating -o x.csv",
        "keyness --by rating -o x.csv",
        "tfidf --min-df 2 -o x.csv -m m.safetensors",
        "tfidf --overall -o x.csv",
        "tfidf --by rating --top 5 -o x.csv",
        "dedupe --near 0.6 --min-length 0 -o x.jsonl --groups y.csv",
        "dedupe --keep longest -o x.jsonl",
        "clean --boilerplate 0.1 -o x.jsonl",
    ],
)
def test_a_table_is_that_of_one_machine(
    line: str, tokens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, *options = line.split()
    for name, more in (("here", ()), ("there", _ON)):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert run(command, tokens, *options, "-q", *more) == 0
    written = {path.name for path in (tmp_path / "here").iterdir()}
    assert written == {path.name for path in (tmp_path / "there").iterdir() if path.name[0] != "."}
    for name in written - {"m.safetensors"}:
        here, there = rows(tmp_path / "here" / name), rows(tmp_path / "there" / name)
        if here or there:
            assert_same(there, here)
    if "m.safetensors" in written:
        model = tmp_path / "here" / "m.safetensors"
        assert run("infer", model, tokens, "-q", "-o", "h.jsonl") == 0
        model = tmp_path / "there" / "m.safetensors"
        assert run("infer", model, tokens, "-q", "-o", "t.jsonl", *_ON) == 0
        assert_same(rows(Path("t.jsonl")), rows(Path("h.jsonl")))


def test_what_is_set_aside_is_that_of_one_machine(tmp_path: Path) -> None:
    source = tmp_path / "broken.jsonl"
    source.write_text('{"text": "좋은 영화"}\n{"text": \n\n{"text": "배우의 연기"}\n')
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    assert run("morph", source, "-q", "-o", here) == 3
    assert run("morph", source, "-q", "-o", there, *_ON) == 3
    assert_same(rows(there), rows(here))
    aside = "here.rejects.jsonl", "there.rejects.jsonl"
    assert_same(*(rows(tmp_path / name) for name in aside))


def test_documents_without_tokens_are_an_error_and_change_nothing(
    reviews: Path, tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.jsonl"
    assert run("stopwords", tokens, "-q", "-o", output, *_ON) == 0
    before = rows(output)
    assert run("stopwords", reviews, "-q", "-o", output, *_ON) == 1
    assert "korpus morph" in capfd.readouterr().err
    assert rows(output) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


def test_a_wrong_address_and_standard_input_are_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("freq", "x.jsonl", "--on", "mesos") == 2
    assert "--on mesos" in capfd.readouterr().err
    assert run("freq", "-", *_ON) == 2
    assert "--on" in capfd.readouterr().err
