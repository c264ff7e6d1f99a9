"""Rows that cannot be read are set aside as they are, and the rest goes on."""

import json
from pathlib import Path
from typing import Any

import pytest

from korpus.errors import KorpusError
from korpus.files import read
from tests.support import korpus, lines, records

_GOOD = [f"{number},글 {number}" for number in range(1, 400)]
RAGGED = "id,text\n1,가\n2,나,다\n3,라\n"


def aside(path: Path) -> list[dict[str, Any]]:
    return records(path.read_text())


@pytest.mark.parametrize(
    ("name", "content", "line", "raw", "error"),
    [
        ("a.csv", RAGGED, 3, "2,나,다", "width"),
        ("a.csv", 'id,text\n1,가\n2,"나\n3,라\n', 3, '2,"나', "quotes"),
        ("a.csv", 'id,text\n1,가\n2,"나" 다\n3,라\n', 3, '2,"나" 다', "quotes"),
        ("a.csv", 'text,id\n가,1\n"나\n다",2,x\n라,3\n', 3, '"나\n다",2,x', "width"),
        ("a.tsv", "id\ttext\n1\t가\n2\n3\t라\n", 3, "2", "width"),
        (
            "a.jsonl",
            '{"id":1,"text":"가"}\n{"id":2,"te\n{"id":3,"text":"라"}\n',
            2,
            '{"id":2,"te',
            "json",
        ),
        ("a.jsonl", '{"id":1,"text":"가"}\n[2]\n{"id":3,"text":"라"}', 2, "[2]", "json"),
    ],
)
@pytest.mark.parametrize("command", ["read", "morph"])
def test_a_bad_row_is_set_aside(
    tmp_path: Path, command: str, name: str, content: str, line: int, raw: str, error: str
) -> None:
    (tmp_path / name).write_text(content)
    done = korpus(command, name, "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3
    assert f"{name}: line {line}" in done.stderr
    assert "1 document set aside in out.rejects.jsonl" in done.stderr
    assert [r["id"] for r in records((tmp_path / "out.jsonl").read_text())] == ["1", "3"]
    (row,) = aside(tmp_path / "out.rejects.jsonl")
    assert (row["line"], row["raw"], row["error"]) == (line, raw, error)
    assert row["reason"].startswith(f"{name}: line {line}")
    done = korpus(command, name, "--rejects", "named.jsonl", cwd=tmp_path)
    assert done.returncode == 0 and aside(tmp_path / "named.jsonl") == [row]
    done = korpus(command, name, "--strict", "-o", "strict.jsonl", cwd=tmp_path)
    assert done.returncode == 1 and not (tmp_path / "strict.jsonl").exists()
    assert f"error: {name}: line {line}" in done.stderr


@pytest.mark.parametrize("cell", ['"\\ud83d"', "[" * 900 + "]" * 900])
def test_a_bad_row_that_json_cannot_hold(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text":"가"}}\n{{"text":[{cell}]}}\n{{"text":"나"}}\n')
    for command in ("read", "morph"):
        done = korpus(command, "a.jsonl", "-o", "out.jsonl", cwd=tmp_path)
        assert done.returncode == 3 and "is a list, not text" in done.stderr
        (row,) = aside(tmp_path / "out.rejects.jsonl")
        assert row["error"] == "column" and row["raw"]


def test_rows_that_are_no_documents(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id":"1","text":"가"}\n{"id":"2"}\n{"id":[3],"text":"나"}\n{"id":"4","text":["다"]}\n"라"\n'
    )
    done = korpus("read", "a.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3
    assert [r["text"] for r in records((tmp_path / "out.jsonl").read_text())] == ["가", "라"]
    rows = aside(tmp_path / "out.rejects.jsonl")
    assert [json.loads(row["raw"])["id"] for row in rows] == ["2", [3], "4"]
    assert {row["error"] for row in rows} == {"column"}


@pytest.mark.parametrize("jobs", [1, 2])
def test_row_numbers_and_order_do_not_depend_on_jobs(tmp_path: Path, jobs: int) -> None:
    rows = [f"글 {number},{number}" for number in range(1, 60_001)]
    for number in (100, 20_000, 59_999):
        rows[number - 1] += ",x"
    (tmp_path / "a.csv").write_text("\n".join(["text,n", *rows]) + "\n")
    done = korpus("read", "a.csv", "-o", "out.jsonl", "-j", jobs, cwd=tmp_path)
    assert done.returncode == 3
    found = records((tmp_path / "out.jsonl").read_text())
    assert len(found) == 59_997 and all(r["id"] == r["n"] for r in found)
    assert [row["line"] for row in aside(tmp_path / "out.rejects.jsonl")] == [101, 20_001, 60_000]


def test_all_rows_bad_is_an_error() -> None:
    for text in ("id,text\n1,가,x\n2,나,x\n", '{"id":1\n{"id":2\n'):
        done = korpus("read", stdin=text)
        assert done.returncode == 1 and "error: standard input: line" in done.stderr
        assert "hint: " in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
def test_one_undecodable_line_in_a_hundred(tmp_path: Path, name: str, encoding: str) -> None:
    delimiter = "\t" if name == "a.tsv" else ","
    rows = ["id,text", *_GOOD]
    data = [(row + "\n").replace(",", delimiter).encode(encoding) for row in rows]
    if encoding == "utf-16":
        data = [data[0], *(row[2:] for row in data[1:])]
        data[200] = b"2\0" + delimiter.encode() + b"\0\x00\xd8\n\0"  # half of a pair
    else:
        data[200] = b"200" + delimiter.encode() + b"\xff\n"
    (tmp_path / name).write_bytes(b"".join(data))
    done = korpus("read", name, "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert f"read as {encoding.upper()}, but for 1 line" in done.stderr
    texts = [r["text"] for r in records((tmp_path / "out.jsonl").read_text())]
    assert [text[-5:] for text in texts[-3:]] == ["글 397", "글 398", "글 399"]
    assert len(texts) == 398
    (row,) = aside(tmp_path / "out.rejects.jsonl")
    assert row["line"] == 201 and row["error"] == "bytes"
    assert encoding == "utf-16" or row["raw"] == f"200{delimiter}\\xff"
    done = korpus("read", name, "--strict", cwd=tmp_path)
    assert done.returncode == 1 and "not valid" in done.stderr


def test_more_undecodable_lines_are_an_error(tmp_path: Path) -> None:
    data = [f"{row}\n".encode("cp949" if at < 10 else "utf-8") for at, row in enumerate(_GOOD)]
    (tmp_path / "a.txt").write_bytes(b"".join(data))
    done = korpus("read", tmp_path / "a.txt")
    assert done.returncode == 1 and "line 1, byte 3: not valid UTF-8" in done.stderr


def test_the_line_of_an_error_is_that_of_the_encoding_that_fits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,text\n1,좋은\n2,아까".encode("cp949")[:-1] + b"\n3,a\n")
    done = korpus("read", tmp_path / "a.csv")
    assert done.returncode == 1 and "line 3, byte 5: not valid CP949" in done.stderr


def test_a_bad_byte_in_the_header_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,te\xffxt\n" + "\n".join(_GOOD).encode())
    done = korpus("read", tmp_path / "a.csv", "-c", "text")
    assert done.returncode == 1 and "line 1, byte 6: not valid UTF-8" in done.stderr


def test_one_bad_file_of_many(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("id,text\n1,가\n")
    (folder / "b.csv").write_text("id,title\n2,나\n")
    (folder / "c.jsonl.gz").write_bytes(b"\x1f\x8b broken")
    (folder / "d.txt").write_text("라\n")
    for command in ("read", "morph"):
        done = korpus(command, "in", "-o", "out.jsonl", cwd=tmp_path)
        assert done.returncode == 3 and "2 documents set aside in out.rejects" in done.stderr
        assert [r["text"] for r in records((tmp_path / "out.jsonl").read_text())] == ["가", "라"]
        rows = aside(tmp_path / "out.rejects.jsonl")
        assert [(row["source"], row["error"]) for row in rows] == [
            ("b.csv", "file"),
            ("c.jsonl.gz", "file"),
        ]
        assert korpus(command, "in", "--strict", cwd=tmp_path).returncode == 1
    done = korpus("read", "in", "nowhere.csv", cwd=tmp_path)
    assert done.returncode == 1 and "nowhere.csv: no such file" in done.stderr
    assert "run: ls" in done.stderr
    done = korpus("read", "나는 밥을 먹었다", cwd=tmp_path)
    assert done.returncode == 1 and "through a pipe" in done.stderr
    (folder / "a.csv").unlink(), (folder / "d.txt").unlink()
    done = korpus("read", "in", cwd=tmp_path)
    assert done.returncode == 1 and "b.csv has no column" in done.stderr


def test_the_count_is_said_even_when_quiet() -> None:
    for command in ("read", "morph"):
        done = korpus(command, "-q", stdin=RAGGED)
        assert done.returncode == 3
        assert done.stderr == "korpus: 1 document set aside (--rejects FILE keeps them)\n"


TOKENS = [
    {"id": str(number), "tokens": ["가", "나", "다"], "tags": ["NNG"] * 3} for number in range(9)
]


@pytest.mark.parametrize(
    "command",
    [
        ("freq",),
        ("stopwords",),
        ("tfidf",),
        ("lda", "-k", 2, "--iterations", 1),
        ("word2vec", "--export", "x.vec"),
        ("choose-k", "--range", "2:3"),
        ("info",),
    ],
)
def test_every_command_sets_a_broken_line_aside(tmp_path: Path, command: tuple[Any, ...]) -> None:
    done = korpus(
        *(*command, "--rejects", "r.jsonl"), stdin=lines(*TOKENS) + '{"id":\n', cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    (row,) = aside(tmp_path / "r.jsonl")
    assert (row["line"], row["raw"]) == (10, '{"id":')
    done = korpus(*command, stdin=lines(*TOKENS) + '{"id":\n', cwd=tmp_path)
    assert done.returncode == 3 and "1 document set aside (--rejects" in done.stderr


def test_python_gives_bad_rows_to_a_function(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(RAGGED)
    with pytest.raises(KorpusError, match="line 3 has 3 fields"):
        list(read(tmp_path / "a.csv"))
    rows: list[dict[str, Any]] = []
    assert [r["id"] for r in read(tmp_path / "a.csv", rejects=rows.append)] == ["1", "3"]
    assert [row["line"] for row in rows] == [3]


def test_stray_quotes_lose_no_row() -> None:
    """A quote that never closes costs one row, wherever others open and close."""
    rows = [
        f'{number},"글 ""{number}"""' if number % 7 else f'{number},"글' for number in range(500)
    ]
    found = records(korpus("read", "-q", stdin="id,text\n" + "\n".join(rows) + "\n").stdout)
    assert [r["id"] for r in found] == [str(number) for number in range(500) if number % 7]
