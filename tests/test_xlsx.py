"""Workbooks: which sheet, which row is the header, and what hostile ones do."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas
import pytest
from openpyxl import Workbook, load_workbook

from korpus.errors import KorpusError
from korpus.files import read, read_rows
from tests.support import SHARED, korpus, peak, records

Rows = list[list[Any]]
DATA: Rows = [["번호", "내용"], [1, "급식이 맛있어요"], [2, "체육관이 추워요"]]
COVER: Rows = [["이 파일은 설문 결과입니다"], ["작성: 2024"]]
TEXTS = ["급식이 맛있어요", "체육관이 추워요"]


def book(path: Path, **sheets: Rows) -> Path:
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def changed(path: Path, change: Callable[[str], str]) -> Path:
    """The workbook with the XML of its first sheet changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = change(members[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as new:
        for member, data in members.items():
            new.writestr(member, data)
    return path


def test_the_one_sheet_with_rows_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 빈=[], 응답=DATA)
    assert [record["text"] for record in read(path)] == TEXTS


def test_several_sheets_are_listed(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 안내=COVER, 응답=DATA)
    done = korpus("read", path)
    assert done.returncode == 1 and not done.stdout
    assert "has several sheets with rows" in done.stderr
    assert "--sheet NAME, or --sheet all: 안내 (2×1), 응답 (3×2)" in done.stderr
    for sheet in ("응답", "2"):
        done = korpus("read", path, "--sheet", sheet)
        assert [record["text"] for record in records(done.stdout)] == TEXTS
    for sheet in ("없음", "3", "0"):
        done = korpus("read", path, "--sheet", sheet)
        assert done.returncode == 1 and "its sheets are 안내 (2×1), 응답 (3×2)" in done.stderr


def test_all_sheets(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 가=DATA, 나=DATA)
    found = list(read(path, sheet="all"))
    assert [record["text"] for record in found] == TEXTS * 2
    assert [record["sheet"] for record in found] == ["가", "가", "나", "나"]
    assert [record["id"] for record in found] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ([], None),
        ([["2024년 만족도 조사 결과"]], 2),
        ([["2024년 만족도 조사 결과"], [], [None, None]], 4),
        ([["제목", None], ["작성", None, None]], 3),
    ],
)
def test_the_header_is_found(tmp_path: Path, above: Rows, said: int | None) -> None:
    data = [["번호", "성별", "내용"], [1, "여", TEXTS[0]], [2, None, TEXTS[1]]]
    path = book(tmp_path / "a.xlsx", 시트=[*above, *data])
    done = korpus("read", path)
    assert records(done.stdout) == [
        {"id": "1", "text": TEXTS[0], "번호": 1, "성별": "여"},
        {"id": "2", "text": TEXTS[1], "번호": 2, "성별": None},
    ]
    assert (f"row {said} is the header; --header-row N overrides" in done.stderr) == bool(said)
    assert korpus("read", path, "--header-row", len(above) + 1).stdout == done.stdout


def test_no_header(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 시트=DATA[1:])
    done = korpus("read", path, "--header-row", 0, "-c", "c2")
    assert [record["text"] for record in records(done.stdout)] == TEXTS
    assert records(done.stdout)[0]["c1"] == 1


def test_columns_without_a_heading_stay(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 시트=[["내용", None, None], ["가", None, "나"]])
    done = korpus("read", path)
    assert records(done.stdout) == [{"id": "1", "text": "가", "c3": "나"}]
    assert "column 3 has no heading: called c3" in done.stderr


def test_values(tmp_path: Path) -> None:
    values = [1, 1.5, True, date(2024, 3, 4), datetime(2024, 3, 4, 5, 6), time(5, 6), "=1", None]
    names = [f"v{number}" for number in range(len(values))]
    path = book(tmp_path / "a.xlsx", 시트=[["text", *names], ["가", *values]])
    (row,) = read_rows(str(path))
    assert [row["v0"], row["v1"], row["v2"]] == [1, 1.5, True] and type(row["v0"]) is int
    (shown,) = records(korpus("read", path).stdout)
    assert shown["v3"][:10] == "2024-03-04" and shown["v4"] == "2024-03-04T05:06:00"
    assert shown["v7"] is None


def test_values_of_a_long_sheet(tmp_path: Path) -> None:
    """Columns of one kind and of several, with gaps and rows in which nothing is."""
    rows: Rows = [
        [number, f"{number}번 글", number / 2, number if number % 3 else "없음", 2.0**60, None]
        for number in range(1100)
    ]
    rows[5][1] = rows[1050][2] = rows[7][3] = None
    rows[900:903] = [[None] * 6] * 3
    path = book(tmp_path / "a.xlsx", 시트=[["id", "본문", "반", "값", "크기", "빈"], *rows])
    found = [list(record.values()) for record in read(path)]
    for row in rows:
        row[0] = str(row[0])
        row[1] = row[1] or ""
    assert found == [row for row in rows if row[2:] != [None] * 4]
    assert [type(row[2]) for row in found[:2]] == [int, float] and type(found[0][4]) is float


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
@pytest.mark.parametrize(
    ("name", "columns", "texts"),
    [
        ("bigkinds_dimension_A1.xlsx", 19, ["정부가 저출산 대책을 발표했다", "예산이 늘었다"]),
        ("old.xls", 2, ["오래된 엑셀 파일입니다", "열릴까요"]),
        ("narrow.xlsx", 3, TEXTS),
    ],
)
def test_files_of_others(name: str, columns: int, texts: list[str]) -> None:
    found = records(korpus("read", SHARED / "shapes" / name, "--as", "none").stdout)
    assert [record["text"] for record in found] == texts
    assert len(found[0]) == columns + 1  # the id


def test_a_short_header_over_wide_rows(tmp_path: Path) -> None:
    """Rows with numbers are no header, however well they fit."""
    path = book(tmp_path / "a.xlsx", 시트=[["내용"], *(["가", number, 2] for number in range(5))])
    assert [list(record) for record in records(korpus("read", path).stdout)] == [
        ["id", "text", "c2", "c3"]
    ] * 5


@pytest.mark.parametrize("row", [99_999_999_999, 4_294_967_295, 2_147_483_648])
def test_a_row_that_no_sheet_has(tmp_path: Path, row: int) -> None:
    path = changed(
        book(tmp_path / "a.xlsx", 시트=DATA),
        lambda xml: xml.replace('r="3"', f'r="{row}"').replace('r="B3"', f'r="B{row}"'),
    )
    code, said, memory = peak("read", path)
    assert code == 1 and said.count("\n") == 1 and memory < 500
    assert "broken Excel workbook, or too large for the memory" in said


def test_a_cell_at_the_far_corner(tmp_path: Path) -> None:
    path = changed(
        book(tmp_path / "a.xlsx", 시트=DATA),
        lambda xml: xml.replace('r="3"', 'r="1048576"').replace('r="B3"', 'r="XFD1048576"'),
    )
    code, said, memory = peak("read", path)
    assert code == 1 and said.count("\n") == 1 and memory < 500


def test_what_calamine_reads_is_what_pandas_reads(tmp_path: Path) -> None:
    rows = [["text", "n"], *([f"{number}번 글", number / 4] for number in range(3000))]
    path = book(tmp_path / "a.xlsx", 시트=rows)
    frame = pandas.read_excel(path, engine="openpyxl")
    found = list(read(path))
    assert [record["text"] for record in found] == list(frame["text"])
    assert [record["n"] for record in found] == list(frame["n"])


def test_whole_numbers_of_many_digits_stay(tmp_path: Path) -> None:
    numbers = [12, 999_999_999_999_999, 1_234_567_890_123_456, 12_345_678_901_234_567]
    source = "".join(json.dumps({"text": "가", "n": number}) + "\n" for number in numbers)
    assert korpus("read", "-o", tmp_path / "a.xlsx", stdin=source).returncode == 0
    cells = [cell.value for cell in load_workbook(tmp_path / "a.xlsx").active["C"][1:]]
    assert cells == [12, 999_999_999_999_999, "1234567890123456", "12345678901234567"]


def test_a_damaged_sheet_is_not_an_empty_one(tmp_path: Path) -> None:
    data = bytearray((SHARED / "shapes" / "bigkinds.xlsx").read_bytes())
    data[5587] = 0xAF
    (tmp_path / "a.xlsx").write_bytes(data)
    done = korpus("read", tmp_path / "a.xlsx")
    assert done.returncode == 1 and "a.xlsx: not an Excel workbook" in done.stderr


def test_no_row_of_a_damaged_workbook_is_lost_without_a_word(tmp_path: Path) -> None:
    """A flipped bit in any place is an error, or no cell has changed."""
    rows = "".join(json.dumps({"text": f"글 {n} {n * 7919}"}) + "\n" for n in range(300))
    assert korpus("read", "-o", tmp_path / "a.xlsx", stdin=rows).returncode == 0
    whole = (tmp_path / "a.xlsx").read_bytes()
    texts = [row["text"] for row in read(tmp_path / "a.xlsx")]
    dice = random.Random(0)
    errors = 0
    for _ in range(15):
        data = bytearray(whole)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        (tmp_path / "b.xlsx").write_bytes(data)
        try:
            assert [row["text"] for row in read(tmp_path / "b.xlsx")] == texts
        except KorpusError:
            errors += 1
    assert errors > 7


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    row = {"text": "가", **{f"c{number}": 1 for number in range(16_383)}}
    done = korpus("read", "-o", tmp_path / "a.xlsx", stdin=json.dumps(row) + "\n")
    assert done.returncode == 1 and "more than 16,384 columns do not fit" in done.stderr
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_header_row_of_text(tmp_path: Path, delimiter: str, jobs: int) -> None:
    path = tmp_path / ("a.csv" if delimiter == "," else "a.tsv")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([["조사 결과", ""], ["번호", "내용"], *([n, f"{n}번 글"] for n in range(9))])
    for encoding in ("utf-8", "utf-8-sig", "cp949"):
        path.write_text(text.getvalue(), encoding=encoding)
        found = records(korpus("read", path, "--header-row", 2, "-j", jobs).stdout)
        assert [record["text"] for record in found] == [f"{n}번 글" for n in range(9)]
        found = records(korpus("read", path, "--header-row", 0, "-c", "c2", "-j", jobs).stdout)
        assert [record["text"] for record in found][:3] == ["", "내용", "0번 글"]
        assert [record["c1"] for record in found][:3] == ["조사 결과", "번호", "0"]


def test_no_such_sheet_raises(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 시트=DATA)
    with pytest.raises(KorpusError, match="has no sheet '없음'"):
        list(read(path, sheet="없음"))


def test_a_web_page_called_xls_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("\ufeff\n<html><table><tr><td>가</td></tr></table></html>")
    done = korpus("read", tmp_path / "a.xls")
    assert done.returncode == 1 and "a.xls is a web page (HTML), not an Excel" in done.stderr
    assert "hint: open it in Excel and save it as .xlsx" in done.stderr


def test_a_column_called_sheet_is_kept(tmp_path: Path) -> None:
    rows = [["text", "sheet"], ["가", "내 것"]]
    found = list(read(book(tmp_path / "a.xlsx", 하나=rows, 둘=rows), sheet="all"))
    assert [(row["sheet"], row["sheet_"]) for row in found] == [("하나", "내 것"), ("둘", "내 것")]


def test_two_columns_without_a_heading_are_not_merged(tmp_path: Path) -> None:
    done = korpus("read", "--input-format", "csv", stdin="text,,\n가,나,다\n")
    assert done.returncode == 1 and "two columns are called ''" in done.stderr
    assert "hint: --header-row N names another row" in done.stderr
    path = book(
        tmp_path / "a.xlsx", 시트=[["text", None, None], ["가", "나", "다"], ["라", "마", "바"]]
    )
    done = korpus("read", path, "--header-row", 1)
    assert records(done.stdout)[0] == {"id": "1", "text": "가", "c2": "나", "c3": "다"}


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_a_header_row_beyond_the_end(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    korpus("read", "-o", path, stdin='{"text":"가"}\n')
    done = korpus("read", path, "--header-row", 99)
    assert done.returncode == 1 and f"a.{suffix} has no row 99" in done.stderr


def test_no_header_below_blank_lines() -> None:
    line = ["read", "--input-format", "csv", "--header-row", 0, "-c", "c2", "-c", "c2"]
    done = korpus(*line, stdin="\n\n1,가\n2,나\n")
    assert [record["text"] for record in records(done.stdout)] == ["가", "나"]


@pytest.mark.parametrize("header_row", [[], ["--header-row", 5]])
def test_a_table_away_from_the_corner(tmp_path: Path, header_row: list[object]) -> None:
    made = Workbook()
    for place, value in {"C5": "id", "D5": "본문", "C6": 7, "D6": "글"}.items():
        made.active[place] = value
    made.save(tmp_path / "a.xlsx")
    done = korpus("read", tmp_path / "a.xlsx", *header_row)
    assert records(done.stdout) == [{"id": "7", "text": "글"}]
