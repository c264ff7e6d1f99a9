"""Adding a format is one file and one line in the table of readers or writers."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from korpus.errors import KorpusError, UsageError
from korpus.files import (
    NETWORKS,
    RECORDS,
    TABLES,
    documents,
    input_formats,
    input_suffixes,
    output_formats,
    read,
    read_batches,
    suffix_format,
    write_records,
    write_table,
)
from korpus.files.readers import INPUT_FORMATS, InputFormat, Reading
from korpus.files.writers import OUTPUT_FORMATS, OutputFormat
from korpus.records import Record, Table


def _read_toy(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """One document per bar-separated field."""
    stream.seek(0)
    for field in stream.read().decode(reading.encoding or "utf-8").removeprefix("TOY ").split("|"):
        yield {"text": field}


def _write_toy(stream: BinaryIO, table: Table) -> None:
    for row in table.rows:
        stream.write("|".join(map(str, row)).encode() + b"\n")


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = InputFormat("toy", (".toy", ".toys"), _read_toy, magic=b"TOY ")
    monkeypatch.setattr("korpus.files.readers.table.INPUT_FORMATS", [*INPUT_FORMATS, reader])
    writer = OutputFormat("toy", (RECORDS, TABLES), (".toy",), table=_write_toy)
    monkeypatch.setattr("korpus.files.writers.table.OUTPUT_FORMATS", [*OUTPUT_FORMATS, writer])


@pytest.mark.usefixtures("toys")
def test_a_new_input_format(tmp_path: Path) -> None:
    for name in ("a.toy", "b.TOYS", "c.toy.gz"):
        (tmp_path / name).write_text("가|나 다")
    (tmp_path / "magic").write_text("TOY 라")
    assert [r["text"] for r in read(tmp_path / "a.toy")] == ["가", "나 다"]
    assert [r["text"] for r in read(tmp_path / "magic")] == ["라"]
    assert [r["source"] for r in read(tmp_path)] == [
        name for name in ("a.toy", "b.TOYS", "c.toy.gz") for _ in range(2)
    ]
    (batch,) = read_batches(str(tmp_path / "a.toy"), size=100)
    assert batch is not None
    assert [r["id"] for r in documents(batch)] == ["1", "2"]
    assert "toy" in input_formats() and ".toy" in input_suffixes()
    (tmp_path / "other").write_text("마|바")
    assert len(list(read(tmp_path / "other", input_format="toy"))) == 2


@pytest.mark.usefixtures("toys")
def test_a_new_output_format(tmp_path: Path) -> None:
    table = Table(["a", "b"], lambda: [(1, "가"), (2, "나")])
    for name, format in (("t.toy", None), ("t.txt", "toy")):
        write_table(table, str(tmp_path / name), format)
        assert (tmp_path / name).read_text() == "1|가\n2|나\n"
    write_records([{"id": "1", "tokens": ["가"]}], str(tmp_path / "r.toy"))
    assert (tmp_path / "r.toy").read_text() == '1|["가"]\n'
    assert "toy" in output_formats(RECORDS) and "toy" in output_formats(TABLES)
    assert suffix_format("x.toy.gz") == "toy"


def test_the_formats_of_records_and_of_tables(tmp_path: Path) -> None:
    assert set(output_formats(RECORDS)) - set(output_formats(TABLES)) == {
        "conllu",
        "tree",
        "tagged",
        "plain",
    }
    assert set(output_formats(TABLES)) - set(output_formats(RECORDS)) == {"md", "table"}
    with pytest.raises(UsageError, match=r"does not write \.md"):
        write_records([], str(tmp_path / "a.md"))
    with pytest.raises(UsageError, match=r"does not write \.png"):
        write_table(Table(["term"], list), str(tmp_path / "a.png"))
    with pytest.raises(UsageError, match=r"does not write \.safetensors"):
        write_table(Table(["a"], lambda: []), str(tmp_path / "a.safetensors"))
    (tmp_path / "a.md").write_text("# 제목\n")
    with pytest.raises(KorpusError, match=r"a \.md file holds no documents"):
        list(read(tmp_path / "a.md"))
    with pytest.raises(UsageError, match="unknown format 'pptx'"):
        list(read(tmp_path / "a.md", input_format="pptx"))
    with pytest.raises(UsageError, match="unknown format 'tagged'"):
        write_table(Table(["a"], lambda: []), "-", "tagged")


def test_every_format_has_one_entry_and_its_own_suffixes() -> None:
    for formats in (INPUT_FORMATS, OUTPUT_FORMATS):
        names = [format.name for format in formats]
        assert len(names) == len(set(names))
    suffixes = [suffix for format in INPUT_FORMATS for suffix in format.suffixes]
    assert len(suffixes) == len(set(suffixes))
    for kind in (RECORDS, TABLES):
        written = [s for f in OUTPUT_FORMATS if kind in f.writes for s in f.suffixes]
        assert len(written) == len(set(written))
    for format in OUTPUT_FORMATS:
        writers = [format.line, format.lines, format.table]
        is_of_networks = format.writes == (NETWORKS,) and format.network is not None
        assert sum(x is not None for x in writers) == (0 if is_of_networks else 1)
