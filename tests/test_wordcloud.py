import re
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageDraw

from korpus.errors import KorpusError, UsageError
from korpus.views import check_glyphs, default_font, weights, wordcloud
from tests.support import TOKENS, korpus, lines

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
    done = korpus("wordcloud", "-o", tmp_path / "a.svg", stdin=GOOD)
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
        (["-o", "a.gif"], "a picture is .png or .svg", 2),
        (["-o", "a.png", "--size", "big"], "--size big is not WIDTHxHEIGHT", 2),
        (["-o", "a.png", "--size", "99999x99999"], "or too large", 2),
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


def test_groups_are_never_summed_silently(tmp_path: Path) -> None:
    table = "topic,term,weight\n1,병원,0.5\n1,의사,0.25\n2,영화,0.5\n"
    done = korpus("wordcloud", "-o", tmp_path / "a.png", stdin=table)
    assert done.returncode == 1 and not (tmp_path / "a.png").exists()
    assert "the table has 2 groups\nhint: draw one with --group VALUE: 1, 2\n" in done.stderr
    rows = [
        dict(zip(("topic", "term", "weight"), row.split(","), strict=True))
        for row in table.split()[1:]
    ]
    assert weights(rows, "1") == {"병원": 0.5, "의사": 0.25}
    done = korpus("wordcloud", "--group", "2", "-o", tmp_path / "a.svg", stdin=table)
    assert done.returncode == 0 and (tmp_path / "a.svg").exists()
    done = korpus("wordcloud", "--group", "3", "-o", tmp_path / "b.png", stdin=table)
    assert done.returncode == 1 and "no group '3'" in done.stderr
    by = korpus(
        "freq", "--by", "rating", stdin=lines(*({"tokens": ["병원"], "rating": n} for n in "12"))
    )
    done = korpus("wordcloud", "-o", tmp_path / "b.png", stdin=by.stdout)
    assert done.returncode == 1 and "--group VALUE: 1, 2" in done.stderr
    one = "group,term,count\n가,병원,3\n"
    assert korpus("wordcloud", "-o", tmp_path / "b.png", stdin=one).returncode == 0
    done = korpus("wordcloud", "--group", "1", "-o", tmp_path / "b.png", stdin="term,count\n가,3\n")
    assert done.returncode == 1 and "the table has no groups" in done.stderr
    done = korpus("wordcloud", "--group", "1", "-o", tmp_path / "b.png", stdin=TOKENS)
    assert done.returncode == 1 and "hint: count them first: korpus freq --by" in done.stderr
