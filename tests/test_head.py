"""The first records, and no more."""

import json
from pathlib import Path

import korpus
from tests.support import SAMPLE, lines, records, shell
from tests.support import korpus as run


def test_ten_or_as_many_as_said(tmp_path: Path) -> None:
    whole = records(run("read", SAMPLE).stdout)
    assert [r["id"] for r in records(run("head", SAMPLE).stdout)] == [r["id"] for r in whole[:10]]
    assert len(records(run("head", "-n", 3, SAMPLE).stdout)) == 3
    assert run("head", "-n", 0, SAMPLE).stdout == ""
    assert len(records(run("head", "-n", 1000, SAMPLE).stdout)) == len(whole)


def test_it_reads_no_further_and_ends_its_stream_properly(tmp_path: Path) -> None:
    """Neither command beside it fails: the next sees a complete stream, the one before is done."""
    source = tmp_path / "many.jsonl"
    source.write_text(lines(*({"id": str(n), "text": "나는"} for n in range(200_000))))
    script = f"korpus read {source} -j 1 | korpus head -n 3 | korpus morph -a space | "
    done = shell(f"{script}korpus freq; echo ${{PIPESTATUS[@]}}", cwd=tmp_path)
    assert done.stdout.endswith("나는,,3,3,1.0\n0 0 0 0\n"), done.stderr
    assert "ended early" not in done.stderr
    endless = shell('yes \'{"text":"가"}\' | korpus head -n 2 | korpus read', cwd=tmp_path)
    assert [record["id"] for record in records(endless.stdout)] == ["1", "2"]


def test_what_was_read_is_counted(tmp_path: Path) -> None:
    table = "id,text\n" + "".join(f"{number},글\n" for number in range(3))
    done = run("head", "-n", 1, "-o", tmp_path / "a.jsonl", stdin=table)
    assert "3 documents in, 1 row out" in done.stderr


def test_bad_rows_among_the_first_are_set_aside(tmp_path: Path) -> None:
    source, aside = tmp_path / "a.jsonl", tmp_path / "aside.jsonl"
    good = [json.dumps({"id": str(n), "text": "가"}) for n in range(9)]
    source.write_text("\n".join([good[0], "{broken", *good[1:3], "{later", *good[3:]]) + "\n")
    done = run("head", "-n", 3, source, "--rejects", aside)
    assert [record["id"] for record in records(done.stdout)] == ["0", "1", "2"]
    assert [record["line"] for record in records(aside.read_text())] == [2]


def test_input_that_ended_before_is_an_error() -> None:
    done = shell('printf \' {"id":"1","text":"가"}\\n\' | korpus head -n 2')
    assert done.returncode == 1 and "input ended early" in done.stderr


def test_from_python() -> None:
    assert [record["text"] for record in korpus.head(["가", "나", "다"], rows=2)] == ["가", "나"]
