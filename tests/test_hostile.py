"""What hostile files and shells did once, and must not do again."""

import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from korpus.analyzers import morph
from korpus.files import read
from korpus.tokens import freq
from tests.events import write_and_wait
from tests.support import SAMPLE, TOKENS, korpus, lines, records, shell, start


@pytest.mark.parametrize(("encoding", "option"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")])
def test_an_explicit_encoding_drops_the_mark_too(
    tmp_path: Path, encoding: str, option: str
) -> None:
    (tmp_path / "a.csv").write_bytes("id,text\n7,가\n".encode(encoding))
    assert list(read(tmp_path / "a.csv", encoding=option)) == [{"id": "7", "text": "가"}]


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
def test_tables_on_a_pipe_in_any_encoding(encoding: str) -> None:
    done = korpus("read", stdin="id,본문\n7,나는\n".encode(encoding))
    assert records(done.stdout) == [{"id": "7", "text": "나는"}]


@pytest.mark.parametrize(
    ("first", "rest"),
    [(b"id,te", b"xt\n7,\xea\xb0\x80\n"), (b"\n", b'{"id":"7","text":"\xea\xb0\x80"}\n')],
)
def test_the_format_does_not_depend_on_the_pace_of_a_pipe(first: bytes, rest: bytes) -> None:
    process = start("read", "-q", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    write_and_wait(process.stdin, first)
    output, _ = process.communicate(rest)
    assert json.loads(output) == {"id": "7", "text": "가"}


def test_token_records_keep_their_columns() -> None:
    record = {"id": "1", "comment": "hello", "tokens": ["가"], "tags": ["VV"]}
    assert records(korpus("read", stdin=lines(record)).stdout) == [record]


def test_source_columns_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id":"1","source":"a","source_":"b","text":"가"}\n')
    (tmp_path / "b.txt").write_text("나\n")
    first = next(iter(read([tmp_path / "a.jsonl", tmp_path / "b.txt"])))
    assert sorted(str(value) for value in first.values())[-3:] == ["a", "b", "가"]


def test_parquet_keeps_large_whole_numbers(tmp_path: Path) -> None:
    rows = [{"id": "1", "text": "", "n": 1234567890123456789}, {"id": "2", "text": "", "n": None}]
    korpus("read", "-o", tmp_path / "a.parquet", stdin=lines(*rows))
    assert [record["n"] for record in read(tmp_path / "a.parquet")] == [1234567890123456789, None]


def test_workbooks_hold_no_formulas_and_no_time(tmp_path: Path) -> None:
    record = {"id": "1", "tokens": ["=1+1", "=ㅅ="], "tags": ["SY", "SY"]}
    korpus("freq", "-o", tmp_path / "a.xlsx", stdin=lines(record))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
        dates = re.findall(rb"\d{4}-\d\d-\d\dT", b"".join(map(archive.read, archive.namelist())))
        assert set(dates) == {b"2000-01-01T"}
    from openpyxl import load_workbook

    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [
        ("=1+1", "s"),
        ("=ㅅ=", "s"),
    ]


def test_text_too_long_for_a_workbook_is_an_error(tmp_path: Path) -> None:
    done = korpus("read", "-o", tmp_path / "a.xlsx", stdin="가" * 40_000 + "\n")
    assert done.returncode == 1 and "do not fit an Excel cell" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_csv_with_a_lone_carriage_return_reads_back(tmp_path: Path) -> None:
    korpus("read", "-o", tmp_path / "a.csv", stdin='{"text":"가\\r나"}\n')
    assert next(iter(read(tmp_path / "a.csv")))["text"] == "가\n나"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_line_end_of_windows_is_one_line_end(tmp_path: Path, suffix: str) -> None:
    korpus("read", "-o", tmp_path / f"a.{suffix}", stdin='{"text":"가\\r\\n나"}\n')
    assert next(iter(read(tmp_path / f"a.{suffix}")))["text"] == "가\n나"


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "parquet"])
def test_half_characters_in_any_column(tmp_path: Path, suffix: str) -> None:
    row = '{"text":"가","x":"a\\ud83d","list":["\\ud83d"],"k\\ud83d":"나"}\n'
    done = korpus("read", "-o", tmp_path / f"a.{suffix}", stdin=row)
    assert done.returncode == 0, done.stderr
    record = next(iter(read(tmp_path / f"a.{suffix}")))
    assert record["x"] == "a\ufffd" and record["k\ufffd"] == "나"
    assert record["list"] in (["\ufffd"], '["\ufffd"]')


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "parquet"])
@pytest.mark.parametrize("value", ["[" * 900 + "]" * 900, str(2**64 - 1), "9" * 30])
def test_values_that_a_format_has_not(tmp_path: Path, suffix: str, value: str) -> None:
    done = korpus("read", "-o", tmp_path / f"a.{suffix}", stdin=f'{{"text":"","x":{value}}}\n')
    assert "unexpected" not in done.stderr
    if value.startswith("["):
        assert done.returncode == 1 and "lists are nested too deeply" in done.stderr


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "parquet"])
def test_no_place_for_a_temporary_file(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.txt").write_text("가나다라\n" * 50_000)
    for blocks in (100, 2500) if suffix == "xlsx" else (100,):  # those of the workbook are larger
        done = shell(f"ulimit -f {blocks}; korpus read a.txt -o b.{suffix}", tmp_path, fresh=True)
        assert done.returncode == 1
        assert "error: cannot write a temporary file in" in done.stderr
        assert "unexpected" not in done.stderr and not (tmp_path / f"b.{suffix}").exists()


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_a_header_can_be_a_formula_too(tmp_path: Path, suffix: str) -> None:
    row = lines({"text": "가", "=1+1": "@나"})
    done = korpus("read", "-o", tmp_path / f"a.{suffix}", stdin=row)
    assert ("2 cells could run as a formula" in done.stderr) == (suffix != "xlsx")
    done = korpus("read", "-o", tmp_path / f"b.{suffix}", "--excel", stdin=row)
    assert "formula" not in done.stderr
    assert next(iter(read(tmp_path / f"b.{suffix}")))["'=1+1"] == "'@나"


def test_unusual_blanks_are_no_tokens() -> None:
    done = korpus("morph", "-f", "plain", stdin="영화\u00a0좋다\u3000정말\n")
    assert done.stdout == "영화 좋 다 정말\n"
    assert "unusual spaces in 1 document" in done.stderr


def test_readings_are_not_left_over() -> None:
    readings = korpus("morph", "--nbest", 2, stdin="감기는\n").stdout
    assert "readings" not in korpus("stopwords", stdin=readings).stdout
    assert "readings" not in korpus("morph", "-a", "space", stdin=readings).stdout


@pytest.mark.xdist_group("taggers")
def test_a_private_character_is_not_taken_for_an_emoji() -> None:
    (found,) = morph([{"id": "1", "text": "😀\ue000가"}], "komoran")
    assert "".join(found["tokens"]) == "😀\ue000가"


def test_a_group_may_be_called_like_a_column() -> None:
    table = freq([{"id": "1", "count": "x", "tokens": ["가"], "tags": ["N"]}], by="count")
    assert table.columns[:6] == ["count_", "term", "tag", "count", "df", "share"]


@pytest.mark.parametrize("date", ["1735689600", "2025-13-45", "25-01-01"])
def test_what_is_no_date(date: str) -> None:
    record = {"id": "1", "d": date, "tokens": ["가"], "tags": ["N"]}
    done = korpus("freq", "--by", "d:month", stdin=lines(record))
    assert done.returncode == 1 and "is not a date" in done.stderr


def test_nothing_is_kept_when_an_option_is_wrong(tmp_path: Path) -> None:
    for wrong in (["--top", "0"], ["-f", "bogus"]):
        done = korpus("tfidf", "-m", tmp_path / "m.safetensors", *wrong, stdin=TOKENS)
        assert done.returncode == 2
        assert list(tmp_path.iterdir()) == []


def test_file_names_in_cp949(tmp_path: Path) -> None:
    os.mkdir(tmp_path / "in")  # noqa: PTH102
    name = os.fsencode(tmp_path / "in") + b"/" + "한글.txt".encode("cp949")
    with open(name, "w") as file:  # noqa: PTH123
        file.write("가\n")
    done = korpus("read", tmp_path / "in", "--whole-file")
    assert records(done.stdout)[0]["id"] == "한글.txt"


@pytest.mark.parametrize("closed", ["<&-", "2>&-", ">&-"])
def test_closed_streams(closed: str) -> None:
    done = shell(f"korpus read {SAMPLE} {closed}", fresh=True)
    assert done.returncode == 0 and "Error" not in done.stderr


def test_errors_of_a_source_are_not_blamed_on_the_output() -> None:
    done = korpus("read", "가" * 200)
    assert done.returncode == 1 and "standard output" not in done.stderr


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf\n", b"\xef\xbb\xbf{", b'\xef\xbb\xbf{"text":"a"}\n']
)
def test_json_lines_that_begin_with_a_mark(content: bytes) -> None:
    done = korpus("read", "--input-format", "jsonl", stdin=content)
    assert "--debug" not in done.stderr


@pytest.mark.parametrize("encoding", ["base64", "hex", "rot13", "undefined", "utf-16"])
def test_encodings_that_are_none(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc\n")
    done = korpus("read", tmp_path / "a.txt", "-e", encoding)
    assert done.returncode in (1, 2) and "--debug" not in done.stderr


@pytest.mark.parametrize(
    "rows",
    [
        '{"term":"가","count":1}\n{"x":1}\n',
        '{"term":"가","count":"inf"}\n',
        '{"term":3,"count":2}\n',
    ],
)
def test_odd_tables_for_a_cloud(tmp_path: Path, rows: str) -> None:
    done = korpus("wordcloud", "-o", tmp_path / "a.png", stdin=rows)
    assert "--debug" not in done.stderr


def test_dev_stdout_as_output() -> None:
    done = shell(f"korpus read {SAMPLE} -o /dev/stdout | head -c 1 | wc -c")
    assert done.stdout.strip() == "1" and "cannot" not in done.stderr
