"""What a run says at its end, and the file of --log."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from korpus.version import __version__
from tests.support import SAMPLE, SENTENCE, TOKENS, in_terminal, korpus, lines, shell


def entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["freq", SAMPLE, "--input-format", "csv"], None),
        (["read", SAMPLE, "-o", "out.jsonl"], "210 documents in, 210 rows out, "),
        (["read", SAMPLE, "-o", "out.xlsx"], "210 documents in, 210 rows out, "),
        (["morph", SAMPLE, "-o", "out.csv"], "210 documents in, 210 rows out, "),
        (["read", SAMPLE], None),
    ],
)
def test_the_end_of_a_run(arguments: list[str], message: str | None, tmp_path: Path) -> None:
    done = korpus(*arguments, cwd=tmp_path)
    last = ["", *done.stderr.splitlines()][-1]
    if message is None:  # a pipe, or an error
        assert "documents in" not in last
    else:
        assert last.startswith(f"korpus: {message}") and last.endswith(" s")


def test_rows_are_those_of_the_main_output(tmp_path: Path) -> None:
    arguments = ["-k", 2, "--iterations", 2, "-o", "terms.csv", "--documents", "d.csv"]
    done = korpus("nmf", *arguments, stdin=TOKENS * 3, cwd=tmp_path)
    rows = len((tmp_path / "terms.csv").read_text("utf-8").splitlines()) - 1
    assert f" {rows} rows out, " in done.stderr


def test_a_terminal_is_told(tmp_path: Path) -> None:
    _code, shown = in_terminal("freq", stdin=TOKENS * 3, plain=True)
    assert "korpus: 3 documents in, 2 rows out, " in shown
    _code, shown = in_terminal("freq", "-q", stdin=TOKENS, plain=True)
    assert "documents in" not in shown


def test_what_was_set_aside_is_said(tmp_path: Path) -> None:
    rows = lines({"id": "1", "text": SENTENCE}) + "{broken\n"
    done = korpus("morph", "-o", tmp_path / "out.jsonl", stdin=rows)
    assert done.returncode == 3
    assert "korpus: 2 documents in, 1 row out, 1 document set aside, " in done.stderr


def test_the_links_of_a_chain(tmp_path: Path) -> None:
    log, output = tmp_path / "log.jsonl", tmp_path / "freq.csv"
    done = shell(
        f"korpus morph {SAMPLE} --log {log} | korpus stopwords --log={log} | "
        f"korpus freq -o {output} --log {log}"
    )
    assert done.returncode == 0, done.stderr
    by_name = {entry["command"].split()[1]: entry for entry in entries(log)}
    morph, stopwords, freq = (by_name[name] for name in ("morph", "stopwords", "freq"))
    assert [item["records"] for item in morph["inputs"]] == [210]
    assert morph["inputs"][0]["sha256"] == digest(SAMPLE)
    for before, after in ((morph, stopwords), (stopwords, freq)):
        (link,), (same,) = before["outputs"], after["inputs"]
        assert link == same and link["path"] == "-" and link["records"] == 210
    assert freq["outputs"][0]["sha256"] == digest(output)
    assert freq["outputs"][0]["records"] == len(output.read_text().splitlines()) - 1
    assert freq["exit"] == 0 and freq["error"] is None and freq["set_aside"] == 0
    assert freq["versions"]["korpus"] == __version__ and "kiwipiepy" in freq["versions"]
    assert freq["command"] == f"korpus freq -o {output} --log {log}"


def test_compressed_input_and_a_file_on_standard_output(tmp_path: Path) -> None:
    log, packed = tmp_path / "log.jsonl", tmp_path / "in.jsonl.gz"
    korpus("read", SAMPLE, "-o", packed)
    shell(f"korpus read --log {log} < {packed} > {tmp_path}/out.jsonl")
    (entry,) = entries(log)
    assert entry["inputs"] == [
        {"path": "-", "records": 210, "bytes": packed.stat().st_size, "sha256": digest(packed)}
    ]
    assert entry["outputs"][0]["sha256"] == digest(tmp_path / "out.jsonl")


def test_failures_are_logged_and_earlier_runs_kept(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    korpus("freq", "--log", log, stdin=TOKENS)
    korpus("freq", "nowhere.jsonl", "--log", log)
    korpus("freq", "--top", "0", "--log", log, stdin=TOKENS)
    korpus("morph", "--log", log, "-o", tmp_path / "x.jsonl", stdin='{broken\n{"text":"가"}\n')
    found = entries(log)
    assert [entry["exit"] for entry in found] == [0, 1, 2, 3]
    assert found[1]["error"] == "nowhere.jsonl: no such file"
    assert "--top 0" in found[2]["error"]
    assert found[3]["set_aside"] == 1


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    done = korpus("freq", "--log", tmp_path / "no" / "log.jsonl", stdin=TOKENS)
    assert done.returncode == 1 and done.stdout == ""
    assert "log.jsonl: cannot be written" in done.stderr
    source = tmp_path / "tokens.jsonl"
    source.write_text(TOKENS)
    done = korpus("freq", "--log", source, stdin=TOKENS)
    assert done.returncode == 2 and "tokens.jsonl: not a log of korpus" in done.stderr
    assert source.read_text() == TOKENS
    done = korpus("freq", "--log", tmp_path / "x.csv", "-o", tmp_path / "x.csv", stdin=TOKENS)
    assert done.returncode == 2 and "--log and --output are both" in done.stderr
