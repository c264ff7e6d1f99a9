"""What reaches a terminal, a spreadsheet and a closed pipe."""

from pathlib import Path

import pytest

from korpus.messages import printable
from tests.support import TOKENS, in_terminal, korpus, lines, shell

EVIL = "\x1b[31m빨강\x1b[0m \x1b]0;title\x07제목 \x9b2J끝 \x1b]8;;http://a\x1b\\링크"


@pytest.mark.parametrize("format", ["jsonl", "json", "tagged", "plain", "csv", "tsv"])
def test_no_escape_sequence_in_records(format: str) -> None:
    _, shown = in_terminal("read", "-f", format, stdin=lines({"id": "1", "text": EVIL}))
    assert "링크" in shown
    assert "\x1b" not in shown and "\x07" not in shown and "\x9b" not in shown


@pytest.mark.parametrize("format", ["csv", "tsv", "table", "md", "jsonl"])
def test_no_escape_sequence_in_tables(format: str) -> None:
    record = {"id": "1", "tokens": [EVIL], "tags": ["SY"], "analyzer": EVIL}
    _, shown = in_terminal("freq", "-f", format, stdin=lines(record))
    assert "링크" in shown
    assert "\x1b" not in shown and "\x9b" not in shown


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["read", EVIL], ""),
        (["read", "-c", EVIL], "a,b\n1,2\n"),
        (["read", "--input-format", "jsonl"], lines({EVIL: 1, "x": "2"})),
        (["morph", "-a", EVIL], "가\n"),
        (["freq"], lines({"id": EVIL + "\n둘째 줄", "tokens": 7})),
        (["read", "-o", EVIL + ".xyz\n/a"], "가\n"),
    ],
)
def test_no_escape_sequence_in_messages(arguments: list[str], stdin: str) -> None:
    done = korpus(*arguments, stdin=stdin)
    assert done.returncode in (1, 2)
    assert "\x1b" not in done.stderr and "\x9b" not in done.stderr and "\x07" not in done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] in (
        ["korpus", "hint"],
        ["korpus"],
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[1;31mx\x1b[0m", "x"),
        ("\x1b]0;t\x07x\x9d0;t\x9cy", "xy"),
        ("a\x1b]not closed 가", "anot closed 가"),
        ("\x1bc\x1b(0x\x9b2J\x00\x7f", "x"),
        ("a\tb\nc", "a\tb\nc"),
    ],
)
def test_printable(text: str, left: str) -> None:
    assert printable(text) == left


RISKY = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "＝1", "plain", "'a"]


def test_a_spreadsheet_gets_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    source = lines(*({"id": str(n), "text": text} for n, text in enumerate(RISKY)))
    for name in ("a.csv", "a.tsv", "a.xlsx"):
        plain = korpus("read", "-o", tmp_path / name, stdin=source)
        said = "7 cells could run as a formula in a spreadsheet; --excel"
        assert (said in plain.stderr) == (name != "a.xlsx")  # whose cells say that they are text
        safe = korpus("read", "-o", tmp_path / f"safe-{name}", "--excel", stdin=source)
        assert "formula" not in safe.stderr
    data = (tmp_path / "safe-a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b",'") + data.count(b",\"'") == 8
    cells = [cell.value for cell in load_workbook(tmp_path / "safe-a.xlsx").active["B"][1:]]
    assert cells[:5] == ["'=1+1", "'+1", "'-1", "'@a", "'\ta"] and cells[7:] == ["plain", "'a"]


def test_numbers_are_no_formulas(tmp_path: Path) -> None:
    source = lines({"id": "1", "text": "가", "score": -1.5})
    done = korpus("read", "-o", tmp_path / "a.csv", "--excel", stdin=source)
    assert done.returncode == 0 and (tmp_path / "a.csv").read_text("utf-8-sig").endswith(",-1.5\n")
    assert "formula" not in korpus("read", "-o", tmp_path / "b.csv", stdin=source).stderr


def test_between_commands_nothing_is_said_of_spreadsheets() -> None:
    source = lines({"id": "1", "tokens": ["-3"], "tags": ["SY"]})
    assert "formula" not in korpus("freq", stdin=source).stderr


@pytest.mark.parametrize("command", ["", "morph", "freq"])
@pytest.mark.parametrize("rich", ["0", "1"])
def test_help_that_nobody_reads_is_quiet(command: str, rich: str) -> None:
    done = shell(
        f"export TYPER_USE_RICH={rich}; korpus {command} --help | true; echo ${{PIPESTATUS[0]}}"
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.parametrize(
    ("arguments", "format"),
    [
        (["wordcloud", "no.jsonl", "-o", "-"], "PNG"),
        (["freq", "no.jsonl", "-f", "xlsx"], "xlsx"),
        (["read", "no.jsonl", "-f", "parquet"], "parquet"),
    ],
)
def test_a_terminal_gets_no_binary_output(arguments: list[str], format: str) -> None:
    """It is refused before any work: the input does not exist."""
    code, shown = in_terminal(*arguments, plain=True)
    assert code == 2
    assert f"{format} is binary and would garble the terminal\nhint: give -o FILE" in shown


def test_another_format_than_the_suffix_is_said_once(tmp_path: Path) -> None:
    done = korpus("freq", "-f", "csv", "-o", tmp_path / "a.json", stdin=TOKENS)
    assert done.returncode == 0
    assert done.stderr.count("a.json: written as csv, as -f says, not as its suffix") == 1
    done = korpus("freq", "-f", "csv", "-o", tmp_path / "a.csv", stdin=TOKENS)
    assert "written as" not in done.stderr
