"""Pictures as one family: one style, titles, sizes, resolutions; and what they draw of a table."""

import json
import re
import shlex
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pypdfium2
import pytest
from PIL import Image

from korpus import views
from korpus.cli import app, registry
from korpus.errors import KorpusError
from korpus.files import write_chart
from korpus.files.writers.bars import bar_lines
from korpus.pictures import FONT
from korpus.tables import Table
from korpus.views.labels import shortened, text_width, wrapped
from korpus.views.plot_bars import labels
from korpus.views.style import PALE_INK
from tests.support import ROOT, korpus, lines

pytestmark = pytest.mark.usefixtures("one_bundle")

VIEWS = sorted((ROOT / "korpus" / "views").glob("*.py"))
OWN_LOOK = re.compile(
    r"#[0-9a-fA-F]{6}\b|fontSize=[\d.]|scheme=[\"']|[\"'](?:white|black|gr[ae]y)[\"']|font=[\"']"
)
GALLERY = (package_files("korpus.data") / "recipes" / "gallery.en.md").read_text("utf-8")
DOCUMENTS = lines(
    {"id": "1", "group": "가", "tokens": ["영화", "배우", "영화"], "tags": ["NNG"] * 3},
    {"id": "2", "group": "나", "tokens": ["병원", "의사"], "tags": ["NNG"] * 2},
)


def table(rows: list[tuple[Any, ...]], *columns: str) -> Table:
    return Table(list(columns), lambda: rows)


def frequencies(*rows: tuple[str, float]) -> Table:
    return table([(term, "NNG", count) for term, count in rows], "term", "tag", "count")


def plotting() -> list[str]:
    """The names of the commands with --plot."""
    return [entry.name for entry in registry.COMMANDS if "plot" in options(entry)]


def options(entry: registry.Command) -> set[str]:
    return {parameter.name for parameter in app.load_command(entry).params}


def test_pictures_take_their_look_from_one_place() -> None:
    for path in VIEWS:
        if path.name not in ("style.py", "wordcloud.py", "labels.py"):
            assert OWN_LOOK.findall(path.read_text("utf-8")) == [], path.name


def test_every_command_that_draws_has_a_title_a_size_and_a_resolution() -> None:
    found = plotting()
    assert len(found) >= 31
    for entry in registry.COMMANDS:
        if entry.name in found:
            assert {"title", "size", "dpi"} <= options(entry), entry.name


def test_every_picture_is_in_the_gallery_and_its_commands_can_be_parsed() -> None:
    script = "".join(re.findall(r"^```sh\n(.*?)^```", GALLERY, re.S | re.M)).replace("\\\n", " ")
    drawn = set()
    for line in filter(None, re.split(r"[|\n]", script)):
        if line.split()[:1] != ["korpus"]:
            continue
        words = shlex.split(line)[1:]
        entry = next(
            one for one in registry.COMMANDS if words[: one.name.count(" ") + 1] == one.name.split()
        )
        command = app.load_command(entry)
        context = command.make_context(entry.name, words[entry.name.count(" ") + 1 :])
        if context.params.get("plot"):
            drawn.add(entry.name)
    # Others draw what one of these draws: topics of other models, and sheets that people filled in.
    alike = {"plsa", "stm", "topics embed", "classify evaluate", "reliability"}
    # Sample data has no trees, and transformers are an extra.
    others = {"tree", "tf pretrain", "tf finetune", "tf align"}
    assert set(plotting()) - drawn == alike | others


def test_options_of_a_picture_need_a_picture() -> None:
    for given in (["--title", "x"], ["--size", "300x200"], ["--dpi", "300"]):
        done = korpus("freq", *given, stdin=DOCUMENTS)
        assert done.returncode == 2 and "does nothing without --plot" in done.stderr
    done = korpus("freq", "--plot", "a.png", "--size", "30", stdin=DOCUMENTS)
    assert done.returncode == 2 and "--size 30 is not WIDTHxHEIGHT" in done.stderr


def test_a_title_and_a_size(tmp_path: Path) -> None:
    """Through the command; the letters of a larger picture have the size of the others."""
    line = ["freq", "--by", "group", "-o", "a.csv", "--title", "낱말 세기"]
    for name in ("a.png", "a.svg"):
        done = korpus(
            *line,
            "--plot",
            name,
            "--size",
            "900x500",
            "--dpi",
            "150",
            stdin=DOCUMENTS,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (900 * 150 // 96, 500 * 150 // 96)
        assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    svg = (tmp_path / "a.svg").read_text("utf-8")
    assert svg.startswith("<svg") and 'width="900" height="500"' in svg
    assert "낱말 세기" in svg and "Most frequent terms" not in svg
    assert 'font-size="16px"' in svg and 'font-size="12px"' in svg
    assert re.search(r'viewBox="0 0 900(\.0\d*)? 500(\.0\d*)?"', svg)


@pytest.mark.parametrize("size", [(320, 200), (1500, 400), (401, 1203)])
def test_pictures_have_exactly_the_size(tmp_path: Path, size: tuple[int, int]) -> None:
    """Small ones and maps as a whole; a page and a PDF too."""
    pairs = views.plot_pairs(table([("1", "2", 0.5), ("2", "3", 0.2)], "a", "b", "similarity"))
    for number, chart in enumerate((views.plot_freq(frequencies(("영화", 3))), pairs)):
        path = str(tmp_path / str(number))
        write_chart(chart, f"{path}.png", size=size, dpi=96)
        with Image.open(f"{path}.png") as picture:
            assert picture.size == size
    write_chart(pairs, f"{path}.pdf", size=size)
    page = pypdfium2.PdfDocument(f"{path}.pdf")[0]
    assert page.get_size() == pytest.approx(size, abs=0.6)
    write_chart(pairs, f"{path}.html", size=size)
    assert f"#chart svg{{width:{size[0]}px;height:{size[1]}px}}" in Path(f"{path}.html").read_text()


def test_the_title_of_a_picture_can_be_changed_and_left_out() -> None:
    chart = views.plot_evenness(table([("영화", "NNG", 0.5)], "term", "tag", "dp"))
    title = chart.to_dict()["title"]
    assert title["text"] == ["How unevenly terms occur"] and len(title["subtitle"]) == 1
    other = views.titled(chart, "제목 " * 60).to_dict()["title"]
    assert other["subtitle"] == title["subtitle"] and len(other["text"]) > 2
    assert "title" not in views.titled(chart, "").to_dict()
    assert chart.to_dict()["title"] == title and chart.to_dict()["config"]["font"] == FONT


def test_notes_can_be_read() -> None:
    """The contrast of their letters on white (WCAG 2.2, 1.4.3)."""
    shares = [int(PALE_INK[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_long_titles_are_broken() -> None:
    text = "토픽의 단어 " * 8 + "가" * 60
    broken = wrapped(text, 16, 300)
    assert all(text_width(line, 16) <= 300 for line in broken)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert wrapped("", 12, 100) == [""]


def bars(chart: dict[str, Any]) -> list[list[tuple[str, float]]]:
    """The bars of each panel from the top, in the order of its axis."""
    found = []
    for panel in chart.get("concat", [chart]):
        values = {one["label"]: one["value"] for one in shown(panel, chart)}
        order = panel["layer"][0]["encoding"]["y"]["sort"]
        assert sorted(order) == sorted(values)
        found.append([(label, values[label]) for label in order])
    return found


def shown(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a panel, which stand in it, or in the chart if they are those of all panels."""
    found: list[dict[str, Any]] = next(part["data"]["values"] for part in parts if "data" in part)
    return found


def plain(chart: Any) -> dict[str, Any]:
    """A chart with its data in place. Raises ValueError for numbers that JSON does not know."""
    found = json.loads(json.dumps(chart.to_dict(), allow_nan=False))

    def filled(part: Any) -> Any:
        if isinstance(part, list):
            return [filled(item) for item in part]
        if not isinstance(part, dict):
            return part
        if part.keys() == {"name"} and part["name"] in found["datasets"]:
            return {"values": found["datasets"][part["name"]]}
        return {name: filled(value) for name, value in part.items()}

    filled_chart: dict[str, Any] = filled(found)
    return filled_chart


def test_bars_are_in_the_order_of_the_table() -> None:
    rows = [("토픽", 1, "나", 0.5), ("토픽", 2, "가", -0.3), ("둘", 1, "다", 0.0)]
    chart = plain(views.plot_topic_words(table(rows, "topic", "rank", "term", "weight")))
    assert bars(chart) == [[("나", 0.5), ("가", -0.3)], [("다", 0.0)]]
    many = plain(views.plot_freq(frequencies(("가", 1234567), ("나", 114.2), ("다", 0.00123))))
    assert [one["text"] for one in shown(many)] == ["1,234,567", "114", "0.00123"]
    texts = [one["text"] for one in shown(chart["concat"][0])]
    assert texts == ["0.500", "-0.300"]
    assert [panel["title"] for panel in chart["concat"]] == ["topic 토픽", "topic 둘"]


HARD = [
    *("가" * 80, "an English label of more than eighty letters " * 2, "좋아요😀", "</script><b>"),
    *("e\u0301", normalize("NFD", "병원"), " ", "\u200b", "a.b[c]:'d'", '"', "\\"),
]


def test_any_label_and_number_can_be_drawn(tmp_path: Path) -> None:
    rows = [(term, 3 - number) for number, term in enumerate(HARD)]
    chart = views.plot_freq(frequencies(*rows, ("무", float("nan")), ("끝", float("inf"))))
    (panel,) = bars(plain(chart))
    assert [value for _label, value in panel] == [value for _term, value in rows]
    assert all(text_width(label, 12) <= 12 * 15 for label, _value in panel)
    write_chart(chart, str(tmp_path / "a.svg"))
    svg = (tmp_path / "a.svg").read_text("utf-8")
    assert "<script" not in svg and "병원" in svg and normalize("NFC", svg) == svg


def test_terms_that_look_alike_have_their_own_bars() -> None:
    long = "가나다라마바사아자차카타파하"
    rows = [{"term": long + end} for end in "123"] + [{"term": "가", "tag": t} for t in ("N", "V")]
    found = labels(rows)
    assert len(set(found)) == 5 and found[3:] == ["가/N", "가/V"]
    assert {one.rstrip() for one in found[:3]} == {shortened(long)}


def test_many_rows_and_groups() -> None:
    rows = [(f"낱말{number}", 500 - number) for number in range(500)]
    assert [len(panel) for panel in bars(plain(views.plot_freq(frequencies(*rows))))] == [30]
    groups = [(str(n), f"낱말{n}", 1.0) for n in range(500)]
    chart = plain(views.plot_tfidf(table(groups, "id", "term", "tfidf")))
    assert len(chart["concat"]) == 24 and chart["title"]["subtitle"] == ["the first 24 of 500"]
    with pytest.raises(KorpusError, match="nothing to draw"):
        views.plot_tfidf(table([], "id", "term", "tfidf"))


def test_measures_are_dots_with_their_intervals() -> None:
    rows = [("가", 0.5, 0.4, 0.6, None), ("", 0.7, None, None, None)]
    columns = ("group", "mattr", "mattr_low", "mattr_high", "sentence_length")
    chart = plain(views.plot_lexical(table(rows, *columns)))
    (panel,) = chart["concat"]  # a measure without values has none
    assert panel["title"] == "moving-average TTR (MATTR)" and len(panel["layer"]) == 2
    dots = [(one["label"], one["value"]) for one in shown(panel, chart)]
    assert dots == [("가", 0.5), ("no value", 0.7)]
    pairs = table([("mecab", "okt", -0.4)], "a", "b", "rank_correlation")
    scale = plain(views.plot_agree(pairs))["concat"][0]["layer"][0]["encoding"]["x"]["scale"]
    assert scale["domain"] == [-0.4, 1]
    with pytest.raises(KorpusError, match="no measure has a value"):
        views.plot_agree(table([("a", "b", None)], "a", "b", "agreement"))


def test_coders_are_drawn_with_the_bounds_of_krippendorff() -> None:
    columns = ("measure", "coders", "units", "value", "low", "high")
    chart = plain(views.plot_reliability(table([("agreement", "1,2", 9, 0.7, 0.5, 0.9)], *columns)))
    assert chart["layer"][0]["data"]["values"] == [{"at": 0.667}, {"at": 0.8}]
    interval, dot = chart["layer"][1:]
    assert interval["encoding"]["x"]["field"] == "low" and shown(interval) == shown(dot)
    assert [(one["value"], one["low"], one["high"]) for one in shown(dot)] == [(0.7, 0.5, 0.9)]


def test_sentiment_of_documents_and_of_aspects() -> None:
    rows = [
        ("1", "음식", "positive", 1.0),
        ("2", "음식", "negative", -1.0),
        ("3", "값", "neutral", 0.0),
    ]
    chart = plain(views.plot_sentiment(table(rows, "id", "aspect", "sentiment", "score")))
    values = chart["data"]["values"]
    assert [one["count"] for one in values] == [1, 0, 1, 0, 1, 0]
    assert [one["label"] for one in values[::3]] == ["음식 (2)", "값 (1)"]
    assert [values[0]["start"], values[2]["end"], values[3]["start"]] == [-0.5, 0.5, -0.5]
    alike = [(id, f"아주아주 긴 이름의 영화 제목 {id}", *rest) for id, _aspect, *rest in rows]
    chart = plain(views.plot_sentiment(table(alike, "id", "group", "sentiment", "score"), "group"))
    assert len({one["label"] for one in chart["data"]["values"]}) == 3
    scores = [(id, sentiment, score) for id, _aspect, sentiment, score in rows]
    chart = plain(views.plot_sentiment(table(scores, "id", "sentiment", "score")))
    assert [one["score"] for one in chart["data"]["values"]] == [1.0, -1.0, 0.0]
    with pytest.raises(KorpusError, match="no rows"):
        views.plot_sentiment(table([], "id", "sentiment", "score"))


def test_documents_of_two_sources_may_have_the_same_ids() -> None:
    pairs = table([("1", "1", 0.5), ("1", "2", 0.0)], "a", "b", "similarity")
    chart = plain(views.plot_pairs(pairs, two_sources=True))
    assert {one["label"] for one in chart["layer"][1]["data"]["values"]} == {"A: 1", "B: 1"}
    with pytest.raises(KorpusError, match="no pair is left"):
        views.plot_pairs(table([], "a", "b", "similarity"))


def test_titles_are_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORPUS_LANG", "ko")
    chart = plain(views.plot_freq(frequencies(("영화", 3))))
    assert chart["title"]["text"] == ["자주 나온 단어"]
    assert chart["layer"][0]["encoding"]["x"]["axis"]["title"] == "빈도"


def test_bars_on_a_terminal() -> None:
    """They start in one column, as Hangul takes two, and are as long as their counts."""
    rows = frequencies(("가", 8), ("abc", 3), ("긴 단어", 0))
    assert list(bar_lines(rows, "count", 200)) == [
        "term     tag  count",
        "가       NNG      8  " + "█" * 60,
        "abc      NNG      3  " + "█" * 22 + "▌",
        "긴 단어  NNG      0",
    ]
    assert [line.count("█") for line in bar_lines(rows, "count", 45)] == [0, 23, 8, 0]
    assert [line.count("█") for line in bar_lines(rows, "count", 5)] == [0, 10, 3, 0]


def test_bars_and_a_table(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    done = korpus("freq", "--bars", "-o", out, stdin=DOCUMENTS)
    assert "█" in done.stdout and out.read_text().startswith("term,tag,count")
    done = korpus("freq", "--bars", "-f", "csv", stdin=DOCUMENTS)
    assert done.returncode == 2 and "--bars does nothing with --format" in done.stderr
    assert korpus("freq", "--bars", stdin=lines({"id": "1", "tokens": [], "tags": []})).stdout == (
        "term  tag  count\n"
    )
