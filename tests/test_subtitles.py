"""Subtitles: a document per line that is shown, with its times."""

from pathlib import Path

import pytest

from korpus.errors import KorpusError
from korpus.files import read
from korpus.records import Record
from tests.support import SHARED, korpus, records

SRT = """1
00:00:01,000 --> 00:00:03,500
안녕하세요, 여러분

2
00:00:04,000 --> 00:01:06,050
<i>오늘은 날씨가</i>
{\\an8}정말 좋네요 &amp; 맑아요

"""
VTT = """WEBVTT

NOTE 메모

인사
00:01.000 --> 00:03.500 align:start
<v 가나>안녕하세요, 여러분</v>

01:00:04.000 --> 01:00:06.050
끝
"""
SMI = """<SAMI><HEAD><STYLE><!-- .KRCC {Name:한국어;} --></STYLE></HEAD><BODY>
<SYNC Start=1000><P Class=KRCC>안녕하세요<br>여러분
<SYNC Start=3000><P Class=KRCC>&nbsp;
<sync start="4000"><p class="KRCC"><font color=red>끝</font>
</BODY></SAMI>
"""
FIRST = {"id": "1", "text": "안녕하세요, 여러분", "start": 1.0, "end": 3.5}


def rows(path: Path, content: str, encoding: str = "utf-8") -> list[Record]:
    path.write_text(content, encoding=encoding)
    return list(read(path))


def test_srt(tmp_path: Path) -> None:
    second = "오늘은 날씨가\n정말 좋네요 & 맑아요"
    wanted = [FIRST, {"id": "2", "text": second, "start": 4.0, "end": 66.05}]
    assert rows(tmp_path / "a.srt", SRT) == wanted
    assert rows(tmp_path / "b.srt", SRT.replace("\n", "\r\n"), "cp949") == wanted
    assert rows(tmp_path / "c.srt", SRT.replace("여러분\n\n2\n", "여러분\n2\n")) == wanted


def test_a_blank_line_in_a_cue_of_srt(tmp_path: Path) -> None:
    content = SRT.replace("여러분\n\n", "여러분\n\n또 봐요\n\n")
    assert rows(tmp_path / "a.srt", content)[0]["text"] == "안녕하세요, 여러분\n또 봐요"
    assert len(rows(tmp_path / "b.srt", content)) == 2


def test_speakers_of_vtt(tmp_path: Path) -> None:
    content = """WEBVTT

00:01.000 --> 00:03.000
<v.loud 김 &amp; 이>안녕하세요</v> <i>모두</i>

00:04.000 --> 00:05.000
<v 가나>네,
<b>반가워요</b>
<v 다라>저도요

00:06.000 --> 00:07.000
(음악)
"""
    found = [(r["speaker"], r["text"], r["start"]) for r in rows(tmp_path / "a.vtt", content)]
    assert found == [
        ("김 & 이", "안녕하세요", 1.0),
        (None, "모두", 1.0),
        ("가나", "네,\n반가워요", 4.0),
        ("다라", "저도요", 4.0),
        (None, "(음악)", 6.0),
    ]
    assert all("speaker" not in row for row in rows(tmp_path / "a.srt", SRT))


@pytest.mark.parametrize(("time", "bad"), [("01:00:06.050", "01:00:xx"), ("01:00:04.000", "x")])
def test_times_that_cannot_be_read(tmp_path: Path, time: str, bad: str) -> None:
    (tmp_path / "a.vtt").write_text(VTT.replace(time, bad))
    done = korpus("read", tmp_path / "a.vtt")
    assert records(done.stdout) == [{**FIRST, "speaker": "가나"}] and done.returncode == 3
    assert "a.vtt: line 9: times that cannot be read" in done.stderr


def test_vtt(tmp_path: Path) -> None:
    last = {"id": "2", "text": "끝", "start": 3604.0, "end": 3606.05, "speaker": None}
    assert rows(tmp_path / "a.vtt", VTT) == [{**FIRST, "speaker": "가나"}, last]


def test_smi(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.smi", SMI, "cp949") == [
        {"id": "1", "text": "안녕하세요\n여러분", "start": 1.0, "end": 3.0},
        {"id": "2", "text": "끝", "start": 4.0, "end": None},
    ]
    both = SMI.replace("여러분\n", "여러분<P Class=ENCC>Hello\n")
    found = rows(tmp_path / "b.smi", both)
    assert [(row["class"], row["text"], row["end"]) for row in found] == [
        ("KRCC", "안녕하세요\n여러분", 3.0),
        ("ENCC", "Hello", None),
        ("KRCC", "끝", None),
    ]


def test_bad_subtitles(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT.replace("01:06", "00:01"))
    done = korpus("read", tmp_path / "a.srt")
    assert done.returncode == 3 and "a.srt: line 6: it ends before it starts" in done.stderr
    assert records(done.stdout) == [FIRST]
    for name in ("b.srt", "b.smi"):
        (tmp_path / name).write_text("그냥 글")
        with pytest.raises(KorpusError, match="no subtitles with times"):
            list(read(tmp_path / name))
        (tmp_path / name).write_text("")
        assert list(read(tmp_path / name)) == []


def test_smi_out_of_order(tmp_path: Path) -> None:
    (tmp_path / "a.smi").write_text(SMI.replace("Start=3000", "Start=500"))
    done = korpus("read", tmp_path / "a.smi")
    assert [record["text"] for record in records(done.stdout)] == ["끝"] and done.returncode == 3
    assert "a.smi: line 2: it ends before it starts" in done.stderr


@pytest.mark.parametrize(("suffix", "content"), [("srt", SRT), ("vtt", VTT), ("smi", SMI)])
def test_truncated_subtitles(tmp_path: Path, suffix: str, content: str) -> None:
    data = content.encode()
    for place in range(20):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(data[: len(data) * place // 20])
        try:
            assert len(list(read(path, rejects=lambda row: None))) <= 2
        except KorpusError as error:
            assert "a." in error.message


def test_hostile_subtitles_take_no_time(tmp_path: Path) -> None:
    for name, content in (
        ("a.smi", "<sync " * 200_000),
        ("b.smi", "<sync start=1>" + "<p class=" * 200_000),
        ("c.srt", "00:00:01,000 --> 00:00:02,000\n" + "<" * 500_000),
        ("d.srt", "1:" * 500_000),
    ):
        (tmp_path / name).write_text(content)
        try:
            list(read(tmp_path / name))
        except KorpusError as error:
            assert "no subtitles with times" in error.message


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
def test_samples() -> None:
    for name in ("sub.srt", "sub.smi"):
        first = next(iter(read(SHARED / "shapes" / name)))
        assert first["text"].startswith("안녕하세요") and first["start"] == 1.0
