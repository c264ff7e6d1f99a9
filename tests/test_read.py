import gzip
import json
import unicodedata
from pathlib import Path

import pytest

from korpus.errors import KorpusError, UsageError
from korpus.files import read
from tests.support import SAMPLE, SAMPLE_CP949, korpus, lines, records


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "하나\n둘\n"),
        ("a.csv", "id,text\n1,하나\n2,둘\n"),
        ("a.tsv", "id\ttext\n1\t하나\n2\t둘\n"),
        ("a.jsonl", '{"id":1,"text":"하나"}\n{"id":2,"text":"둘"}\n'),
        ("a.json", '[{"id":1,"text":"하나"},{"id":2,"text":"둘"}]'),
        ("b.json", '["하나","둘"]'),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_every_format_and_compression(tmp_path: Path, name: str, content: str, suffix: str) -> None:
    path = tmp_path / (name + suffix)
    if suffix == ".gz":
        path.write_bytes(gzip.compress(content.encode()))
    elif suffix == ".zst":
        import pyarrow

        path.write_bytes(pyarrow.compress(content.encode(), codec="zstd", asbytes=True))
    else:
        path.write_text(content)
    assert list(read(path)) == [{"id": "1", "text": "하나"}, {"id": "2", "text": "둘"}]


@pytest.mark.parametrize(
    "suffix", [".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xlsx", ".jsonl.gz", ".csv.zst"]
)
def test_what_is_written_reads_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"copy{suffix}"
    done = korpus("read", SAMPLE, "-o", path)
    assert done.returncode == 0, done.stderr
    assert list(read(path)) == list(read(SAMPLE))


def test_parquet_keeps_types(tmp_path: Path) -> None:
    rows = lines({"id": "1", "text": "가", "n": 3, "x": 0.5, "tokens": ["가"], "tags": ["VV"]})
    korpus("read", "-o", tmp_path / "a.parquet", stdin=rows)
    assert list(read(tmp_path / "a.parquet")) == records(rows)


def test_cp949_gives_the_same_documents_and_is_said() -> None:
    done = korpus("read", SAMPLE_CP949)
    assert done.stdout == korpus("read", SAMPLE).stdout
    assert "not UTF-8: read as CP949" in done.stderr


def test_cp949_on_standard_input() -> None:
    done = korpus("read", stdin="id,text\n1,똠방각하 뷁\n".encode("cp949"))
    assert records(done.stdout) == [{"id": "1", "text": "똠방각하 뷁"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.jsonl", "a.json"])
def test_byte_order_mark_decides(tmp_path: Path, encoding: str, name: str) -> None:
    content = {
        "a.csv": "id,text\n1,한글\n",
        "a.tsv": "id\ttext\n1\t한글\n",
        "a.txt": "한글\n",
        "a.jsonl": '{"id":"1","text":"한글"}\n',
        "a.json": '[{"id":"1","text":"한글"}]',
    }[name]
    (tmp_path / name).write_bytes(content.encode(encoding))
    assert list(read(tmp_path / name)) == [{"id": "1", "text": "한글"}]


def test_euc_kr_means_its_superset(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("뷁\n".encode("cp949"))
    assert next(iter(read(tmp_path / "a.txt", encoding="euc-kr")))["text"] == "뷁"


def test_explicit_encoding_is_strict(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("가나\n".encode() + "한글\n".encode("cp949"))
    done = korpus("read", tmp_path / "a.txt", "-e", "utf-8")
    assert done.returncode == 1
    assert "line 2, byte 1: not valid UTF-8" in done.stderr


def test_neither_utf8_nor_cp949_names_line_and_byte(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("가나\n다".encode() + b"\xff\xfe\n")
    done = korpus("read", tmp_path / "a.txt")
    assert done.returncode == 1
    assert "a.txt: line 2, byte 4" in done.stderr


def test_binary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("한글".encode("utf-16-le"))
    with pytest.raises(KorpusError, match="binary, or UTF-16 without a byte order mark"):
        list(read(tmp_path / "a.txt"))
    assert next(iter(read(tmp_path / "a.txt", encoding="utf-16-le")))["text"] == "한글"


def test_unknown_encoding_is_usage() -> None:
    done = korpus("read", SAMPLE, "-e", "klingon")
    assert done.returncode == 2 and "unknown encoding" in done.stderr


def test_text_column_is_found_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("번호,내용\n1,가나\n")
    done = korpus("read", tmp_path / "a.csv")
    assert records(done.stdout) == [{"id": "1", "text": "가나", "번호": "1"}]
    assert "text is column '내용'" in done.stderr


def test_columns_are_chosen_and_others_pass_through(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("no,title,text,id\n7,제목,본문,x\n")
    done = korpus("read", tmp_path / "a.csv", "-c", "title", "--id-column", "no")
    assert records(done.stdout) == [{"id": "7", "text": "제목", "text_": "본문", "id_": "x"}]


@pytest.mark.parametrize("option", ["-c", "--id-column"])
def test_missing_column_lists_those_there(option: str) -> None:
    done = korpus("read", SAMPLE, option, "txt")
    assert done.returncode == 1
    assert "has no column 'txt'" in done.stderr
    assert "hint: its columns are id, date, category, rating, text" in done.stderr


def test_several_sources_join_with_a_source_column(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하나\n둘\n")
    (tmp_path / "b.csv").write_text("text,rating\n셋,5\n")
    found = list(read([tmp_path / "a.txt", tmp_path / "b.csv"]))
    assert [r["id"] for r in found] == ["1", "2", "3"]
    assert [Path(r["source"]).name for r in found] == ["a.txt", "a.txt", "b.csv"]
    assert found[2]["rating"] == "5"


def test_joined_csv_has_the_columns_of_all(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하나\n")
    (tmp_path / "b.csv").write_text("text,rating\n셋,5\n")
    korpus("read", "a.txt", "b.csv", "-o", "all.csv", cwd=tmp_path)
    assert (tmp_path / "all.csv").read_text() == (
        "id,source,text,rating\n1,a.txt,하나,\n2,b.csv,셋,5\n"
    )


def test_folder_and_whole_files(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "b.txt").write_text("둘\n둘째 줄\n")
    (tmp_path / "in" / "deep" / "a.txt").write_text("하나\n")
    (tmp_path / "in" / ".hidden.txt").write_text("숨김\n")
    (tmp_path / "in" / "c.png").write_bytes(b"\x89PNG")
    found = list(read(tmp_path / "in", whole_file=True))
    assert [(r["id"], r["text"]) for r in found] == [
        ("b.txt", "둘\n둘째 줄\n"),
        ("deep/a.txt", "하나\n"),
    ]
    assert [r["text"] for r in read(tmp_path / "in")] == ["둘", "둘째 줄", "하나"]


def test_folder_without_readable_files(tmp_path: Path) -> None:
    with pytest.raises(KorpusError, match="no file in this folder"):
        list(read(tmp_path))


def test_blank_lines_of_text_are_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하나\n\n셋\n")
    assert [(r["id"], r["text"]) for r in read(tmp_path / "a.txt")] == [
        ("1", "하나"),
        ("2", ""),
        ("3", "셋"),
    ]


def test_csv_fields_with_quotes_commas_and_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,"가, ""나""\n다"\n\n2,라\n')
    assert [r["text"] for r in read(tmp_path / "a.csv")] == ['가, "나"\n다', "라"]


def test_csv_field_longer_than_the_csv_modules_limit(tmp_path: Path) -> None:
    text = "가" * 200_000
    (tmp_path / "a.csv").write_text(f"id,text\n1,{text}\n")
    assert next(iter(read(tmp_path / "a.csv")))["text"] == text


def test_unclosed_quote_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,가\n2,"나\n3,다\n')
    done = korpus("read", tmp_path / "a.csv", "-o", tmp_path / "out.jsonl", "--strict")
    assert done.returncode == 1
    assert "a.csv: line 3: a quote opens that never closes" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_row_of_another_width_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,가\n2,나, 다\n")
    with pytest.raises(KorpusError, match="line 3 has 3 fields, the header has 2"):
        list(read(tmp_path / "a.csv"))


def test_tsv_has_no_quoting(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('id\tdocument\n1\t"그래서 뭐?" 라고\n2\t"닫히지 않는\n')
    assert [r["text"] for r in read(tmp_path / "a.tsv")] == ['"그래서 뭐?" 라고', '"닫히지 않는']


def test_quoted_tsv_and_semicolons_are_csv(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('id\ttext\n1\t"가\t나"\n')
    (tmp_path / "b.csv").write_text('id;text\n1;"가;나"\n')
    assert next(iter(read(tmp_path / "a.txt", input_format="csv")))["text"] == "가\t나"
    assert next(iter(read(tmp_path / "b.csv")))["text"] == "가;나"


def test_json_values_become_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id":1,"text":12}\n\n{"id":null,"text":null}\n"가"\n')
    assert list(read(tmp_path / "a.jsonl")) == [
        {"id": "1", "text": "12"},
        {"id": "2", "text": ""},
        {"id": "3", "text": "가"},
    ]


@pytest.mark.parametrize("content", ["[1]", '{"a": ', "3"])
def test_other_json_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(KorpusError, match=r"a\.json"):
        list(read(tmp_path / "a.json"))


def test_gzip_cut_short(tmp_path: Path) -> None:
    data = gzip.compress(SAMPLE.read_bytes())
    (tmp_path / "a.csv.gz").write_bytes(data[: len(data) // 2])
    done = korpus("read", tmp_path / "a.csv.gz", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 1 and "broken compressed file" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


def test_gzip_with_a_damaged_byte(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress("가나다라\n".encode() * 1000))
    for place in (20, len(packed) // 2, len(packed) - 6):
        damaged = bytearray(packed)
        damaged[place] ^= 0xFF
        path = tmp_path / "a.txt.gz"
        path.write_bytes(damaged)
        result = korpus("read", path)
        assert result.returncode == 1
        assert "broken compressed file" in result.stderr


@pytest.mark.parametrize("suffix", [".parquet", ".zst"])
def test_broken_binary_files(tmp_path: Path, suffix: str) -> None:
    magic = b"PAR1" if suffix == ".parquet" else b"\x28\xb5\x2f\xfd"
    (tmp_path / f"a.csv{suffix}").write_bytes(magic + b"broken" * 9)
    done = korpus("read", tmp_path / f"a.csv{suffix}")
    assert done.returncode == 1 and "broken" in done.stderr and "Traceback" not in done.stderr


def test_format_is_sniffed_without_a_suffix() -> None:
    assert records(korpus("read", stdin="id,본문\n1,가\n").stdout)[0]["text"] == "가"
    assert records(korpus("read", stdin="id\ttext\n1\t가\n").stdout)[0]["text"] == "가"
    assert records(korpus("read", stdin='[{"text":"가"}]').stdout)[0]["text"] == "가"
    assert records(korpus("read", stdin="가, 나\n").stdout)[0]["text"] == "가, 나"
    assert records(korpus("read", "-c", "x", stdin="x,y\n가,나\n").stdout)[0]["text"] == "가"


def test_a_table_on_a_pipe_is_not_taken_for_text(tmp_path: Path) -> None:
    rows = "번호,날짜,코멘트\n1,2024-01-01,좋다\n2,2024-01-02,싫다\n"
    done = korpus("read", stdin=rows)
    assert done.returncode == 1
    assert "read as csv" in done.stderr and "its columns are 번호, 날짜, 코멘트" in done.stderr
    assert records(korpus("read", stdin="text\n가\n").stdout) == [{"id": "1", "text": "가"}]
    assert len(records(korpus("read", stdin="가, 나\n다, 라\n마\n").stdout)) == 3


@pytest.mark.parametrize(
    ("content", "format", "texts"),
    [
        ('id\tdocument\tlabel\n1\t"정말" 최고\t1\n2\t\t0\n', "tsv", ['"정말" 최고', ""]),
        ('번호\t내용\n1\t"두 줄\n""글"""\n', "csv", ['두 줄\n"글"']),
        ("가\t나\n다\t라\n마\t바\n", "tsv", None),
        ("id,본문\n1,가\n", "csv", ["가"]),
        ('{"text":"가"}\n', None, ["가"]),
        ("하나, 둘\n셋, 넷\n다섯, 여섯\n", None, ["하나, 둘", "셋, 넷", "다섯, 여섯"]),
        ("하나,둘\n셋,넷\n다섯,여섯\n", None, ["하나,둘", "셋,넷", "다섯,여섯"]),
        ("비, 눈, 해\n달, 별, 꽃\n물, 불, 흙\n", None, ["비, 눈, 해", "달, 별, 꽃", "물, 불, 흙"]),
    ],
)
def test_a_txt_file_is_sniffed_like_standard_input(
    tmp_path: Path, content: str, format: str | None, texts: list[str] | None
) -> None:
    for encoding in ("utf-8", "utf-16", "cp949")[: 2 if content.startswith("{") else 3]:
        (tmp_path / "a.txt").write_text(content, encoding=encoding)
        file = korpus("read", tmp_path / "a.txt")
        piped = korpus("read", stdin=(tmp_path / "a.txt").read_bytes())
        assert (file.returncode, file.stdout) == (piped.returncode, piped.stdout)
        assert ("input-format overrides" in file.stderr) == (format is not None)
        assert not format or f"a.txt: read as {format}; --input-format overrides" in file.stderr
        if texts is not None:
            assert [record["text"] for record in records(file.stdout)] == texts
    lines = korpus("read", tmp_path / "a.txt", "--input-format", "txt")
    assert len(records(lines.stdout)) == content.count("\n")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json", "xlsx"])
@pytest.mark.parametrize("command", ["read", "morph"])
def test_several_columns_are_joined_in_order(tmp_path: Path, suffix: str, command: str) -> None:
    rows = [
        {"id": "a", "본문": "다라", "제목": "가나", "n": "3"},
        {"id": "b", "본문": "마", "제목": ""},
    ]
    korpus("read", "-c", "본문", "-o", tmp_path / f"a.{suffix}", stdin=lines(*rows))
    line = [tmp_path / f"a.{suffix}", "-c", "제목", "-c", "text"]
    for more in ([], ["-j", 1]):
        found = records(korpus(command, *line, *more).stdout)
        assert [record["text"] for record in found] == ["가나\n\n다라", "마"]
        assert "제목" not in found[0] and found[0]["n"] in ("3", 3)
    done = korpus(command, *line, "-c", "없음")
    assert done.returncode == 1 and "has no column '없음'" in done.stderr


def test_a_folder_says_that_lines_are_documents(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하나\n둘\n")
    assert "each line of a .txt file is a document" in korpus("read", tmp_path).stderr
    assert korpus("read", tmp_path, "--whole-file").stderr == ""


def test_an_unknown_suffix_is_said(tmp_path: Path) -> None:
    done = korpus("read", SAMPLE, "-o", tmp_path / "a.odd")
    assert done.returncode == 0 and "no format has that suffix; written as jsonl" in done.stderr


def test_broken_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04broken")
    done = korpus("read", tmp_path / "a.xlsx")
    assert done.returncode == 1 and "not an Excel workbook" in done.stderr


def test_input_format_overrides_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,x\n")
    assert next(iter(read(tmp_path / "a.csv", input_format="txt")))["text"] == "text,x"
    with pytest.raises(UsageError, match="unknown format"):
        list(read(tmp_path / "a.csv", input_format="doc"))


def test_konlpy_corpora() -> None:
    bills = list(read([], corpus="kobill"))
    assert len(bills) == 10
    assert bills[0]["id"] == "1809890.txt" and "육아휴직" in bills[0]["text"]
    assert next(iter(read([], corpus="kolaw")))["text"].startswith("대한민국헌법")
    with pytest.raises(UsageError, match="unknown corpus"):
        list(read([], corpus="kobil"))


def test_text_is_stored_as_it_came(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "한글\u200b") + "\ufeff x"
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}))
    assert next(iter(read(tmp_path / "a.jsonl")))["text"] == text


def test_spreadsheet_output(tmp_path: Path) -> None:
    import pandas

    korpus("read", SAMPLE, "-o", tmp_path / "a.xlsx")
    frame = pandas.read_excel(tmp_path / "a.xlsx", dtype=str, engine="openpyxl")
    assert list(frame["text"]) == [r["text"] for r in read(SAMPLE)]


def test_a_suffix_that_it_cannot_write_is_refused(tmp_path: Path) -> None:
    done = korpus("read", SAMPLE, "-o", tmp_path / "a.md")
    assert done.returncode == 2 and "does not write .md" in done.stderr
    assert json.loads(korpus("read", "-f", "json", stdin="").stdout) == []


def test_excel_csv_has_a_bom_and_disarms_formulas() -> None:
    done = korpus("read", "-f", "csv", "--excel", stdin='{"text":"=1+1"}\n{"text":"가"}\n')
    assert done.stdout == "\ufeffid,text\n1,'=1+1\n2,가\n"
