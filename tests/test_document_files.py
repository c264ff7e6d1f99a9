"""Files that are one document each: Hangul, Word, PDF, web pages, e-books."""

import io
import os
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from korpus.errors import KorpusError
from korpus.files import read
from tests import ole
from tests.support import ROOT, SHARED, korpus, records

ALL = ("notes", "comments", "headers")
TABLE = [["품목", "값"], ["배추", "5,000원"]]


def hwp(path: Path, flags: int = 1) -> Path:
    path.write_bytes(
        ole.hwp(
            [
                ole.text(1, "첫\t문단입니다.\x02\x0b"),
                *ole.table(1, TABLE),
                ole.control(1, "head"),
                (72, 2, bytes(16)),
                ole.text(3, "머리말"),
                ole.text(1, "둘째 문단 😂\x1e끝"),
                ole.control(1, "fn  "),
                (72, 2, bytes(16)),
                ole.text(3, "각주 내용"),
                ole.control(1, "tcmt"),
                (72, 2, bytes(16)),
                ole.text(3, "숨은 설명"),
                ole.text(1, "마지막"),
            ],
            flags,
        )
    )
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def hwpx(path: Path) -> Path:
    from hwpx import HwpxDocument

    made = HwpxDocument.new()
    first = made.add_paragraph("첫\t문단입니다.")
    made.notes.add_footnote("각주 내용", first)
    made.notes.add_memo("숨은 설명", anchor=first)
    table = made.add_table(2, 2)
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            table.set_cell_text(row, column, cell)
    made.page.set_header(text="머리말")
    made.add_paragraph("둘째 문단 😂 끝")
    last = made.add_paragraph("마지")
    made.tracking.insert(last, "막")
    made.save_to_path(path)
    return path


def docx(path: Path) -> Path:
    from docx import Document

    made = Document()
    first = made.add_paragraph("첫\t문단입니다.")
    made.add_comment(first.runs, text="숨은 설명")
    table = made.add_table(rows=2, cols=2)
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    made.sections[0].header.paragraphs[0].text = "머리말"
    made.add_paragraph("둘째 문단 😂 끝")
    made.add_paragraph("TRACKED")
    plain = io.BytesIO()
    made.save(plain)
    notes = '<w:footnote w:id="2"><w:p><w:r><w:t>각주 내용</w:t></w:r></w:p></w:footnote>'
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    tracked = "<w:del><w:r><w:delText>처음</w:delText><w:t>처음</w:t></w:r></w:del>"
    tracked += "<w:ins><w:r><w:t>마지막</w:t></w:r></w:ins>"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member).decode("utf-8", "surrogateescape")
            data = data.replace("<w:r><w:t>TRACKED</w:t></w:r>", tracked)
            new.writestr(member, data.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", f"<w:footnotes {space}>{notes}</w:footnotes>")
    return path


OFFICE: dict[str, Callable[[Path], Path]] = {"hwp": hwp, "hwpx": hwpx, "docx": docx}
BODY = ["첫\t문단입니다.", "품목\t값", "배추\t5,000원", "둘째 문단 😂 끝", "마지막"]


def text(path: Path, **options: Any) -> str:
    (record,) = read(path, **options)
    return str(record["text"])


@pytest.mark.parametrize("kind", OFFICE)
def test_the_text_of_office_documents(tmp_path: Path, kind: str) -> None:
    path = OFFICE[kind](tmp_path / f"보고서.{kind}")
    (record,) = read(path)
    assert record == {"id": str(path), "text": "\n".join([*BODY, "각주 내용"])}
    done = korpus("read", path, "--include", "none")
    assert records(done.stdout)[0]["text"] == "\n".join(BODY)
    assert "1 note left out; --include notes reads them" in done.stderr
    assert "1 comment left out" in done.stderr and "1 page header left out" in done.stderr
    everything = text(path, include=ALL).split("\n")
    assert everything[:5] == BODY
    assert sorted(everything[5:]) == ["각주 내용", "머리말", "숨은 설명"]


@pytest.mark.parametrize("kind", OFFICE)
def test_tables(tmp_path: Path, kind: str) -> None:
    path = OFFICE[kind](tmp_path / f"a.{kind}")
    assert text(path, tables="only") == "품목\t값\n배추\t5,000원"
    done = korpus("read", path, "--tables", "skip", "--include", "none")
    assert records(done.stdout)[0]["text"] == "\n".join([BODY[0], *BODY[3:]])
    assert "1 table left out (--tables skip)" in done.stderr


def test_bad_choices(tmp_path: Path) -> None:
    path = hwp(tmp_path / "a.hwp")
    for option in ("--tables", "--include"):
        done = korpus("read", path, option, "some")
        assert done.returncode == 2 and f"{option} some is unknown" in done.stderr


def test_the_content_decides_between_hwp_and_hwpx(tmp_path: Path) -> None:
    hwpx(tmp_path / "a.hwpx").rename(tmp_path / "b.hwp")
    assert "둘째 문단" in text(tmp_path / "b.hwp")
    hwp(tmp_path / "a").rename(tmp_path / "a.txt")
    done = korpus("read", tmp_path / "a.txt")
    assert "둘째 문단" in done.stdout and "read as hwp" in done.stderr
    done = korpus("read", stdin=(tmp_path / "a.txt").read_bytes())
    assert records(done.stdout)[0]["id"] == "-"


def test_a_cut_hwp_is_broken(tmp_path: Path) -> None:
    """The list of the parts of the file is near its end."""
    data = (SHARED / "hwp" / "table.hwp").read_bytes()
    path = tmp_path / "a.hwp"
    for tenth in (3, 5, 9):
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(KorpusError, match="broken file"):
            list(read(path))


def test_uncompressed_hwp(tmp_path: Path) -> None:
    assert text(hwp(tmp_path / "a.hwp", flags=0)).startswith("첫\t문단입니다.\n품목\t값")


@pytest.mark.parametrize(
    ("flags", "said"), [(3, "is encrypted"), (5, "is locked for distribution (배포용 문서)")]
)
def test_locked_hwp(tmp_path: Path, flags: int, said: str) -> None:
    hwp(tmp_path / "locked.hwp", flags)
    hwp(tmp_path / "open.hwp")
    done = korpus("read", tmp_path, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 3 and said in done.stderr
    (aside,) = records((tmp_path / "out.rejects.jsonl").read_text())
    assert aside["source"] == "locked.hwp" and said in aside["reason"]
    (kept,) = records((tmp_path / "out.jsonl").read_text())
    assert kept["id"] == kept["source"] == "open.hwp"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_office_files_with_a_password(tmp_path: Path, name: str) -> None:
    packed = {"EncryptedPackage": b"?", "EncryptionInfo": b"?"}
    (tmp_path / name).write_bytes(ole.ole(packed))
    done = korpus("read", tmp_path / name)
    assert done.returncode == 1 and f"{name} is encrypted" in done.stderr


def test_sections_are_in_order_of_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.hwpx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (10, 2, 1):
            paragraph = f"<s><p><run><t>{number}<tab/>장</t></run></p></s>"
            archive.writestr(f"Contents/section{number}.xml", paragraph)
    assert text(path) == "1\t장\n2\t장\n10\t장"


def pdf(path: Path, pages: list[str], *, head: str = "", password: str = "") -> Path:
    import koreanize_matplotlib
    from fpdf import FPDF

    made = FPDF()
    folder = Path(koreanize_matplotlib.__file__).parent / "fonts"
    made.add_font("nanum", fname=folder / "NanumGothic.ttf")
    for number, lines in enumerate(pages, 1):
        made.add_page()
        made.set_font("nanum", size=11)
        for line in [
            *([head] if head else []),
            *lines.split("\n"),
            *([f"- {number} -"] if head else []),
        ]:
            if line:
                made.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    if password:
        made.set_encryption(owner_password="o", user_password=password)
    made.output(str(path))
    return path


def test_pdf(tmp_path: Path) -> None:
    pages = [f"{n}장의 본문입니다.\nA long inter-\nnational {n}.\n끝 {n}." for n in "가나다라"]
    path = pdf(tmp_path / "a.pdf", pages, head="한국언어학 제3호")
    wanted = [f"{n}장의 본문입니다.\nA long international {n}.\n끝 {n}." for n in "가나다라"]
    done = korpus("read", path)
    assert records(done.stdout) == [{"id": str(path), "text": "\n".join(wanted)}]
    assert "8 running heads removed from pages" in done.stderr
    assert list(read(path, pages=True))[1] == {"id": f"{path}#2", "text": wanted[1], "page": 2}


def test_pdf_without_text(tmp_path: Path) -> None:
    done = korpus("read", pdf(tmp_path / "scan.pdf", ["", ""]))
    assert done.returncode == 1 and "scan.pdf has no text: is it scanned?" in done.stderr
    done = korpus("read", pdf(tmp_path / "half.pdf", ["글", ""]))
    assert done.returncode == 0 and "1 page without text: scanned?" in done.stderr
    done = korpus("read", pdf(tmp_path / "locked.pdf", ["글"], password="p"))
    assert done.returncode == 1 and "locked.pdf is encrypted" in done.stderr


PAGE = """<html><head><title>물가</title>
<meta property="og:title" content="물가 오름세"></head><body>
<nav><ul><li><a href="/">홈</a></li><li><a href="/p">정치</a></li></ul></nav>
<article><h1>물가 오름세</h1>
<p>서울의 한 시장에서 채소값이 크게 올랐다. 통계청은 다음 달에도
오름세가 이어질 것이라고 밝혔다.</p><p>상인들은 손님이 줄었다고 한숨을 쉬었다. 정부는
대책을 마련하겠다고 했다.</p>
<table><tr><th>품목</th><th>값</th></tr><tr><td>배추</td><td>5,000원</td></tr></table></article>
<footer>무단전재 및 재배포 금지 <a href="/a">회사 소개</a></footer></body></html>"""


def test_web_page(tmp_path: Path) -> None:
    for name, encoding in (("a.html", "utf-8"), ("b.htm", "cp949")):
        (tmp_path / name).write_text(PAGE, encoding=encoding)
        (record,) = read(tmp_path / name)
        assert record["title"] == "물가 오름세"
        assert "채소값이 크게 올랐다" in record["text"] and "품목\t값\n배추" in record["text"]
        assert "정치" not in record["text"] and "무단전재" not in record["text"]
    assert text(tmp_path / "a.html", tables="only") == "품목\t값\n배추\t5,000원"
    (tmp_path / "c.html").write_text("<p>짧은 글")
    assert text(tmp_path / "c.html") == "짧은 글"


def test_a_missing_extra_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError")
    (tmp_path / "a.html").write_text(PAGE)
    import sys

    saved = sys.modules.pop("trafilatura", None)
    sys.modules["trafilatura"] = None  # type: ignore[assignment]
    try:
        with pytest.raises(KorpusError, match="needs the extra html") as error:
            list(read(tmp_path / "a.html"))
        assert error.value.hint == "install it: pip install 'korpus[html]'"
    finally:
        del sys.modules["trafilatura"]
        if saved is not None:
            sys.modules["trafilatura"] = saved


def epub(path: Path) -> Path:
    chapter = (
        "<html><head><title>x</title></head><body><h1>{0}장</h1><p>글\n{0}<br/>줄</p></body></html>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        root = '<rootfile full-path="OEBPS/a.opf"/>'
        book.writestr("META-INF/container.xml", f"<c><rootfiles>{root}</rootfiles></c>")
        items = '<item id="a" href="1.xhtml"/><item id="b" href="%EB%91%98.xhtml"/>'
        spine = '<itemref idref="b"/><itemref idref="a"/>'
        book.writestr("OEBPS/a.opf", f"<p><manifest>{items}</manifest><spine>{spine}</spine></p>")
        book.writestr("OEBPS/1.xhtml", chapter.format("하나"))
        book.writestr("OEBPS/둘.xhtml", chapter.format("둘"))
    return path


def test_e_book(tmp_path: Path) -> None:
    assert text(epub(tmp_path / "a.epub")) == "둘장\n글 둘\n줄\n하나장\n글 하나\n줄"


def test_text_in_many_elements_is_read(tmp_path: Path) -> None:
    """Parsers drop what is nested more than 256 deep."""
    for number, open_ in ((300, "<div>"), (1500, "<div>"), (400, "<font>")):
        page = f"<html><body>{open_ * number}<p>안쪽 글이다.</p></body></html>"
        (tmp_path / "a.html").write_text(page)
        assert text(tmp_path / "a.html") == "안쪽 글이다."
        book = epub(tmp_path / "a.epub")
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "b.epub", "w") as new:
            for name in old.namelist():
                new.writestr(name, page if name.endswith("1.xhtml") else old.read(name))
        assert text(tmp_path / "b.epub") == "둘장\n글 둘\n줄\n안쪽 글이다."
    (tmp_path / "a.html").write_text("<div>" * 5000 + "글")
    with pytest.raises(KorpusError, match="its elements are nested too deep"):
        list(read(tmp_path / "a.html"))


def test_chapters_that_an_e_book_lacks_are_counted(tmp_path: Path) -> None:
    with zipfile.ZipFile(epub(tmp_path / "a.epub")) as book:
        members = {name: book.read(name) for name in book.namelist()}
    del members["OEBPS/1.xhtml"]
    with zipfile.ZipFile(tmp_path / "b.epub", "w") as book:
        for name, content in members.items():
            book.writestr(name, content)
    done = korpus("read", tmp_path / "b.epub")
    assert records(done.stdout)[0]["text"] == "둘장\n글 둘\n줄"
    assert "b.epub: 1 chapter missing, which the book lists" in done.stderr


MADE: dict[str, Callable[[Path], Path]] = {
    **OFFICE,
    "pdf": lambda path: pdf(path, ["글" * 20]),
    "epub": epub,
}


@pytest.mark.parametrize("kind", MADE)
def test_broken_files_are_errors(tmp_path: Path, kind: str) -> None:
    data = MADE[kind](tmp_path / f"a.{kind}").read_bytes()
    rng = random.Random(0)
    broken = tmp_path / f"b.{kind}"
    few = 4 if kind == "pdf" else 20  # each takes a process
    variants = [data[: len(data) * at // few] for at in range(few)]
    for _try in range(few):
        flipped = bytearray(data)
        for _flip in range(rng.choice([1, 5, 50])):
            flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        variants.append(bytes(flipped))
    failed = 0
    for variant in variants:
        broken.write_bytes(variant)
        try:
            list(read(broken))
        except KorpusError as error:
            assert "b." in error.message
            failed += 1
    assert failed >= few - 2  # all but what is cut behind the content


def _bomb(kind: str) -> bytes:
    """The XML of a text that entities make long."""
    entities = '<!ENTITY a0 "하하하하하하하하하하">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f"<!DOCTYPE s [{entities}]><s><p><t>&a9;</t></p></s>".encode()


@pytest.mark.parametrize(
    ("name", "member"), [("a.hwpx", "Contents/section0.xml"), ("a.docx", "word/document.xml")]
)
def test_bombs(tmp_path: Path, name: str, member: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, _bomb(name))
    with pytest.raises(KorpusError, match="it defines entities"):
        text(path)
    deep = b"<s>" + b"<p>" * 100_000 + b"</p>" * 100_000 + b"</s>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, deep)
    with pytest.raises(KorpusError, match="broken file"):
        text(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(member, b"<s>" + b" " * (33 << 20) + b"</s>")
    with pytest.raises(KorpusError, match="decompress to more than 32 MiB"):
        text(path)


def test_a_bomb_in_a_stream_of_hwp(tmp_path: Path) -> None:
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(bytes(40 << 20)) + packer.flush()
    header = b"HWP Document File".ljust(36, b"\0") + b"\1"
    (tmp_path / "a.hwp").write_bytes(ole.ole({"FileHeader": header, "BodyText/Section0": bomb}))
    with pytest.raises(KorpusError, match="decompress to more than 32 MiB"):
        text(tmp_path / "a.hwp")


def test_a_bomb_in_several_streams_of_hwp(tmp_path: Path) -> None:
    """No section is too large, but all of them together are."""
    packer = zlib.compressobj(wbits=-15)
    part = packer.compress(bytes(20 << 20)) + packer.flush()
    streams = {f"BodyText/Section{number}": part for number in range(3)}
    header = b"HWP Document File".ljust(36, b"\0") + b"\1"
    (tmp_path / "a.hwp").write_bytes(ole.ole({"FileHeader": header, **streams}))
    with pytest.raises(KorpusError, match="decompress to more than 32 MiB"):
        text(tmp_path / "a.hwp")


def test_a_web_page_is_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from korpus.files.readers.documents import html

    (tmp_path / "a.html").write_text(f"<p>{'가' * 300}</p>")
    assert len(text(tmp_path / "a.html")) == 300
    monkeypatch.setattr(html, "_LARGEST", 200)
    with pytest.raises(KorpusError, match="a web page of more than"):
        text(tmp_path / "a.html")


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
def test_samples_of_hangul() -> None:
    table = text(SHARED / "hwp" / "table.hwp")
    assert table == "표\nABC 123\tDEF\tGHI\nLMN\tOPQ\tSTR\nUVM\t123\t456"
    assert text(SHARED / "hwp" / "footnotes.hwp") == "sssd"
    comment = text(SHARED / "hwp" / "hidden-comment.hwp", include="comments")
    assert comment == "우리는 우리다.\n그것은 그것이다."
    old = text(SHARED / "hwp" / "old-5.0.2.2.hwp")
    assert old.startswith("테스트 누름틀 ABCD 1234567\n\t테이블안\n누름틀은 여러줄 문자열1\n")
    assert "".join(map(chr, range(1, 9))) not in old and not any(c < "\t" for c in old)
    done = korpus("read", SHARED / "hwp")
    assert done.returncode == 3 and "distribution.hwp is locked for distribution" in done.stderr


def test_a_pdf_that_kills_its_reader_stops_no_other(tmp_path: Path, monkeypatch: Any) -> None:
    from korpus.files.readers.documents import pdf as reader

    monkeypatch.setattr(reader, "_pages", _dying)
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF die" if number == 1 else b"%PDF")
    rejected: list[Any] = []
    found = list(read(tmp_path, rejects=rejected.append))
    assert [record["text"] for record in found] == ["글", "글"]
    assert "1.pdf: broken PDF, or too large for the memory" in rejected[0]["reason"]


def _dying(data: bytes, name: str) -> Any:
    if b"die" in data:
        os._exit(1)
    yield {"text": "글"}


SECOND_OPINION = [
    *sorted((ROOT / "sample_data" / "reports").rglob("*.hwpx")),
    *(
        pytest.param(
            SHARED / "hwp" / f"{name}.hwp",
            marks=pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}"),
        )
        for name in ("footnotes", "old-5.0.2.2", "table")
    ),
]


@pytest.mark.parametrize("path", SECOND_OPINION, ids=lambda path: path.name)
def test_another_program_reads_the_same(path: Path) -> None:
    """But for white space, unhwp finds the same text, notes and tables."""
    import unhwp

    assert "".join(text(path).split()) == "".join(unhwp.extract_text(str(path)).split())
