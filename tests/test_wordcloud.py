import contextlib
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import numpy
import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from korpus.errors import KorpusError, UsageError
from korpus.files import paths_of_groups, read_mask, write_cloud
from korpus.views import Groups, check_glyphs, default_font, title, weights, wordcloud
from korpus.views.style import BRIGHT
from tests.support import TOKENS, fresh, korpus, lines

TERMS = {"영화": 30.0, "배우": 20.0, "감독": 10.0, "ㅋㅋ": 5.0}
WORDS = [word for word, weight in TERMS.items() for _ in range(int(weight))]
GOOD = lines({"id": "1", "tokens": WORDS, "tags": ["NNG"] * len(WORDS)})


def dark_share(path: Path) -> float:
    """The share of pixels that are not background."""
    return float((numpy.array(Image.open(path).convert("L")) < 250).mean())


def test_png_has_the_size_and_words(tmp_path: Path) -> None:
    done = korpus("wordcloud", "-o", tmp_path / "a.png", "--size", "400x300", stdin=GOOD)
    assert done.returncode == 0, done.stderr
    assert Image.open(tmp_path / "a.png").size == (400, 300)
    assert dark_share(tmp_path / "a.png") > 0.1


def test_svg_has_the_words_and_their_glyphs(tmp_path: Path) -> None:
    done = korpus("wordcloud", "-q", "-o", tmp_path / "a.svg", stdin=GOOD)
    assert done.returncode == 0 and done.stderr == ""
    svg = (tmp_path / "a.svg").read_text()
    assert set(re.findall(r">([가-힣ㅋ]+)</text>", svg)) == set(TERMS)
    assert "@font-face" in svg and "data:application/font-woff" in svg


def test_seed_decides_the_picture(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        for suffix in ("png", "svg"):
            korpus("wordcloud", "-o", tmp_path / f"{name}.{suffix}", "--seed", seed, stdin=GOOD)
    for suffix in ("png", "svg"):
        a, b, c = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "abc")
        assert a == b != c


def test_tables_of_freq_and_tfidf_are_drawn_like_their_tokens(tmp_path: Path) -> None:
    korpus("wordcloud", "-o", tmp_path / "tokens.png", stdin=GOOD)
    for name in ("table.csv", "table.jsonl", "table.tsv", "table.parquet"):
        korpus("freq", "-o", tmp_path / name, stdin=GOOD)
        done = korpus("wordcloud", tmp_path / name, "-o", tmp_path / "table.png")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "table.png").read_bytes() == (tmp_path / "tokens.png").read_bytes()
    table = korpus("tfidf", "--overall", stdin=GOOD).stdout
    assert korpus("wordcloud", "-o", tmp_path / "t.png", stdin=table).returncode == 0


def test_weights_add_up_over_rows() -> None:
    rows = [{"id": "1", "term": "가", "tfidf": "0.5"}, {"id": "2", "term": "가", "tfidf": 0.25}]
    assert weights(rows) == {"가": 0.75}
    assert weights([{"term": "가", "tag": "NNG", "count": 3, "share": 0.1}]) == {"가": 3}
    assert weights([{"id": "1", "tokens": ["가", " ", "가"], "tags": ["", "", ""]}]) == {"가": 2}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"term": "가", "rank": 1}],
        [{"term": "가", "count": "many"}],
        [{"term": "가", "count": 0}],
        [{"id": "1", "tokens": [], "tags": []}],
    ],
)
def test_nothing_to_draw(rows: list[dict[str, object]]) -> None:
    with pytest.raises(KorpusError):
        weights(rows)


def test_missing_glyphs_are_named(tmp_path: Path) -> None:
    import matplotlib

    dejavu = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    done = korpus("wordcloud", "-o", tmp_path / "a.png", "--font", dejavu, stdin=GOOD)
    assert done.returncode == 1
    assert "DejaVuSans.ttf has no glyph for 영 (in 영화), 화 (in 영화), 배 (in 배우)" in done.stderr
    assert "empty boxes" in done.stderr
    assert list(tmp_path.iterdir()) == []
    emoji = lines({"id": "1", "tokens": ["좋아", "😀"], "tags": ["VA", "SY"]})
    done = korpus("wordcloud", "-o", tmp_path / "a.png", stdin=emoji)
    assert done.returncode == 1
    assert "😀" in done.stderr and "korpus stopwords --add 😀" in done.stderr


def test_the_shipped_font_has_modern_korean() -> None:
    check_glyphs(default_font(), [chr(code) for code in range(0xAC00, 0xD7A4)])
    check_glyphs(default_font(), ["ㄱㄴㄷㅋㅎㅠㅜ", "ABCabc0123", "!?…·♥"])


def test_only_drawn_words_need_glyphs() -> None:
    wordcloud({"가": 2.0, "😀": 1.0}, max_words=1, size=(60, 40))


def test_mask_keeps_words_inside(tmp_path: Path) -> None:
    mask = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(mask).rectangle((0, 0, 149, 199), fill="black")
    mask.save(tmp_path / "mask.png")
    done = korpus(
        *("wordcloud", "-o", tmp_path / "a.png", "--mask", tmp_path / "mask.png"), stdin=GOOD
    )
    assert done.returncode == 0, done.stderr
    pixels = numpy.array(Image.open(tmp_path / "a.png").convert("L"))
    assert pixels.shape == (200, 300)
    assert (pixels[:, :150] < 250).any() and not (pixels[:, 151:] < 250).any()


def test_transparent_background(tmp_path: Path) -> None:
    korpus("wordcloud", "-o", tmp_path / "a.png", "--background", "transparent", stdin=GOOD)
    picture = Image.open(tmp_path / "a.png")
    assert picture.mode == "RGBA" and picture.getpixel((0, 0))[3] == 0


def test_records_are_drawn_directly() -> None:
    cloud = wordcloud([{"id": "1", "tokens": ["가", "나", "가"], "tags": ["", "", ""]}])
    assert set(cloud.words_) == {"가", "나"}


def test_max_words() -> None:
    assert set(wordcloud(TERMS, max_words=2).words_) == {"영화", "배우"}


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        ([], "missing: '-o' / '--output'", 2),
        (["-o", "a.gif"], "a picture is .png, .svg or .pdf", 2),
        (["-o", "a.png", "--size", "big"], "--size big is not WIDTHxHEIGHT", 2),
        (["-o", "a.png", "--size", "1x10001"], "or too large", 2),
        (["-o", "a.png", "--size", "1" * 5000 + "x1"], "or too large", 2),
        (["-o", "a.png", "--colormap", "mud"], "unknown colormap 'mud'", 2),
        (["-o", "a.png", "--background", "mud"], "unknown colour 'mud'", 2),
        (["-o", "a.png", "--max-words", "0"], "less than 1", 2),
        (["-o", "a.png", "--font", "no.ttf"], "no.ttf: no such font file", 1),
        (["-o", "a.png", "--font", "README.md"], "README.md: not a font", 1),
        (["-o", "a.png", "--mask", "no.png"], "no.png: no such file", 1),
        (["-o", "a.png", "--mask", "README.md"], "README.md: not a picture", 1),
        (["-o", "a.png", "--size", "3x3"], "do not fit", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("wordcloud", *arguments, stdin=TOKENS)
    assert done.returncode == code, done.stderr
    assert message in done.stderr


def test_python_errors() -> None:
    with pytest.raises(UsageError):
        wordcloud(TERMS, colormap="mud")


TABLE = "topic,term,weight\n1,병원,0.5\n1,의사,0.25\n2,영화,0.5\n3,없음,0\n"


def words(svg: Path) -> list[str]:
    """The texts of a picture, in the order in which they are drawn."""
    tree = ElementTree.parse(svg)
    return [text.text or "" for text in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_groups_are_drawn_in_a_grid(tmp_path: Path) -> None:
    done = korpus("wordcloud", "-o", tmp_path / "a.svg", "--size", "300x200", stdin=TABLE)
    assert done.returncode == 0
    assert "korpus: 1 group without a term to draw left out: 3\n" in done.stderr
    assert words(tmp_path / "a.svg") == ["topic 1", "병원", "의사", "topic 2", "영화"]
    done = korpus("wordcloud", "-o", tmp_path / "a.png", "--size", "300x200", stdin=TABLE)
    picture = Image.open(tmp_path / "a.png")
    assert picture.size == (606, 216)
    left, right = picture.crop((0, 16, 300, 216)), picture.crop((306, 16, 606, 216))
    for half, group in ((left, "1"), (right, "2")):
        half.save(tmp_path / "half.png")
        assert dark_share(tmp_path / "half.png") > 0.05
        options = ["--group", group, "--size", "300x200", "-o", tmp_path / "one.png"]
        korpus("wordcloud", *options, stdin=TABLE)
        alone = numpy.array(Image.open(tmp_path / "one.png"))
        assert (numpy.array(half) == alone).all()
    mask = Image.new("L", (120, 90), "black")
    mask.save(tmp_path / "mask.png")
    korpus("wordcloud", "-o", tmp_path / "a.png", "--mask", tmp_path / "mask.png", stdin=TABLE)
    assert Image.open(tmp_path / "a.png").size == (242, 97)


def test_one_file_per_group(tmp_path: Path) -> None:
    table = TABLE.replace("1,", "경제/금융,").replace("2,", "a:b,")
    done = korpus("wordcloud", "-o", tmp_path / "cloud-{group}.svg", stdin=table)
    assert done.returncode == 0, done.stderr
    found = {path.name: words(path) for path in tmp_path.iterdir()}
    assert found == {"cloud-경제_금융.svg": ["병원", "의사"], "cloud-a_b.svg": ["영화"]}
    done = korpus("wordcloud", "-o", tmp_path / "cloud-{group}.svg", "--no-clobber", stdin=table)
    assert done.returncode == 1 and "exists and --no-clobber was given" in done.stderr
    done = korpus("wordcloud", "-o", tmp_path / "x-{group}.svg", stdin=TOKENS)
    assert done.returncode == 2 and "the input has no groups" in done.stderr
    assert len(list(tmp_path.iterdir())) == 2


def test_names_of_groups_become_different_file_names() -> None:
    groups = ["a", "A", "a?", "a*", "", "..", "가" * 300]
    paths = paths_of_groups("x/{group}.png", groups)
    assert list(paths) == groups
    assert list(paths.values())[:6] == [
        *("x/a.png", "x/A-2.png", "x/a_.png", "x/a_-2.png", "x/_.png", "x/_-2.png")
    ]
    assert len(paths["가" * 300].encode()) < 255


def test_too_many_groups_for_a_picture(tmp_path: Path) -> None:
    table = "day,term,count\n" + "".join(f"{day},비,1\n" for day in range(40))
    done = korpus("wordcloud", "-o", tmp_path / "a.png", stdin=table)
    assert done.returncode == 1 and "40 groups are too many for one picture" in done.stderr
    assert "-o 'cloud-{group}.png'" in done.stderr
    options = ["--size", "10000x9000", "-o", tmp_path / "a.png"]
    done = korpus("wordcloud", *options, stdin="g,term,count\na,비,1\nb,눈,1\n")
    assert done.returncode == 1 and "too large a picture" in done.stderr


def test_one_group(tmp_path: Path) -> None:
    rows = [
        dict(zip(("topic", "term", "weight"), row.split(","), strict=True))
        for row in TABLE.split()[1:]
    ]
    assert weights(rows, "1") == {"병원": 0.5, "의사": 0.25}
    with pytest.raises(KorpusError, match="the table has 2 groups"):
        weights(rows)
    done = korpus("wordcloud", "--group", "2", "-o", tmp_path / "a.svg", stdin=TABLE)
    assert done.returncode == 0 and words(tmp_path / "a.svg") == ["영화"]
    done = korpus("wordcloud", "--group", "4", "-o", tmp_path / "b.png", stdin=TABLE)
    assert done.returncode == 1 and "no group '4'\nhint: its groups are 1, 2, 3\n" in done.stderr
    one = "group,term,count\n가,병원,3\n"
    assert korpus("wordcloud", "-o", tmp_path / "b.png", stdin=one).returncode == 0
    done = korpus("wordcloud", "--group", "1", "-o", tmp_path / "b.png", stdin="term,count\n가,3\n")
    assert done.returncode == 1 and "the table has no groups" in done.stderr
    done = korpus("wordcloud", "--group", "1", "-o", tmp_path / "b.png", stdin=TOKENS)
    assert done.returncode == 1 and "hint: give the column of the groups: --by" in done.stderr


def test_long_words_are_left_out(tmp_path: Path) -> None:
    tokens = ["영화", "가" * 51, "나" * 200_000, "다" * 50]
    record = lines({"id": "1", "tokens": tokens, "tags": ["NNG"] * 4})
    done = korpus("wordcloud", "-o", tmp_path / "a.svg", stdin=record)
    assert done.returncode == 0
    assert "korpus: 2 words of more than 50 characters left out\n" in done.stderr
    assert set(words(tmp_path / "a.svg")) == {"영화", "다" * 50}


def test_control_characters_in_tokens(tmp_path: Path) -> None:
    record = {"id": "1", "tokens": ["가\x1c나", "가 나", "다\x85", "라\n"], "tags": ["NNG"] * 4}
    done = korpus("wordcloud", "-o", tmp_path / "a.svg", stdin=lines(record))
    assert done.returncode == 0, done.stderr
    assert set(words(tmp_path / "a.svg")) == {"가 나", "다", "라"}


def test_masks_are_pictures_of_pixels(tmp_path: Path) -> None:
    picture = Image.new("L", (60, 40), "black")
    for format in ("png", "jpeg", "webp", "bmp", "gif", "tiff"):
        picture.save(tmp_path / "mask.data", format)
        assert read_mask(str(tmp_path / "mask.data")).shape == (40, 60)
    for format in ("eps", "dds", "avif", "ppm"):
        picture.convert("RGB").save(tmp_path / "mask.png", format)
        with pytest.raises(KorpusError, match="not a picture"):
            read_mask(str(tmp_path / "mask.png"))


@pytest.fixture(scope="module")
def small_font() -> bytes:
    """The font with few glyphs, which is read in no time."""
    font = TTFont(default_font())
    subsetter = Subsetter()
    subsetter.populate(text="가나다 abc")
    subsetter.subset(font)
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


@settings(max_examples=30)
@given(st.data())
def test_damaged_masks_and_fonts_are_refused(small_font: bytes, data: st.DataObject) -> None:
    stream = io.BytesIO()
    format = data.draw(st.sampled_from(["png", "jpeg", "webp", "bmp", "gif", "tiff"]))
    Image.new("L", (20, 10), "gray").save(stream, format)
    damaged = flipped(stream.getvalue(), data)
    with TemporaryDirectory() as folder, contextlib.suppress(KorpusError):
        (Path(folder) / "mask").write_bytes(damaged)
        read_mask(str(Path(folder) / "mask"))
    with TemporaryDirectory() as folder, contextlib.suppress(KorpusError):
        font = Path(folder) / "font.ttf"
        font.write_bytes(flipped(small_font, data))
        cloud = wordcloud({"가": 1.0}, size=(40, 20), font=font)
        write_cloud(cloud, f"{folder}/a.png")
        write_cloud(cloud, f"{folder}/a.svg")


def flipped(whole: bytes, data: st.DataObject) -> bytes:
    """The bytes with some bits flipped, mostly near the start, where the headers are."""
    damaged = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, min(len(whole), 2000) - 1), max_size=4)):
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    return bytes(damaged)


def test_settings_of_matplotlib_in_the_folder_are_not_obeyed(
    sample_nouns: Path, tmp_path: Path
) -> None:
    rules = "text.usetex: True\naxes.facecolor: red\nbackend: nonsense\nfont.size: 30\n"
    (tmp_path / "matplotlibrc").write_text(rules)
    command = ["wordcloud", sample_nouns, "--max-words", "5"]
    plain = korpus(*command, "-o", tmp_path / "a.png")
    folder = fresh(*command, "-o", tmp_path / "b.png", cwd=tmp_path)
    assert plain.returncode == folder.returncode == 0, folder.stderr
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert plain.stderr.split(",")[0] == folder.stderr.split(",")[0]  # no warning


def test_a_pdf_has_the_words_and_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        done = korpus("wordcloud", "-o", tmp_path / name, "--size", "400x300", stdin=GOOD)
        assert done.returncode == 0, done.stderr
    page = PdfDocument(tmp_path / "a.pdf")[0]
    assert page.get_size() == (400, 300)
    text = page.get_textpage().get_text_bounded()
    assert sorted("".join(text.split())) == sorted("".join(TERMS))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_horizontal_words_only() -> None:
    terms = {f"낱말{number}": 1.0 for number in range(60)}
    upright = [place[3] for place in wordcloud(terms, size=(400, 300)).layout_]
    assert any(upright)
    drawn = wordcloud(terms, size=(400, 300), horizontal=True)
    assert len(drawn.layout_) > 30 and not any(place[3] for place in drawn.layout_)


def test_a_cloud_per_group_of_tokens(tmp_path: Path) -> None:
    """As from the table of freq --by."""
    documents = lines(
        {"id": "1", "kind": "가", "tokens": ["영화", "배우"], "tags": ["NNG"] * 2},
        {"id": "2", "kind": "나", "tokens": ["병원"], "tags": ["NNG"]},
    )
    done = korpus("wordcloud", "--by", "kind", "-o", tmp_path / "a.svg", stdin=documents)
    assert done.returncode == 0, done.stderr
    table = korpus("freq", "--by", "kind", stdin=documents).stdout
    assert korpus("wordcloud", "-o", tmp_path / "b.svg", stdin=table).returncode == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    files = ("-o", tmp_path / "c-{group}.svg", "--by", "kind", "--group", "나")
    assert korpus("wordcloud", *files, stdin=documents).returncode == 0
    assert words(tmp_path / "c-나.svg") == ["병원"]


def test_documents_without_a_group_have_a_title() -> None:
    assert title(Groups("kind", {}), "") == "kind no value" and title(Groups(None, {}), "") == ""


def test_the_default_colours_are_those_of_charts() -> None:
    shades = {place[4] for place in wordcloud(TERMS, size=(400, 300)).layout_}
    known = {tuple(bytes.fromhex(colour[1:])) for colour in BRIGHT}
    assert {tuple(map(int, re.findall(r"\d+", shade))) for shade in shades} <= known


def test_a_cloud_per_document(tmp_path: Path) -> None:
    documents = "".join(lines({"id": n, "tokens": ["영화"], "tags": ["NNG"]}) for n in "12")
    korpus("wordcloud", "--by", "id", "-o", tmp_path / "{group}.svg", stdin=documents)
    assert {path.name for path in tmp_path.iterdir()} == {"1.svg", "2.svg"}
