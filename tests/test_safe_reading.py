"""Sources that change while they are read, take too much memory, or hold what Python cannot."""

import gzip
import io
import json
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import orjson
import pyarrow
import pyarrow.parquet
import pytest

from korpus.errors import KorpusError
from korpus.files import read, write_records, write_table
from korpus.models import word2vec
from korpus.tokens import freq
from tests.support import korpus, lines, peak, records, shell

ROWS = "".join(f'{{"id":"{number}","text":"글"}}\n' for number in range(20_000))


@pytest.mark.parametrize(
    "command",
    [
        "korpus read b.jsonl >> b.jsonl",
        "korpus read - < b.jsonl >> b.jsonl",
        "korpus read . >> b.jsonl",
        "korpus freq b.jsonl >> b.jsonl",
    ],
)
def test_an_output_that_goes_to_an_input_is_refused(tmp_path: Path, command: str) -> None:
    row = lines({"id": "1", "text": "가", "tokens": ["가"], "tags": ["NNG"]})
    (tmp_path / "b.jsonl").write_text(row)
    done = shell(command, tmp_path)
    assert done.returncode == 2 and "standard output goes to an input" in done.stderr
    assert (tmp_path / "b.jsonl").read_text() == row
    assert shell("korpus read b.jsonl > c.jsonl", tmp_path).returncode == 0


def cut(path: Path) -> None:
    os.truncate(path, 10_000)


def replace(path: Path) -> None:
    path.with_suffix(".new").write_text(ROWS)
    path.with_suffix(".new").replace(path)


def rewrite(path: Path) -> None:
    """In place, with the length it had."""
    data = path.read_bytes()
    path.write_bytes(data[:1000] + data[:1000] + data[2000:])
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))  # the clock of some file systems is that coarse


@pytest.mark.parametrize("change", [cut, replace, Path.unlink, rewrite])
@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.jsonl.gz"])
def test_an_input_that_is_written_while_it_is_read_is_an_error(
    tmp_path: Path, name: str, change: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    noise = os.urandom(300_000).hex().encode()
    data = ROWS.encode() + json.dumps({"text": noise.decode()}).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    found = iter(read(path))
    next(found)
    change(path)
    with pytest.raises(KorpusError):
        list(found)


def test_an_input_that_grows_is_read_to_the_length_it_had(tmp_path: Path) -> None:
    for name, content in {
        "a.jsonl": ROWS,
        "a.txt": "글\n" * 20_000,
        "a.csv": "text\n" + "글\n" * 20_000,
    }.items():
        (tmp_path / name).write_text(content)
        found = iter(read(tmp_path / name))
        next(found)
        with (tmp_path / name).open("a") as stream:
            stream.write('"broken\n')
        assert len(list(found)) == 19_999


def test_columns_of_one_name_in_parquet(tmp_path: Path) -> None:
    columns = [pyarrow.array(["가"]), pyarrow.array(["나"])]
    table = pyarrow.Table.from_arrays(columns, names=["text", "text"])
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    done = korpus("read", tmp_path / "a.parquet")
    assert done.returncode == 1 and "two columns are called 'text'" in done.stderr


def test_values_in_parquet_that_python_cannot_hold(tmp_path: Path) -> None:
    times = pyarrow.array([1, 2**62, 2], pyarrow.timestamp("us"))
    raw = pyarrow.array([b"\xff\xfe", b"b", b"c"], pyarrow.binary())
    texts = pyarrow.StringArray.from_buffers(3, *raw.buffers()[1:])
    table = pyarrow.table({"id": ["1", "2", "3"], "text": texts, "at": times})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    done = korpus("read", "a.parquet", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3 and "row 2: a value cannot be read" in done.stderr
    assert [r["text"] for r in records((tmp_path / "out.jsonl").read_text())] == ["c"]
    rows = records((tmp_path / "out.rejects.jsonl").read_text())
    assert [row["line"] for row in rows] == [1, 2]
    assert r"\xff\xfe" in rows[0]["raw"].replace(r"\\", "\\") and str(2**62) in rows[1]["raw"]
    done = korpus("read", "a.parquet", "--strict", cwd=tmp_path)
    assert done.returncode == 1 and "row 1: a value cannot be read" in done.stderr


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz", "a.json.gz"])
def test_what_json_takes_in_memory_is_bounded(tmp_path: Path, name: str) -> None:
    data = b'{"id":"1","text":"a","x":[' + b"[]," * 15_000_000 + b"[]]}\n"
    (tmp_path / name).write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
    code, said, memory = peak("read", tmp_path / name)
    assert code == 1 and "its lists would take more than" in said and "--max-size" in said
    assert memory < 400


def test_what_parquet_takes_in_memory_is_bounded(tmp_path: Path) -> None:
    nulls = pyarrow.nulls(50_000_000)
    lists = pyarrow.ListArray.from_arrays(pyarrow.array([0, len(nulls)], pyarrow.int32()), nulls)
    table = pyarrow.table({"text": ["가"], "x": lists})
    pyarrow.parquet.write_table(table, tmp_path / "n.parquet")
    code, said, memory = peak("read", tmp_path / "n.parquet")
    assert code == 1 and "bytes decompress to more than" in said and memory < 400


def test_too_little_memory_is_not_broken_json(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"tokens":[' + "[]," * 10_000_000 + "[]]}\n")
    done = shell("ulimit -v 300000; korpus freq a.jsonl", tmp_path, fresh=True)
    assert done.returncode == 1 and done.stderr.startswith("korpus: error: out of memory\n")


@pytest.mark.parametrize(
    "error",
    [
        orjson.JSONDecodeError("Not enough memory to allocate buffer for parsing", "", 0),
        SystemError("<built-in function loads> returned a result with an exception set"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_every_reader_tells_too_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    (tmp_path / name).write_text('text,tokens\n가,"[]"\n' if name == "a.csv" else '{"text":"가"}')

    def loads(_data: bytes) -> None:
        raise error

    monkeypatch.setattr(orjson, "loads", loads)
    with pytest.raises(MemoryError):
        list(read(tmp_path / name))


HALF = [
    {"id": f"{n}\ud83d", "tokens": ["가\ud83d", "나다"], "tags": ["N\ud83d", "V"], "by": "x\ud83d"}
    for n in range(12)
]


@pytest.mark.parametrize(
    "command",
    [
        ("freq", "--by", "by", "-o", "x.parquet"),
        ("freq", "--by", "by", "-o", "x.xlsx"),
        ("tfidf", "-m", "x.safetensors", "--matrix", "x.npz"),
        ("tfidf", "--matrix", "x.mtx"),
        ("lda", "-k", 2, "--iterations", 1, "-m", "x.safetensors", "--docs", "d.csv"),
        ("nmf", "-k", 2, "-m", "x.safetensors"),
        ("plsa", "-k", 2, "-m", "x.safetensors"),
        ("lsa", "-k", 2, "-m", "x.safetensors"),
        ("word2vec", "-m", "x.safetensors", "--export", "x.vec"),
        ("info",),
    ],
)
def test_half_characters_outside_the_text(tmp_path: Path, command: tuple[Any, ...]) -> None:
    rows = "".join(json.dumps(row) + "\n" for row in HALF)
    done = korpus(*command, stdin=rows, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "outside the text replaced in 12 documents" in done.stderr


def test_half_characters_become_the_replacement_character(tmp_path: Path) -> None:
    row = '{"id":"a\\ud83d","text":"가\\ud83d","l":["\\ude00"],"k\\ud83d":{"x":"\\ud83d\\ude00"}}'
    expected = {"id": "a\ufffd", "text": "가\ud83d", "l": ["\ufffd"], "k\ufffd": {"x": "😀"}}
    for name, content in {"a.jsonl": f"{row}\n", "a.json": f"[{row}]"}.items():
        (tmp_path / name).write_text(content)
        assert list(read(tmp_path / name)) == [expected]
    done = korpus("morph", tmp_path / "a.jsonl")
    assert done.returncode == 3 and "text contains an unpaired surrogate" in done.stderr


def test_escapes_of_excel_are_read_and_written(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["text"])
    book.active.append(["가_x0041_나_x005F_x0042_"])
    book.save(tmp_path / "a.xlsx")
    assert [r["text"] for r in read(tmp_path / "a.xlsx")] == ["가A나_x0042_"]
    korpus("read", "a.xlsx", "-o", "b.xlsx", cwd=tmp_path)
    assert [r["text"] for r in read(tmp_path / "b.xlsx")] == ["가A나_x0042_"]


def test_matrix_names_take_the_room_of_their_letters(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "tokens": [f"말{n}", "가" * (8000 if n == 0 else 1)], "tags": ["N", "N"]}
        for n in range(3000)
    ]
    (tmp_path / "t.jsonl").write_text(lines(*rows))
    options = ("--matrix", tmp_path / "x.npz", "-o", tmp_path / "x.csv")
    code, said, memory = peak("tfidf", tmp_path / "t.jsonl", *options)
    assert code == 0 and "terms are bytes of UTF-8" in said
    assert memory < 150
    with numpy.load(tmp_path / "x.npz") as found:
        assert len(found["ids"]) == 3000 and found["ids"].dtype.kind == "U"
        terms = bytes(found["terms"]).decode().split("\n")
    assert len(terms) == 3002 and "가" * 8000 in terms


@pytest.mark.parametrize("length", [241, 250, 255])
def test_names_as_long_as_the_file_system_takes(tmp_path: Path, length: int) -> None:
    name = "a" * (length - 6) + ".jsonl"
    done = korpus("morph", "-o", name, stdin='{"text":"나는"}\n{"text":"\\ud83d"}\n', cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    rejects = [path for path in tmp_path.iterdir() if path.name.endswith(".rejects.jsonl")]
    assert len(rejects) == 1 and len(list(tmp_path.iterdir())) == 2


def test_a_wide_table_takes_linear_time(tmp_path: Path) -> None:
    names = ["id", *(f"c{number}" for number in range(16_000)), "text"]
    (tmp_path / "a.csv").write_text("\n".join(",".join(names) for _row in range(3)) + "\n")
    before = os.times()
    done = korpus("read", tmp_path / "a.csv", "-o", tmp_path / "b.jsonl", "-q")
    after = os.times()
    assert done.returncode == 0 and after.elapsed - before.elapsed < 8


def test_a_model_on_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = korpus("infer", tmp_path / "pipe", stdin="")
    assert done.returncode == 1 and "cannot be read from a pipe" in done.stderr


def test_a_folder_that_can_be_listed_only_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text("가\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("나\n")
    is_file = Path.is_file

    def refused(path: Path) -> bool:
        if path.parent.name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refused)
    assert [record["text"] for record in read(tmp_path)] == ["가"]
    assert "sub: left out, it cannot be read" in caplog.text


def test_a_full_temporary_folder_is_said(tmp_path: Path) -> None:
    tokens = lines({"id": "1", "tokens": ["가나다"] * 50_000, "tags": ["N"] * 50_000})
    (tmp_path / "t.jsonl").write_text(tokens)
    done = shell("ulimit -f 100; korpus word2vec t.jsonl --export x.vec", tmp_path, fresh=True)
    assert done.returncode == 1 and "cannot write a temporary file in" in done.stderr


def test_a_full_temporary_folder_is_said_for_archives(tmp_path: Path) -> None:
    """Not that the archive, which is whole, cannot be read."""
    import zstandard

    with tarfile.open(tmp_path / "plain", "w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 300_000
        archive.addfile(info, io.BytesIO(b"a" * info.size))
    (tmp_path / "a.tar.zst").write_bytes(zstandard.compress((tmp_path / "plain").read_bytes()))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive_of_one:
        archive_of_one.writestr("a.txt", b"line\n" * (14 << 20))
    for name in ("a.tar.zst", "a.zip"):
        done = shell(f"ulimit -f 100; korpus read {name} | head -c 0", tmp_path, fresh=True)
        assert "cannot write a temporary file in" in done.stderr, name
        assert "cannot be read" not in done.stderr


@pytest.mark.parametrize("name", ["b.csv", "b.xlsx", "t.xlsx", "b.vec"])
def test_no_folder_for_temporary_files_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "none")])
    rows = [{"id": "1", "tokens": ["가", "나"] * 3, "tags": ["N"] * 6}]
    with pytest.raises(KorpusError, match="no folder in which temporary files can be written"):
        if name.startswith("t"):
            write_table(freq(rows), str(tmp_path / name))
        elif name.endswith("vec"):
            word2vec(rows, min_count=1)
        else:
            write_records(rows, str(tmp_path / name))
    assert not list(tmp_path.iterdir())


def test_the_header_row_counts_rows_not_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"제목\n둘째 줄",\nid,text\n7,가\n')
    done = korpus("read", tmp_path / "a.csv", "--header-row", 2)
    assert records(done.stdout) == [{"id": "7", "text": "가"}]
    done = korpus("read", tmp_path / "a.csv", "--header-row", 9)
    assert done.returncode == 1 and "has no row 9" in done.stderr


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_blank_header_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\nid,text\n1,가\n".replace(",", "\t" if "tsv" in name else ","))
    done = korpus("read", tmp_path / name)
    assert done.returncode == 1 and "row 1, the header, is blank" in done.stderr
    assert "--header-row" in done.stderr
    done = korpus("read", tmp_path / name, "--header-row", 2)
    assert records(done.stdout) == [{"id": "1", "text": "가"}]


def test_options_without_effect_are_said() -> None:
    options = ("--header-row", 2, "--sheet", "1", "--records", "a[]", "--input-format", "txt")
    done = korpus("read", *options, stdin="가\n")
    assert done.returncode == 0
    for option in ("--header-row", "--sheet", "--records"):
        assert f"{option} has no effect on txt" in done.stderr
