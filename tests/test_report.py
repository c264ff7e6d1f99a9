"""report: one page of documents, opened in a real browser."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from korpus.messages import in_language
from korpus.reports import SECTIONS, report
from korpus.reports.page import policy
from tests.support import ROOT, korpus, lines

SAMPLE = ROOT / "sample_data" / "reviews.csv"
NASTY = "</script><img src=x onerror=alert(1)>"
WORDS = ("식당 국물 반찬 김치", "병원 의사 간호사 치료")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def data_of(html: str) -> dict[str, Any]:
    """What the page's script works on."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found[1])


def documents(number: int = 40) -> list[dict[str, Any]]:
    """Short documents of two groups over two years, with markup in every column."""
    return [
        {
            "id": f"{n}{NASTY if n == 3 else ''}",
            "date": f"202{n % 2}-0{n % 9 + 1}-11",
            "rating": 1 + n % 3 if n % 2 else 8 + n % 3,
            "kind": f"나{NASTY}" if n % 2 else "가",
            "text": f"{WORDS[n % 2]} 좋다 {n}번 {NASTY}",
        }
        for n in range(number)
    ]


def tokens() -> list[dict[str, Any]]:
    """The same, split at spaces, so that markup is among the words too."""
    found = []
    for row in documents():
        words = [*row["text"].removesuffix(NASTY).split(), NASTY]
        found.append({**row, "tokens": words, "tags": ["NNG"] * len(words)})
    return found


def made() -> str:
    """A page with all sections."""
    return report(tokens(), by="kind", k=2, title=f"제목 {NASTY}", lang="ko").html


@pytest.fixture(scope="module")
def page() -> str:
    """The page that most tests look at."""
    return made()


def test_every_section_is_in_the_page(page: str) -> None:
    for name in SECTIONS:
        assert f'<section id="{name}"' in page, name
        assert f'href="#{name}"' in page


def test_a_page_loads_nothing_and_runs_only_its_own_scripts(page: str) -> None:
    rules = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert rules
    assert "default-src &#39;none&#39;" in rules[1]
    assert "unsafe" not in rules[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    style = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert len(scripts) == 2 and len(style) == 1
    assert policy(scripts, style[0]).replace("'", "&#39;") == rules[1]


def test_text_is_text_everywhere(page: str) -> None:
    assert "<img" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    data = data_of(page)
    assert all(NASTY in text for text in data["documents"]["text"])
    assert page.count("</script>") == 3


def test_the_same_documents_give_the_same_page(page: str) -> None:
    assert made() == page


def test_the_language_is_chosen() -> None:
    with in_language("en"):
        html = report(documents(), only="words,topics", k=2, lang="ko").html
    assert '<html lang="ko">' in html
    assert "자주 쓰인 단어" in html
    assert "Frequent words" not in html
    assert '<section id="corpus"' not in html


def test_figures_are_those_of_the_stages() -> None:
    from korpus import clean, freq, morph, stopwords

    rows = morph(clean(documents()), lemma=True, join="negation")
    table = freq(stopwords(rows))
    counts = {row["term"]: row["count"] for row in table}
    html = report(documents(), only="words").html
    shown = data_of(html)["charts"]["words-bars"]["data"]["values"]
    assert {row["word"]: row["count"] for row in shown}.items() <= counts.items()
    assert shown[0]["count"] == 40


def test_messages_name_no_option_that_report_lacks(tmp_path: Path) -> None:
    """And they are in the language of the reader, not in that of the page."""
    line = ["report", str(SAMPLE), "--by", "category", "--only", "keywords,network,neighbours"]
    done = korpus(*line, "--lang", "ko", "-o", str(tmp_path / "x.html"))
    assert done.returncode == 0, done.stderr
    assert "terms compared" in done.stderr and not re.search("문서|단어", done.stderr)
    assert {*re.findall(r"--[a-z][a-z-]+", done.stderr)} <= {"--date", "--rating", "--by"}
    assert "<h1>reviews.csv</h1>" in (tmp_path / "x.html").read_text()
    assert "<h1>문서 40건의 내용</h1>" in report(tokens(), only="words", lang="ko").html


def test_documents_with_tokens_are_taken_as_they_are(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "tokens": ["하늘", "바다"], "tags": ["NNG", "NNG"], "text": "하늘 바다"}
        for n in range(30)
    ]
    output = tmp_path / "x.html"
    done = korpus("report", "-", "--only", "words", "-o", str(output), stdin=lines(*rows))
    assert done.returncode == 0, done.stderr
    shown = data_of(output.read_text())["charts"]["words-bars"]["data"]["values"]
    assert [(row["word"], row["count"]) for row in shown] == [("바다", 30), ("하늘", 30)]


def test_a_section_without_anything_to_show_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("id,text\n1,병원에 갔다\n")
    done = korpus("report", str(path), "-o", str(tmp_path / "one.html"))
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "one.html").read_text()
    assert '<section id="words"' in html
    assert '<section id="shares"' not in html
    assert "section neighbours left out" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "wrods"), "there is no section 'wrods'"),
        (("-k", "0"), "-k 0 is less than 1"),
        (("--lang", "fr"), "--lang"),
        (("--by", "nothing"), "has no column 'nothing'"),
        (("--date", "text"), "is not a date"),
    ],
)
def test_wrong_options_are_said(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = korpus("report", str(SAMPLE), *arguments, "-o", str(tmp_path / "x.html"))
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert not (tmp_path / "x.html").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser, started once."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def test_a_reader_uses_the_page(browser: Any, page: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    path = tmp_path / "page.html"
    path.write_text(page)
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    said: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(path.as_uri())
    for name in SECTIONS:  # each chart is drawn when the reader comes near it
        opened.locator(f".contents a[href='#{name}']").click()
        for chart in opened.locator(f"#{name} .chart:visible").all():
            chart.locator("svg").first.wait_for(timeout=20_000)

    opened.get_by_role("tab", name="워드클라우드").click()
    opened.locator("[data-chart='words-cloud'] text").first.wait_for()

    terms = opened.locator("[data-chart='topic-terms']")
    before = terms.text_content()
    word = opened.locator("[data-terms] td").first.text_content()
    terms.locator(".layer_1_marks path").first.hover()
    expect(opened.locator("[data-spread]")).to_contain_text(word)
    with opened.expect_download() as saved:
        opened.locator("[data-save-all]").click()
    saved_rows = list(csv.reader(saved.value.path().read_text("utf-8-sig").splitlines()))
    assert saved_rows[0][0] == "id" and len(saved_rows) == 41
    opened.locator("#relevance").fill("0")
    assert opened.locator("[data-lambda]").inner_text() == "0.0"
    opened.locator("[data-topic='1']").click()
    assert opened.locator("[data-topic='1']").get_attribute("aria-pressed") == "true"
    expect(terms).not_to_have_text(before)
    assert NASTY in opened.locator("[data-typical]").inner_text()

    place = "[data-chart='network'] .circles path"
    opened.locator(place).first.scroll_into_view_if_needed()
    box = opened.locator(place).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + 60, y + 30, steps=4)
    opened.mouse.up()
    moved = opened.locator(place).first.bounding_box()
    assert abs(moved["x"] - box["x"] - 60) < 3
    opened.locator("[data-zoom='1.4']").click()

    opened.locator("#trends-word").fill("김치")
    opened.locator("#trends-word").press("Enter")
    assert "김치" in opened.locator("[data-chips]").inner_text()
    opened.locator("[data-chips] button").first.click()

    opened.locator("#neighbours-word").fill("국물")
    assert opened.locator("#neighbours [data-word]").first.inner_text() == "국물"
    opened.locator("#neighbours-word").fill("없는말")
    opened.locator("#neighbours-word").press("Enter")
    assert "없는말" in opened.locator("#neighbours [data-said]").inner_text()

    opened.locator("#concordance-search").fill("간호사")
    assert opened.locator("#concordance [data-rows] mark").first.inner_text() == "간호사"
    opened.locator("#concordance-sort").select_option("right")

    opened.locator("#documents-search").fill("반찬")
    assert opened.locator("#documents [data-count]").inner_text() == "문서 20건"
    opened.locator("#documents th button").nth(1).click()
    assert opened.locator("#documents th[aria-sort='ascending']").count() == 1
    assert NASTY in opened.locator("#documents [data-rows]").inner_text()

    assert said == []
    assert requests == [path.as_uri()]
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible(browser: Any, page: str, tmp_path: Path, scheme: str) -> None:
    """Also to screen readers, and by contrast, as axe-core measures it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "page.html"
    path.write_text(page)
    # The checks are a script of their own, which the page's policy would not run.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(path.as_uri())
    opened.locator("[data-chart='alike'] svg, [data-chart='neighbours'] svg").first.wait_for()
    found = axe.Axe().run(opened)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    context.close()


def test_all_that_tabs_hide_is_printed(browser: Any, page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page)
    opened = browser.new_page(viewport={"width": 900, "height": 900}, color_scheme="dark")
    opened.goto(path.as_uri())
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened.emulate_media(media="print")
    for panel in opened.locator("[role='tabpanel']").all():
        assert panel.is_visible()
    opened.locator("[data-chart='words-cloud'] svg text").nth(3).wait_for()
    assert not opened.locator(".contents, .search, [role='tablist']").first.is_visible()
    paper = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    opened.close()


@pytest.mark.parametrize("width", [390, 900, 1440])
def test_a_page_fits_its_window(browser: Any, page: str, tmp_path: Path, width: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(page)
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.goto(path.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.close()


def test_awkward_corpora(tmp_path: Path) -> None:
    """No documents; one without tokens; CP949; one group; a date that is none."""
    empty = tmp_path / "empty.csv"
    empty.write_text("id,text\n")
    output = tmp_path / "x.html"
    done = korpus("report", str(empty), "-o", str(output))
    assert done.returncode == 1
    assert "there are no documents to report on" in done.stderr
    assert not output.exists()

    blank = tmp_path / "blank.csv"
    blank.write_text("id,text,kind,date\n1, ,가,언젠가\n")
    done = korpus("report", str(blank), "--by", "kind", "-o", str(output))
    assert done.returncode == 0, done.stderr
    assert "section words left out" in done.stderr
    assert "section keywords left out" in done.stderr
    assert '<section id="documents"' in output.read_text()

    rows = [f"{n},{WORDS[n % 2]},가" for n in range(20)]
    (tmp_path / "k.csv").write_text("\n".join(["id,text,kind", *rows]), "cp949")
    (tmp_path / "u.csv").write_text("id,text\n1,가\n")
    both = [str(tmp_path / "k.csv"), str(tmp_path / "u.csv")]
    done = korpus("report", *both, "--only", "words,corpus", "-o", str(output))
    assert done.returncode == 0, done.stderr
    html = output.read_text()
    assert "식당" in html and "<h1>k.csv, u.csv</h1>" in html
    assert "<li>k.csv: read as CP949 (EUC-KR)</li><li>u.csv: read as UTF-8</li>" in html


def test_a_large_corpus_is_sampled_and_its_statistics_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from korpus.reports import corpus

    monkeypatch.setattr(corpus, "_MOST_DOCUMENTS", 10)
    html = report(tokens(), only="words,documents", lang="en").html
    data = data_of(html)
    assert len(data["documents"]["id"]) == 10
    assert data["charts"]["words-bars"]["data"]["values"][0]["count"] == 40
    assert "A random sample of 10 from 40 documents" in html


def test_a_model_made_before_is_shown() -> None:
    from korpus import lda

    model = lda(tokens(), k=3)
    html = report(tokens(), only="topics", lda=model, lang="en").html
    rows = data_of(html)["charts"]["topic-map"]["data"]["values"]
    assert [row["share"] for row in rows] == pytest.approx(model.shares.tolist())
    weights = model.topic_term * model.shares[:, None]
    place = model.terms.index("국물")
    found = dict(data_of(html)["sections"]["topics"]["spread"]["국물"])
    for topic, weight in enumerate(weights[:, place] / weights[:, place].sum()):
        assert found.get(topic, 0) == pytest.approx(100 * weight, abs=0.5)


def test_topics_may_lack_words(recwarn: pytest.WarningsRecorder) -> None:
    from korpus import nmf

    model = nmf(tokens(), k=2)
    assert (model.topic_term == 0).any()
    data = data_of(report(tokens(), only="topics", lda=model).html)["sections"]["topics"]
    for topic, terms in enumerate(data["terms"]):
        known = {
            term
            for term, weight in zip(model.terms, model.topic_term[topic], strict=True)
            if weight > 0
        }
        assert {row[0] for row in terms} == known
    assert [str(one.message) for one in recwarn if one.category is RuntimeWarning] == []


def test_a_lexicon_gives_the_feeling_of_documents() -> None:
    from korpus.models.sentiment import Lexicon

    html = report(tokens(), only="sentiment", lexicon=Lexicon({"국물": 1.0, "의사": -1.0})).html
    rows = data_of(html)["charts"]["sentiment-signs"]["data"]["values"]
    assert [row["documents"] for row in rows] == [20, 0, 20]
