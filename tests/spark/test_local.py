"""Commands with --on local[2] give what they give on one machine."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from korpus.errors import KorpusError
from tests.spark.conftest import SPLITTING, Run, split
from tests.spark.conftest import run_here as run
from tests.spark.same import assert_same, ids_in_order, rows
from tests.support import SAMPLE

pytest.importorskip("pyspark", reason="the extra spark is not installed")
pytestmark = [pytest.mark.xdist_group("spark-local"), pytest.mark.timeout(1200)]
_ON = ("--on", "local[2]")
_PARTITIONS = 4


@pytest.fixture(scope="module", autouse=True)
def as_before() -> Iterator[None]:
    """The session of other tests splits files by its own settings."""
    from korpus.spark.session import session

    settings = session("local[2]").conf
    before = {name: settings.get(name) for name in SPLITTING}
    yield
    for name, value in before.items():
        settings.set(name, value)


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
    split(reviews, _PARTITIONS)
    for step, suffix in (("morph", "jsonl"), ("stopwords", "jsonl"), ("freq", "csv")):
        options = ["-a", analyzer] if step == "morph" else []
        here, there = tmp_path / f"here-{step}.{suffix}", tmp_path / f"there-{step}.{suffix}"
        assert run(step, source, *options, "-q", "-o", here) == 0
        assert run(step, other, *options, "-q", "-o", there, *_ON) == 0
        assert_same(rows(there), rows(here))
        source, other = here, there
    assert len(list((tmp_path / "there-morph.jsonl").glob("part-*"))) == _PARTITIONS


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
    split(tokens, _PARTITIONS)
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
    if "x.jsonl" in written:
        there, here = (ids_in_order(tmp_path / name / "x.jsonl") for name in ("there", "here"))
        assert there == here
    if "m.safetensors" in written:
        model = tmp_path / "here" / "m.safetensors"
        assert run("infer", model, tokens, "-q", "-o", "h.jsonl") == 0
        model = tmp_path / "there" / "m.safetensors"
        assert run("infer", model, tokens, "-q", "-o", "t.jsonl", *_ON) == 0
        assert_same(rows(Path("t.jsonl")), rows(Path("h.jsonl")))


def test_what_is_set_aside_is_that_of_one_machine(tmp_path: Path) -> None:
    """A broken line, and a document whose accents take minutes to put in order."""
    source = tmp_path / "broken.jsonl"
    slow = json.dumps({"text": "가 a" + "\u0301\u0316" * 300_000})
    source.write_text(f'{{"text": "좋은 영화"}}\n{{"text": \n\n{slow}\n{{"text": "배우의 연기"}}\n')
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    options = ("--timeout", 1, "-q", "-o")
    assert run("morph", source, *options, here) == 3
    assert run("morph", source, *options, there, *_ON) == 3
    assert_same(rows(there), rows(here))
    aside = [rows(tmp_path / f"{name}.rejects.jsonl") for name in ("here", "there")]
    assert_same(*aside)
    assert len(aside[0]) == 2 and any("--timeout" in row["reason"] for row in aside[0])


@pytest.mark.parametrize(
    "line",
    [
        "ngrams -o x.csv",
        "tfidf -o x.csv",
        "dedupe -o x.jsonl",
        "lsa -k 2 -o x.csv -m m.safetensors",
    ],
)
def test_a_plan_sets_broken_lines_aside_once(
    line: str, tokens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it reads its documents twice."""
    source = tmp_path / "broken.jsonl"
    source.write_text(f'{tokens.read_text()}{{"text": \n')
    split(source, _PARTITIONS)
    command, *options = line.split()
    aside, found = [], []
    for name, more in (("here", ()), ("there", _ON)):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        assert run(command, source, *options, "-q", *more) == 3
        (rejects,) = Path().glob("*rejects*")
        aside.append(rejects.read_text())
        found.append(rows(Path(options[options.index("-o") + 1])))
    assert aside[0] == aside[1] and aside[0].count("\n") == 1
    if command != "lsa":  # of which one machine approximates
        assert_same(found[1], found[0])


def test_classes_and_messages_are_those_of_one_machine(
    tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Repeated ids and unknown words are counted over all tasks."""
    model, topics = tmp_path / "c.safetensors", tmp_path / "t.safetensors"
    train = ("--label", "rating", "--folds", 2, "-m", model, "-o", tmp_path / "c.csv")
    assert run("classify", "train", tokens, "-q", *train) == 0
    assert run("tfidf", tokens, "--min-df", 3, "-q", "-m", topics, "-o", tmp_path / "t.csv") == 0
    twice = tmp_path / "twice.jsonl"
    twice.write_bytes(2 * tokens.read_bytes())
    for line, suffix in ((("classify", "predict", model), "jsonl"), (("infer", topics), "csv")):
        said = []
        for number, more in enumerate(((), _ON)):
            split(twice, _PARTITIONS)
            capfd.readouterr()
            assert run(*line, twice, "-o", tmp_path / f"{number}.{suffix}", *more) == 0
            lines = capfd.readouterr().err.splitlines()
            said.append([one for one in lines if " documents in, " not in one])
        assert_same(rows(tmp_path / f"1.{suffix}"), rows(tmp_path / f"0.{suffix}"))
        assert said[0] == said[1] and len(said[0]) == 1


def test_an_output_whose_driver_was_killed_while_it_was_replaced_comes_back(
    tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.jsonl"
    assert run("stopwords", tokens, "-q", "-o", output, *_ON) == 0
    before = rows(output)
    output.rename(tmp_path / ".x.jsonl.0123abcd.old")  # where the old output is at that time
    assert run("freq", output, "-o", tmp_path / "f.csv", *_ON) == 0
    assert "x.jsonl: a run was killed while it replaced this" in capfd.readouterr().err
    assert rows(output) == before


def test_documents_without_tokens_are_an_error_and_change_nothing(
    reviews: Path, tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "x.jsonl"
    assert run("stopwords", tokens, "-q", "-o", output, *_ON) == 0
    before = rows(output)
    assert run("stopwords", reviews, "-q", "-o", output, *_ON) == 1
    assert capfd.readouterr().err.endswith("-o tokens.jsonl --on 'local[2]'\n")
    assert rows(output) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


def test_a_wrong_address_and_standard_input_are_refused(
    tokens: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("freq", "x.jsonl", "--on", "mesos") == 2
    assert "--on mesos" in capfd.readouterr().err
    assert run("freq", "-", *_ON) == 2
    assert "--on" in capfd.readouterr().err
    assert run("freq", "/dev/null", *_ON) == 2
    assert "cannot read the pipe /dev/null" in capfd.readouterr().err
    assert run("freq", tokens, "--on", "spark://127.0.0.1:1") == 1
    assert "Spark does not start on spark://127.0.0.1:1: Connection ref" in capfd.readouterr().err
    assert run("morph", tokens, "--resume", "only", *_ON) == 2


def test_a_store_whose_client_is_missing_names_its_package(
    tokens: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for line in (
        ("s3a://x/y.jsonl", "-o", tmp_path / "f.csv"),
        (tokens, "-o", "abfss://c@x.dfs.core.windows.net/f.csv"),
    ):
        assert run("freq", *line, *_ON) == 1
        error, hint = capfd.readouterr().err.splitlines()
        assert "://" in error and error.endswith(": Spark has no client for it here")
        assert '"--packages org.apache.hadoop:hadoop-a' in hint
    assert run("freq", "s3://x/y.jsonl", *_ON) == 1
    assert "s3a" in capfd.readouterr().err


@pytest.mark.parametrize("scheme", ["hdfs", "gs"])
def test_addresses_are_read_and_written_by_hadoop(
    scheme: str,
    reviews: Path,
    tokens: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hadoop's view of other file systems stands for the stores, which are no part of pyspark."""
    from korpus.spark.session import session

    shared = tmp_path / "shared"
    shared.mkdir()
    settings = session("local[2]")._jsc.hadoopConfiguration()
    view = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
    settings.set(f"fs.{scheme}.impl", view)
    settings.set(f"fs.viewfs.mounttable.{tmp_path.name}.link./data", shared.as_uri())
    top = f"{scheme}://{tmp_path.name}/data"
    shutil.copy(reviews, shared / "reviews.jsonl")
    monkeypatch.chdir(tmp_path)

    assert run("morph", f"{top}/reviews.jsonl", "--spans", "-q", "-o", f"{top}/t.jsonl", *_ON) == 0
    assert_same(rows(shared / "t.jsonl"), rows(tokens))
    for turn in ("new", "replaced"):
        assert run("freq", f"{top}/t.jsonl", "-q", "-o", f"{top}/f.csv", *_ON) == 0, turn
    assert run("freq", tokens, "-q", "-o", "f.csv") == 0
    assert_same(rows(shared / "f.csv"), rows(tmp_path / "f.csv"))
    model, found = f"{top}/m.safetensors", f"{top}/found.jsonl"
    fit = ("tfidf", "--min-df", "3", "-q", "-m")
    assert run(*fit[:1], f"{top}/t.jsonl", *fit[1:], model, "-o", f"{top}/w.csv", *_ON) == 0
    assert run("infer", model, f"{top}/t.jsonl", "-q", "-o", found, *_ON) == 0
    assert run("infer", shared / "m.safetensors", tokens, "-q", "-o", "here.jsonl") == 0
    assert_same(rows(shared / "found.jsonl"), rows(tmp_path / "here.jsonl"))

    written = {"t.jsonl", "f.csv", "m.safetensors", "w.csv", "found.jsonl", "reviews.jsonl"}
    assert {path.name for path in shared.iterdir() if path.suffix != ".crc"} == written
    before = rows(shared / "f.csv")
    capfd.readouterr()
    assert run("freq", f"{top}/reviews.jsonl", "-q", "-o", f"{top}/f.csv", *_ON) == 1
    assert "korpus morph" in capfd.readouterr().err
    assert run("freq", f"{top}/none.jsonl", "-q", "-o", f"{top}/f.csv", *_ON) == 1
    assert f"{top}/none.jsonl does not exist" in capfd.readouterr().err
    assert run("freq", f"{top}/f.csv", "-q", "-o", f"{top}/f.csv", *_ON) == 2
    assert run("freq", f"{top}/t.jsonl", "--no-clobber", "-o", f"{top}/f.csv", *_ON) == 1
    assert rows(shared / "f.csv") == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x\n: java.lang.OutOfMemoryError: Java heap space", "out of memory"),
        ("Job 0 cancelled because SparkContext was shut down", "its Java process has ended"),
        (
            "calling x.\n: java.lang.RuntimeException: x\nCaused by: a.BError: y",
            "a.BError: y",
        ),
        (
            "x\nTraceback\nValueError: x\nCaused by: a.PythonException: x\nBError: y",
            "BError: y",
        ),
    ],
)
def test_an_error_of_spark_is_one_line(text: str, reason: str) -> None:
    from korpus.spark.session import failure

    error = failure(RuntimeError(text))
    assert error.message == f"the job on Spark failed: {reason}"
    assert ("--driver-memory" in (error.hint or "")) == ("Error: " not in reason)


def test_an_error_of_spark_anywhere_in_a_command_is_one_line() -> None:
    """Where Java has ended, each call fails: also those that read the start of a file."""
    from korpus.cli.on_cluster import started

    ended = pytest.raises(KorpusError, match="its Java process has ended")
    with ended, started("local[2]", [], {}):
        raise ConnectionRefusedError(111, "Connection refused")
    with pytest.raises(ZeroDivisionError), started("local[2]", [], {}):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("command", "text"),
    [("read", "id,본문\n1,좋은 영화\n2,배우의 연기\n"), ("read", ""), ("dedupe", "id,본문\n")],
)
def test_what_reading_says_is_said(
    command: str, text: str, tmp_path: Path, on_spark: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """That a file is empty, its encoding, the column that is read: once."""
    source = tmp_path / "글.csv"
    source.write_bytes(text.encode("cp949"))
    assert run(command, source, "-o", tmp_path / "here.jsonl") == 0
    here = capfd.readouterr().err
    there = on_spark(command, source, "-o", tmp_path / "there.jsonl")
    assert there.code == 0
    assert about(source, there.stderr) == about(source, here) != []


def about(source: Path, stderr: str) -> list[str]:
    """The messages that name a file."""
    return sorted(line for line in stderr.splitlines() if str(source) in line)
