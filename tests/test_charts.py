"""Charts as files: Korean in every format, the same bytes, and terms that are code."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import altair
import pypdfium2
import pytest
from PIL import Image

from korpus.errors import UsageError
from korpus.files import write_chart
from korpus.pictures import missing_glyphs
from korpus.views.style import COLOURS, styled

pytestmark = pytest.mark.usefixtures("one_bundle")


def chart(*words: str) -> altair.Chart:
    rows = [{"word": word, "count": -number} for number, word in enumerate(words, 1)]
    plain = altair.Chart(altair.InlineData(values=rows)).mark_bar()
    return styled(plain.encode(altair.X("count:Q", title="빈도"), altair.Y("word:N", title="낱말")))


def write_all(folder: str) -> None:
    for suffix in ("png", "svg", "pdf", "html"):
        write_chart(chart("병원", "의사"), f"{folder}/a.{suffix}")


def test_the_same_bytes(tmp_path: Path) -> None:
    """Also in another process, where strings hash otherwise."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    write_all(str(first))
    code = "import sys; from tests.test_charts import write_all; write_all(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(second)], check=True)
    files = [(file.name, file.read_bytes()) for file in sorted(first.iterdir())]
    assert len(files) == 4
    assert files == [(file.name, file.read_bytes()) for file in sorted(second.iterdir())]


def test_the_same_bytes_after_other_charts(tmp_path: Path) -> None:
    """Vega numbers the gradients and clips of all charts that a process draws."""
    data = altair.Data(values=[{"n": 1, "다": 2}])
    chart = altair.Chart(data).mark_rect(clip=True).encode(x="n:O", color="다:Q")
    write_chart(altair.hconcat(chart, chart.encode(color="n:Q")), str(tmp_path / "two.svg"))
    for name in ("1.svg", "2.svg"):
        write_chart(chart, str(tmp_path / name))
    first = (tmp_path / "1.svg").read_text("utf-8")
    assert 'id="clip0"' in first and 'id="gradient_0"' in first and "url(#gradient_0)" in first
    assert (tmp_path / "2.svg").read_text("utf-8") == first


def test_korean_in_a_pdf_and_its_minus(tmp_path: Path) -> None:
    write_chart(chart("병원", "의사"), str(tmp_path / "a.pdf"))
    text = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage().get_text_bounded()
    assert {"병원", "의사", "빈도"} <= set(text.split()) and "-1.8" in text and "−" not in text


def test_a_png_is_sharp(tmp_path: Path) -> None:
    write_chart(chart("병원"), str(tmp_path / "a.png"))
    write_chart(chart("병원"), str(tmp_path / "a.svg"))
    width = int(re.search(r'width="(\d+)"', (tmp_path / "a.svg").read_text())[1])
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == 2 * width
        assert tuple(bytes.fromhex(COLOURS[0][1:])) in {
            colour[:3] for _count, colour in picture.getcolors(1 << 20)
        }


def test_an_svg_holds_its_font(tmp_path: Path) -> None:
    write_chart(chart("병원"), str(tmp_path / "a.svg"))
    text = (tmp_path / "a.svg").read_text()
    assert "@font-face{font-family:NanumGothic;src:url(data:font/woff" in text
    assert len(text) < 200_000  # of the characters shown, not all of Hangul


def test_a_page_needs_nothing_and_runs_no_term(tmp_path: Path) -> None:
    word = "</script><script>alert(1)</script>"
    write_chart(chart(word), str(tmp_path / "a.html"))
    page = (tmp_path / "a.html").read_text()
    assert word not in page and "\\u003c/script>" in page
    assert not re.search(r'(?:src|href)="(?!data:)', page.split("<script>")[0])
    assert "default-src 'none'" in page
    chart_json = re.search(r'vegaEmbed\("#chart", (\{.*\}), \{ast: true', page)
    assert word in str(json.loads(chart_json[1])["datasets"])


def test_characters_that_the_font_lacks_are_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert missing_glyphs("한글 ABC 漢字\n") == []
    write_chart(chart("좋아요😀"), str(tmp_path / "a.svg"))
    assert "😀" in caplog.text


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "html"])
def test_control_characters_are_replaced(suffix: str, tmp_path: Path) -> None:
    """XML has no such characters: the library ended the process at them."""
    path = tmp_path / f"a.{suffix}"
    write_chart(chart("식\x01당", "\uffff", "\x1b[31m"), str(path))
    assert path.stat().st_size > 1000
    if suffix == "svg":
        assert "식\ufffd당" in "".join(ElementTree.parse(path).getroot().itertext())


def test_another_suffix() -> None:
    with pytest.raises(UsageError, match=r"k\.gif"):
        write_chart(chart("병원"), "k.gif")
