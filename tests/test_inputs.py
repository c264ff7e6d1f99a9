"""Inputs that are broken, hostile or odd: read rightly, or refused in one line."""

import gzip
import io
import json
import os
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from isal import igzip

from korpus.errors import KorpusError
from korpus.files.sources import detect
from tests.support import SHARED, korpus, peak, records

# Two lines each at least; 12 as the rule was measured on.
TEXTS = [
    "안녕하세요. 반갑습니다.\n오늘은 날씨가 좋네요.\n",
    "안녕\n",
    "영화\n",
    "이 영화 진짜 재미있다ㅋㅋㅋ 강추!\n두 번 봤음\n",
    "대한민국은 민주공화국이다.\n대한민국의 주권은 국민에게 있고, 모든 권력은 국민에게서 나온다.\n",
    "id,text\n1,배송이 빨라요\n2,품질은 그저 그래요\n",
    "뷁 똠방각하 펲시\n",  # syllables that only CP949 has
    "서울특별시 강남구 테헤란로 123\n전화 02-123-4567\n",
    "漢字와 한글 그리고 English를 섞어 쓴 文章\n",
    "ㄱㄴㄷ ㅏㅑㅓㅕ ㅎㅎ ㅠㅠ\n",
    "값 100㎏, 20℃ ①②③ “따옴표” … ★\n",
    "가나다라마바사아자차카타파하\n" * 50,
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp949", "euc-kr"]
SAMPLES = [(text, encoding) for text in TEXTS for encoding in ENCODINGS]


def text_of(data: bytes) -> str | None:
    """What the rule reads; None where it refuses."""
    try:
        return data.decode(detect(io.BytesIO(data), "sample"))
    except KorpusError:
        return None


def test_encodings_of_all_84_samples() -> None:
    assert len(SAMPLES) == 84
    right = {pair: text_of(pair[0].encode(pair[1])) == pair[0] for pair in SAMPLES}
    for (text, encoding), is_right in right.items():
        if encoding == "utf-16-le":  # no mark: it cannot be known, and is refused
            assert text_of(text.encode(encoding)) is None
        elif encoding not in ("cp949", "euc-kr"):
            assert is_right, (text, encoding)
    korean = [pair for pair in SAMPLES if pair[1] in ("cp949", "euc-kr")]
    wrong = [pair for pair in korean if not right[pair]]
    # Python's EUC-KR spells 뷁 in jamo, as hardly any other program does.
    assert (len(korean), wrong) == (24, [(TEXTS[6], "euc-kr")])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_from_a_file_and_a_pipe(tmp_path: Path, encoding: str) -> None:
    for number in (0, 5, 8):
        data = TEXTS[number].encode(encoding)
        path = tmp_path / "a.txt"
        path.write_bytes(data)
        from_file = korpus("read", path, "--input-format", "txt")
        from_pipe = korpus("read", "--input-format", "txt", stdin=data)
        if encoding == "utf-16-le":
            for done in (from_file, from_pipe):
                assert done.returncode == 1 and "UTF-16 without a byte order mark" in done.stderr
            continue
        texts = [record["text"] for record in records(from_file.stdout)]
        assert texts == TEXTS[number].splitlines()
        assert from_pipe.stdout == from_file.stdout


@pytest.mark.parametrize("stdin", [False, True])
def test_a_byte_of_no_encoding_is_named(tmp_path: Path, stdin: bool) -> None:
    data = "가나\n다라".encode() + b"\xff\n"
    (tmp_path / "a.txt").write_bytes(data)
    done = korpus("read", stdin=data) if stdin else korpus("read", tmp_path / "a.txt")
    assert done.returncode == 1
    assert "line 2, byte 7: not valid UTF-8" in done.stderr and "-e ENCODING" in done.stderr


def csv_bytes(rows: int = 5000) -> bytes:
    dice = random.Random(0)
    return b"id,text\n" + b"".join(f"{n},가 나 {dice.random()}\n".encode() for n in range(rows))


def parquet_bytes() -> bytes:
    table = pyarrow.table({"id": [str(n) for n in range(2000)], "text": ["가나다"] * 2000})
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink)
    return sink.getvalue()


def zstd_bytes(data: bytes) -> bytes:
    return bytes(pyarrow.Codec("zstd").compress(data, asbytes=True))


def xlsx_bytes(tmp_path: Path) -> bytes:
    korpus("read", "-o", tmp_path / "x.xlsx", stdin=csv_bytes(500))
    return (tmp_path / "x.xlsx").read_bytes()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return (
        data[:middle]
        + bytes(byte ^ 0xFF for byte in data[middle : middle + 64])
        + data[middle + 64 :]
    )


@pytest.mark.parametrize("damage", [cut, flipped])
@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.zst", "a.jsonl.gz", "a.parquet", "a.xlsx"])
def test_damaged_files(tmp_path: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    whole = {
        "a.csv.gz": lambda: gzip.compress(csv_bytes()),
        "a.csv.zst": lambda: zstd_bytes(csv_bytes()),
        "a.jsonl.gz": lambda: gzip.compress(
            b"".join(b'{"id":"%d","text":"%d"}\n' % (n, n * n) for n in range(5000))
        ),
        "a.parquet": parquet_bytes,
        "a.xlsx": lambda: xlsx_bytes(tmp_path),
    }[name]()
    path, output = tmp_path / name, tmp_path / "out.jsonl"
    path.write_bytes(whole)
    assert korpus("read", path, "-o", output).returncode == 0
    output.unlink()
    path.write_bytes(damage(whole))
    done = korpus("read", path, "-o", output, "--strict")
    assert done.returncode == 1 and not output.exists()
    (error, *_) = [line for line in done.stderr.splitlines() if "error" in line]
    assert error.startswith(f"korpus: error: {path}: ")
    # Arrow writes zstd without checksums, so that damage may show in the text alone.
    assert any(said in error for said in ("broken", "not an Excel workbook", "not valid UTF-8"))
    assert "--debug" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", 'id,text\n1,"가\n2,나\n', "line 2: a quote opens that never closes"),
        ("a.csv", "id,text\n1,가,나\n", "line 2 has 3 fields, the header has 2"),
        ("a.csv", "id,text\n1\n", "line 2 has 1 field, the header has 2"),
        ("a.csv", "id,id\n1,2\n", "two columns are called 'id'"),
        ("a.json", '[{"text": "가"},\n', "broken JSON"),
        ("a.json", '{"text": 1}}', "line 1: broken JSON"),
        ("a.jsonl", '{"text":"가"}\n[1]\n', "line 2: not a JSON object"),
        ("a.jsonl", '{"text":"가"}\n{"text":\n', "line 2: broken JSON"),
        ("a.tsv", "id\ttext\r1\t가\r2\t나\r", "its lines end with CR alone"),
        ("a.parquet", "PAR1", "broken Parquet"),
        ("a.xlsx", "no zip", "not an Excel workbook"),
        ("a.safetensors", "x", "holds no documents"),
    ],
)
def test_broken_files(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, newline="")
    done = korpus("read", tmp_path / name, "--strict")
    assert done.returncode == 1 and said in done.stderr
    assert done.stderr.count("\n") <= 2 and name in done.stderr


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_old_mac_lines(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("text\r가\r나\r", newline="")
    assert records(korpus("read", tmp_path / name).stdout)[-1]["text"] == "나"


def test_a_folder_and_a_named_pipe(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = korpus("read", tmp_path / "folder")
    assert done.returncode == 1 and "no file in this folder can be read" in done.stderr
    done = korpus("infer", tmp_path / "folder", stdin="")
    assert done.returncode == 1 and "is a folder" in done.stderr
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("id,본문\n7,가\n"))
    writer.start()
    assert records(korpus("read", pipe).stdout) == [{"id": "7", "text": "가"}]
    writer.join()


def test_an_unreadable_folder_inside_is_said(tmp_path: Path) -> None:
    """By a process that may not read everything, as root may.

    It is in the folder already, and has imported all, when it ceases to be root: another user may
    not come so far.
    """
    (tmp_path / "a.txt").write_text("가\n")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "b.txt").write_text("나\n")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0)
    code = (
        "import logging, os, korpus.files as f\n"
        "logging.basicConfig(format='%(message)s')\n"
        "list(f.read('.'))\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "print([r['text'] for r in f.read('.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    (tmp_path / "closed").chmod(0o755)
    assert done.stdout == "['가']\n"
    assert "closed: left out, it cannot be read (Permission denied)" in done.stderr


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_that_grows(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    line = '{"id":"%d","text":"가"}\n' if name == "a.jsonl" else "%d,가\n"
    path.write_text(("" if name == "a.jsonl" else "id,text\n") + line % 0 * 100_000)
    stop = threading.Event()

    def grow() -> None:
        with path.open("a") as stream:
            while not stop.wait(0.001):
                stream.write(line % 1 * 10)
                stream.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        done = korpus("read", path)
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    ids = [record["id"] for record in records(done.stdout)]
    assert ids[:100_000] == ["0"] * 100_000 and set(ids[100_000:]) <= {"1"}


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "b.csv"])
def test_a_line_longer_than_any(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(
            {"a.jsonl": b'{"text":"', "a.csv": b"text\n", "b.csv": b'text\n"'}.get(name, b"")
        )
        piece = ("가나다 " * 100_000).encode() + (b"\n" if name == "b.csv" else b"")
        for _ in range((300 << 20) // len(piece)):
            stream.write(piece)
    code, said, memory = peak("read", path, "--strict")
    path.unlink()
    assert code == 1
    assert "is longer than 256 MiB" in said or "never closes" in said
    assert memory < 800


def blocks(line: bytes, megabytes: int) -> Iterator[bytes]:
    block = line * ((1 << 20) // len(line))
    for _ in range(megabytes):
        yield block


def bomb(path: Path) -> None:
    """More than may be decompressed, in a file of a few megabytes."""
    line = (
        b'{"id":"1","text":"' + b"a" * 10_000 + b'"}\n'
        if "json" in path.name
        else b"a" * 99_999 + b"\n"
    )
    if path.suffix == ".gz":
        with igzip.open(path, "wb", compresslevel=1) as stream:
            stream.writelines(blocks(line, 320))
    elif path.suffix == ".zst":
        with path.open("wb") as raw, pyarrow.CompressedOutputStream(raw, "zstd") as stream:
            for block in blocks(line, 320):
                stream.write(block)
    elif path.suffix == ".xlsx":
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/sharedStrings.xml", "w") as part,
        ):
            for block in blocks(b"<si><t>a</t></si>\n", 400):
                part.write(block)
    else:
        table = pyarrow.table({"text": ["가" * 1_000_000] * 10})
        options = {"compression": "zstd", "use_dictionary": False}
        with pyarrow.parquet.ParquetWriter(path, table.schema, **options) as writer:
            for _ in range(30):
                writer.write_table(table)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.csv.gz", "a.xlsx", "a.parquet"])
def test_a_bomb(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    bomb(path)
    assert path.stat().st_size < 4 << 20
    code, said, memory = peak("read", path, "-o", os.devnull)
    assert code == 1 and "decompress to more than" in said and "--max-size" in said
    assert said.count("\n") == 2 and memory < 500


@pytest.mark.parametrize(("size", "is_dictionary"), [(50_000, True), (5_000_000, False)])
def test_one_text_for_all_rows_is_a_bomb(tmp_path: Path, size: int, is_dictionary: bool) -> None:
    path = tmp_path / "a.parquet"
    indices = pyarrow.array([0] * 200_000, pyarrow.int32())
    column = pyarrow.DictionaryArray.from_arrays(indices, ["가" * size])
    table = pyarrow.table({"text": column})
    if not is_dictionary:  # as other writers do
        table = table.replace_schema_metadata({})
    pyarrow.parquet.write_table(table, path, compression="zstd", store_schema=is_dictionary)
    assert path.stat().st_size < 10_000
    code, said, memory = peak("read", path, "-o", os.devnull)
    assert code == 1 and "decompress to more than 256 MiB" in said
    assert said.count("\n") == 2 and memory < 900


def test_the_most_that_may_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    content = b'{"id":"1","text":"%b"}\n' % (b"a" * 201) * 10_000
    path.write_bytes(gzip.compress(content))
    for size, code in (
        ("1M", 1),
        ("3M", 0),
        ("0", 0),
        ("0.5K", 1),
        ("9999999", 0),
        ("2 GB", 0),
        ("9" * 400, 0),
    ):
        assert korpus("read", path, "--max-size", size).returncode == code, size
        assert korpus(f"--max-size={size}", "read", path).returncode == code, size
    for size in ("", "x", "-1", "1X"):
        assert korpus("read", path, "--max-size", size).returncode == 2


def test_honest_text_that_shrinks_well_is_read(tmp_path: Path) -> None:
    """300 MB that shrink to a hundredth: the same review over and over, numbered."""
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        text = ("영화가 정말 좋았어요. " * 300).encode()
        for number in range(30_000):
            stream.write(b'{"id":"%d","text":"%b"}\n' % (number, text))
    assert path.stat().st_size * 50 < 30_000 * len(text)
    assert len(text) * 30_000 > 256 << 20
    done = peak("read", path, "-o", tmp_path / "out.jsonl")
    assert done[0] == 0, done[1]


def test_what_korpus_writes_it_reads(tmp_path: Path) -> None:
    record = {"id": "1", "text": 'NUL \0, CR \r, "quotes", tab \t, 끝'}
    source = json.dumps(record) + "\n"
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.parquet", "a.xlsx", "a.txt"):
        assert korpus("read", "-o", tmp_path / name, stdin=source).returncode == 0
        done = korpus("read", tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert "끝" in records(done.stdout)[-1]["text"]


@pytest.mark.parametrize(
    "tokens", ['"가"', "7", "{}", "[1]", '["가",null]', "[[]]", "null", "true"]
)
@pytest.mark.parametrize("command", ["stopwords", "freq", "tfidf", "nmf"])
def test_tokens_of_wrong_types(tokens: str, command: str) -> None:
    done = korpus(command, stdin=f'{{"id":"7","text":"a","tokens":{tokens},"tags":["N"]}}\n')
    assert done.returncode == 1 and "document '7'" in done.stderr
    assert "Traceback" not in done.stderr and "--debug" not in done.stderr


def test_a_number_that_lost_digits_is_no_id() -> None:
    exact = korpus("read", "-f", "jsonl", stdin='{"id":18446744073709551615,"text":"가"}\n')
    assert '"id":"18446744073709551615"' in exact.stdout
    done = korpus("read", stdin='{"id":12345678901234567890123,"text":"가"}\n')
    assert done.returncode == 1 and done.stdout == ""
    assert "document 1: numeric id is too large to be read exactly" in done.stderr


def test_ids_that_come_again_are_said_and_kept(tmp_path: Path) -> None:
    ids = ["1", "2", "1", 'a"b', 'a"c', "1", "가\\", "가\\"]
    source = "".join(json.dumps({"id": id, "text": "나"}) + "\n" for id in ids)
    path = tmp_path / "a.jsonl"
    path.write_text(source)
    for arguments in (
        ["read", path],
        ["read", path, "-f", "csv"],
        ["read", path, "-o", tmp_path / "out.parquet"],
        ["morph", path, "-a", "space"],
        ["morph", path, "-a", "space", "-o", tmp_path / "out.jsonl"],
        ["morph", path, "-a", "space", "-o", tmp_path / "out.csv"],
    ):
        done = korpus(*arguments)
        assert done.returncode == 0
        assert "3 documents with the id of an earlier one: kept" in done.stderr, arguments
    assert len(records(korpus("morph", path).stdout)) == len(ids)
    path.write_text(source.replace('"id"', '"no"'))
    assert "id of another" not in korpus("read", path).stderr


def test_many_ids(caplog: pytest.LogCaptureFixture) -> None:
    from korpus.files import Ids

    ids = Ids()
    ids.add(b"".join(b'{"id":"%d","text":""}\n' % (n // 2) for n in range(300_000)))
    with caplog.at_level("INFO", logger="korpus"):
        ids.log_repeated()
    assert "150,000 documents with the id of an earlier one" in caplog.text


KINDS = {
    "shapes/a.docx": "Word (.docx)",
    "shapes/a.hwpx": "HWPX",
    "shapes/a.pdf": "PDF",
    "shapes/bigkinds.xlsx": "Excel",
    "shapes/old.xls": "Excel (.xls)",
    "hwp/table.hwp": "HWP",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("command", ["read", "morph"])
def test_a_binary_file_is_named(tmp_path: Path, name: str, command: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((SHARED / name).read_bytes())
    done = korpus(command, path)
    assert done.returncode == 1 and f"a.csv is a file of {KINDS[name]}\n" in done.stderr
    format = "xlsx" if "Excel" in KINDS[name] else name.rpartition(".")[2]
    assert f"read it with --input-format {format}, or give its name that suffix" in done.stderr
    (tmp_path / "a.txt").write_bytes(path.read_bytes())
    done = korpus(command, tmp_path / "a.txt")
    assert done.returncode == 0 and f"a.txt: read as {format}" in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        ("read", ""),
        ("morph", "a.txt", ""),
        ("freq", ""),
        ("stopwords", "-", "--list", ""),
        ("read", "a.txt", "-o", ""),
        ("lda", "a.txt", "-m", ""),
        ("wordcloud", "a.txt", "-o", ""),
    ],
)
def test_an_empty_name_is_no_folder(tmp_path: Path, line: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("가\n")
    done = korpus(*line, cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "the name of a file is empty\nhint: is it a variable" in done.stderr
