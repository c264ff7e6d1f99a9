"""Clean text: each rule, in the command and from Python."""

import csv
import json
import re
import time
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from korpus.documents import clean, difference, patterns
from korpus.documents.hanja import in_hangul
from korpus.documents.personal import _is_card, _is_resident
from korpus.errors import KorpusError, UsageError
from korpus.records import Counts
from tests.support import in_terminal, korpus, lines, records


def cleaned(text: str, **options: object) -> str:
    """A text after clean."""
    (record,) = clean([text], **options)  # type: ignore[arg-type]
    return str(record["text"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("그냥 글", "그냥 글"),
        (normalize("NFD", "한글"), "한글"),
        ("\u110f\u110f", "ㅋㅋ"),
        ("\ufeff한\u200b글\x00 \u202a끝\u202c\ud83d", "한글 끝"),
        ("👨\u200d👩\u200d👧 한\u200d글", "👨\u200d👩\u200d👧 한글"),
        ("이름\u3164없음", "이름 없음"),
        ("\u3164ㄱㅙㄶ찬은 \u3164ㄸㅒ\u3164문에", "괞찬은 떄문에"),
        (" 가\xa0 나\t다 \r\n\r\n\r\n\r\n 라 ", "가 나 다\n\n라"),
        ("<b>안녕</b> &quot;하세요&quot;&nbsp;끝", '안녕 "하세요" 끝'),
        ("<기생충>과 <A>를 봤다. a < b > c, 3<b", "<기생충>과 <A>를 봤다. a < b > c, 3<b"),
        ("가<br/>나<p class='x' id=3>다</p><td>라</td><td>마", "가\n나\n다\n라 마"),
        ("<script>var a = '<b>';</script>글<!-- 주석 --><STYLE>x</STYLE>", "글"),
        ('<a href="http://a.b/?x=1&copy=2">링크</a> ?a=1&copy=2', "링크 ?a=1&copy=2"),
        ("&lt;b&gt;굵게&lt;/b&gt; &lt;기생충&gt;", "굵게 <기생충>"),
        ("&amp;lt; &#44032; &#55357;&#56832; &없음;", "&lt; 가 😀 &없음;"),
        ("<!-- 끝나지 않는 주석", "<!-- 끝나지 않는 주석"),
        ("<I>는 영화다. a<b>c, 1<s>2", "<I>는 영화다. a<b>c, 1<s>2"),  # without a partner
        ("<B>굵게</b> 가</i>나<img>다<p>라", "굵게 가나다\n라"),
    ],
)
def test_what_is_cleaned_by_default(text: str, expected: str) -> None:
    assert cleaned(text) == expected


@pytest.mark.parametrize("option", ["control", "html", "spaces"])
def test_each_default_can_be_left_out(option: str) -> None:
    text = {"control": "가\u200b나", "html": "<b>&lt;", "spaces": "가  나\t"}[option]
    assert cleaned(text, **{option: False}) == text
    done = korpus("clean", f"--no-{option}", stdin=lines({"id": "1", "text": text}))
    assert records(done.stdout)[0]["text"] == text
    assert "changed 0 of 1 document" in done.stderr


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({"urls": "remove"}, "봐 http://naver.com에서 (https://t.co/a) bit.ly/a.", "봐 에서 ."),
        ({"urls": "mask"}, "https://ko.wikipedia.org/wiki/대한민국 www.a.kr", "[URL] [URL]"),
        (
            {"urls": "remove"},
            "영화... 3.5점 했다.그리고 Node.js",
            "영화... 3.5점 했다.그리고 Node.js",
        ),
        ({"emails": "remove"}, "문의hong.g@a-b.co.kr로 (x@y.com)", "문의 로"),
        ({"emails": "mask"}, "a@b.com, @hong", "[EMAIL], @hong"),
        (
            {"mentions": "word"},
            "@hong 안녕 @홍길동 님 a@b.com @_@",
            "hong 안녕 홍길동 님 a@b.com @_@",
        ),
        ({"mentions": "remove"}, "@naver에서 @놈놈놈@", "에서 @놈놈놈@"),
        ({"hashtags": "word"}, "#맛집#서울 밥#먹 #1 C# &#39", "맛집 서울 밥 먹 #1 C# &#39"),
        ({"hashtags": "remove"}, "오늘 #맛집 #서울", "오늘"),
        ({"emoji": "remove"}, "안녕😀❤️👨\u200d👩\u200d👧🇰🇷1️⃣👍🏽 ★☆^^", "안녕 ★☆^^"),
        ({"emoji": "name"}, "굿😀👍🏽♥", "굿 :활짝_웃는_얼굴: :올린_엄지_갈색_피부: :하트:"),
        (
            {"repeat": 2},
            "ㅋㅋㅋㅋ 하하하하 와아아아!!!!! ㅠㅜㅠㅜㅠㅜ",
            "ㅋㅋ 하하 와아아!! ㅠㅜㅠㅜ",
        ),
        (
            {"repeat": 2},
            "10000 111111 AAA www.aaaa.com sooooo",
            "10000 111111 AAA www.aaaa.com soo",
        ),
        ({"repeat": 1}, "ㅋㅋㅋ 똑똑하다 두근두근!! ❤️❤️", "ㅋ 똑똑하다 두근두근! ❤️"),
        ({"width": True}, "ＡＢＣ　１２３！ ﾡ ￦", "ABC 123! ㄱ ₩"),
        (
            {"hanja": True},
            "漢字 미국(美國) 美國(미국)은 女子 文대통령",
            "한자 미국 미국은 여자 문대통령",
        ),
        ({"hanja": True}, "不動産 比率 成功率 音樂 殺到 金浦", "부동산 비율 성공률 음악 쇄도 김포"),
        ({"only_hangul": True}, "좋다. good ㅋㅋ 10점\n최고!", "좋다 ㅋㅋ 점\n최고"),
        ({"urls": "remove"}, "가 https://ko.wikipedia.org/wiki/서울_(도시) 나", "가 나"),
        ({"urls": "remove"}, "네이버(http://a.com/b)와", "네이버 와"),
        ({"emoji": "remove"}, "가♡나♥", "가 나"),
        ({"pattern": r"\[단독\]="}, "[단독] 기사", "기사"),
        ({"pattern": (r"(\d+)점=<\1>", "<=[")}, "10점", "[10>"),
        ({"pattern": r"(?=나)가*\=="}, "나", "나"),
    ],
)
def test_what_options_clean(options: dict[str, object], text: str, expected: str) -> None:
    assert cleaned(text, **options) == expected


def test_only_hangul_is_the_lectures_expression(shared_reviews: Path) -> None:
    import gzip

    with gzip.open(shared_reviews, "rt") as file:
        texts = [row["text"] for row, _ in zip(csv.DictReader(file), range(2000), strict=False)]
    wanted = [re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text) for text in texts]
    options = {"only_hangul": True, "spaces": False, "html": False, "control": False}
    found = [str(record["text"]) for record in clean(texts, **options)]  # type: ignore[arg-type]
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("900101-1234567 900101-1******", "******-******* ******-*******"),
        ("9001011234568 9001011234567", "************* 9001011234567"),
        ("901301-1234567", "901301-1234567"),
        ("010-1234-5678, 01012345678 02)123-4567", "***-****-****, *********** **)***-****"),
        ("+82 10-1234-5678 1588-1234 2024-01-01", "+** **-****-**** 1588-1234 2024-01-01"),
        ("4111-1111-1111-1111 4111-1111-1111-1112", "****-****-****-**** 4111-1111-1111-1112"),
        (
            "국민은행 123456-01-123456 계좌번호: 110-123-456789",
            "국민은행 ******-**-****** 계좌번호: ***-***-******",
        ),
        ("hong@a.co.kr로", "***@***.***로"),
        (
            "주민등록번호 2011073123456, RRN: 2011073123456",
            f"주민등록번호 {'*' * 13}, RRN: {'*' * 13}",
        ),
        ("950505 1234567 2011073123456", "****** ******* 2011073123456"),
        ("０１０－１２３４－５６７８ 010–1234–5678", "***－****－**** ***–****–****"),
        ("010\u22121234\u22125678 010 - 1234 - 5678", "***\u2212****\u2212**** *** - **** - ****"),
        ("+1-202-555-0123 0082-10-1234-5678", "+*-***-***-**** ****-**-****-****"),
        ("1990 - 2000 - 2010, +5 10 20 30",) * 2,
        ("1234567890123456789012", "1234567890123456789012"),
    ],
)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert cleaned(text, mask_personal=True) == expected
    assert cleaned(expected, mask_personal=True) == expected


def test_check_digits() -> None:
    assert _is_resident("9001011234568") and not _is_resident("9001011234567")
    assert _is_card("4111 1111 1111 1111") and not _is_card("4111 1111 1111 1112")
    assert _is_card("378282246310005") and not _is_card("0000000000000000")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(서울=연합뉴스) 홍길동 기자 = 정부는 밝혔다. hong@yna.co.kr", "정부는 밝혔다."),
        ("[서울=뉴시스]홍길동·김철수 기자 = 정부는.\n/홍길동 기자 hong@newsis.com", "정부는."),
        ("[이데일리 홍길동 기자] 삼성전자는 [사진=연합뉴스] 올랐다.", "삼성전자는 올랐다."),
        ("올랐다.\n<저작권자ⓒ 공감언론 뉴시스통신사. 무단전재-재배포 금지.>", "올랐다."),
        ("올랐다. 홍길동 선임기자", "올랐다."),
        ("올랐다. 무단전재 및 재배포 금지", "올랐다."),
        ("(부산·대구=뉴스1) 김기자 이기자 기자 = 부산은", "부산은"),
        ("올랐다.\n사진=연합뉴스\n내렸다.", "올랐다.\n\n내렸다."),
        ('그는 "무단전재 및 재배포 금지" 문구를 지적했다.',) * 2,
        ("무단전재 금지라고 쓰여 있었다. 무단전재 금지 조항이다.",) * 2,
        ("(서울=연합뉴스)라는 표기는 형식이다.",) * 2,
        ("그냥 즐기자 =_=ㅋ\n바로잡기자",) * 2,
        ("기자 출신 김철수 의원은 기자회견에서 홍길동 기자에게 말했다.",) * 2,
        ("홍길동 기자가 취재했다. (서울 강남구) 주민은 a=b",) * 2,
    ],
)
def test_bylines_go_and_reporters_in_the_text_stay(text: str, expected: str) -> None:
    assert cleaned(text, bylines=True) == expected


NEWS = [
    f"기사 {number}번의 내용이다.{' <무단전재 및 재배포 금지>' if number % 2 else ''} 네."
    for number in range(20)
]


def test_boilerplate(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text(lines(*({"id": str(n), "text": text} for n, text in enumerate(NEWS))))
    for jobs in (1, 2):
        for arguments, stdin in (([source], ""), ([], source.read_text())):
            done = korpus("clean", *arguments, "--boilerplate", 0.5, "-j", jobs, stdin=stdin)
            assert done.returncode == 0, done.stderr
            texts = [record["text"] for record in records(done.stdout)]
            assert texts == [f"기사 {number}번의 내용이다. 네." for number in range(20)]
            assert "korpus: boilerplate: 10 in 10 documents" in done.stderr
            assert "boilerplate that was removed: '<무단전재 및 재배포 금지>' 10" in done.stderr
    done = korpus("clean", source, "--boilerplate", 0.5, "-o", tmp_path / "out.jsonl")
    assert "20 documents in, 20 rows out" in done.stderr  # not forty: it is read twice
    assert "changed 0 of 20" in korpus("clean", source, "--boilerplate", 0.51).stderr
    found = clean((text for text in NEWS), boilerplate=0.5)
    assert "무단" not in "".join(record["text"] for record in found)
    assert [r["text"] for r in clean(NEWS[:4], boilerplate=0.1)] == [t.strip() for t in NEWS[:4]]


def test_boilerplate_of_empty_input_is_said_once() -> None:
    done = korpus("clean", "--boilerplate", 0.5, "--allow-partial", stdin="id,text\n")
    assert done.returncode == 0 and done.stderr.count("standard input is empty") == 1
    done = korpus("clean", "--boilerplate", 0.5, "--allow-partial")
    assert done.stderr.count("standard input is empty") == 1


def test_boilerplate_is_part_of_documents() -> None:
    """A review that many write is no boilerplate; neither are short answers."""
    assert [record["text"] for record in clean(["정말 재미있어요"] * 9, boilerplate=0.1)] == [
        "정말 재미있어요"
    ] * 9
    talk = [f"{word}라고 말했다.\n네.\n[앵커]" for word in "가나다라마바사"]
    assert [record["text"] for record in clean(talk, boilerplate=0.1)] == talk


def test_counts_of_each_change_are_said() -> None:
    texts = ["<b>가</b>ㅋㅋㅋㅋ", "나 http://a.com http://b.com", "다", "😀"]
    stdin = lines(*({"id": str(n), "text": text, "평점": n} for n, text in enumerate(texts)))
    for jobs in (1, 2):
        done = korpus(
            *("clean", "--repeat", 2, "--urls", "remove", "--emoji", "remove", "-j", jobs),
            stdin=stdin,
        )
        assert [line.removeprefix("korpus: ") for line in done.stderr.splitlines()] == [
            "HTML tags: 2 in 1 document",
            "URLs: 2 in 1 document",
            "emoji: 1 in 1 document",
            "repeated characters: 1 in 1 document",
            "changed 3 of 4 documents",
            "1 document empty now: kept, with no text",
        ]
        found = records(done.stdout)
        assert [record["text"] for record in found] == ["가ㅋㅋ", "나", "다", ""]
        assert [record["평점"] for record in found] == [0, 1, 2, 3]


def test_tokens_of_the_text_before_are_said() -> None:
    stdin = lines({"id": "1", "text": "<br>가", "tokens": ["가"], "tags": ["NNG"]})
    assert (
        "1 document with tokens of the text before: clean first"
        in korpus("clean", stdin=stdin).stderr
    )
    with pytest.raises(KorpusError, match="has no text to clean"):
        list(clean([{"id": "1", "tokens": ["가"]}]))


def test_a_pattern_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.1)
    before = time.monotonic()
    slow = {"id": "1", "text": "a" * 40 + "!"}
    with pytest.raises(KorpusError, match=re.escape("the pattern '(a|aa)+$' takes too long")):
        list(clean([slow], pattern="(a|aa)+$="))
    rejected: list[dict[str, object]] = []
    found = clean([slow, {"id": "2", "text": "aa"}], pattern="(a|aa)+$=", rejects=rejected.append)
    assert [record["id"] for record in found] == ["2"]
    assert rejected[0]["error"] == "slow" and rejected[0]["id"] == "1"
    assert time.monotonic() - before < 5


def test_a_slow_document_is_set_aside(tmp_path: Path) -> None:
    stdin = lines({"id": "1", "text": "a" * 40 + "!"}, {"id": "2", "text": "<br>aa"})
    done = korpus("clean", "--pattern", "(a|aa)+$=", "-o", tmp_path / "o.jsonl", stdin=stdin)
    assert done.returncode == 3
    assert "document '1': the pattern '(a|aa)+$' takes too long" in done.stderr
    assert [record["id"] for record in records((tmp_path / "o.jsonl").read_text())] == ["2"]
    (aside,) = records((tmp_path / "o.rejects.jsonl").read_text())
    assert aside["text"].startswith("aaa") and aside["error"] == "slow"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--urls", "delete"], "--urls delete is unknown"),
        (["--emoji", "word"], "--emoji word is unknown"),
        (["--boilerplate", "5"], "--boilerplate 5 is not a share"),
        (["--pattern", "abc"], "--pattern 'abc' has no replacement"),
        (["--pattern", "(=x"], "--pattern '(=x' is wrong: "),
        (["--pattern", r"가=\7"], "invalid group reference"),
        (["--pattern", "=x"], "--pattern '=x' has no replacement"),
    ],
)
def test_errors(options: list[str], message: str) -> None:
    done = korpus("clean", *options, stdin="가\n")
    assert done.returncode == 2 and message in done.stderr and "hint: " in done.stderr


def test_diff_shows_before_and_after() -> None:
    stdin = lines({"id": "7", "text": "<b>가</b> 나ㅋㅋㅋㅋ\n끝\u200b"}, {"id": "8", "text": "라"})
    done = korpus("clean", "--repeat", 2, "--diff", stdin=stdin)
    assert done.stdout.splitlines()[:3] == [
        "document 7",
        "- [-<b>-]가[-</b>-] [-나ㅋㅋㅋㅋ-]⏎끝[-‹U+200B›-]",
        "+ 가 {+나ㅋㅋ+}⏎끝",
    ]
    assert "document 8" not in done.stdout
    code, shown = in_terminal("clean", "--diff", stdin=stdin)
    assert code == 0 and "\x1b[31m" in shown
    many = difference("1", "가 " * 200 + "<b>" + "나 " * 200, "가 " * 200 + "나 " * 200)
    assert [is_changed for _, is_changed in many.before] == [False, True, False]


def test_long_and_hostile_texts_take_linear_time() -> None:
    options = {
        **{"urls": "remove", "emails": "remove", "mentions": "word", "hashtags": "word"},
        **{"mask_personal": True, "emoji": "name", "hanja": True, "repeat": 2, "bylines": True},
    }
    for piece in (
        "<b",
        "<!--",
        "<a b='",
        "&#",
        "a@",
        "a.",
        "#가",
        "1-",
        "홍길동 기자 ",
        "(서울",
        "ㅋㅎㅋㄷ",
        "👨\u200d",
    ):
        before = time.process_time()
        cleaned(piece * (100_000 // len(piece)), **options)
        assert time.process_time() - before < 3, piece


PIECES = [
    *(
        "<b>",
        "</b>",
        "<br>",
        "<기생충>",
        "<!--",
        "-->",
        "&lt;",
        "&gt;",
        "&quot;",
        "&nbsp;",
        "<",
        ">",
    ),
    *("&", ";", " ", "  ", "\n", "\n\n\n", "\t", "\u200b", "\u200d", "\ufeff", "\u3164", "\r\n"),
    *(
        "가",
        "하하하하",
        "ㅋㅋㅋㅋ",
        "\u1100\u1161",
        "\u11a8",
        "\u110f\u110f",
        "😀",
        "👨\u200d👩",
        "❤️",
    ),
    *("🇰🇷", "1️⃣", "http://a.com/b", "www.naver.com에서", "a@b.com", "@hong", "#맛집#서울", "#", "@"),
    *(
        "010-1234-5678",
        "900101-1234567",
        "4111-1111-1111-1111",
        "국민은행 123456-01-123456",
        "1",
        "-",
    ),
    *(
        ".",
        "!!!!",
        "AAAA",
        "漢字",
        "(漢字)",
        "한자(漢字)",
        "홍길동 기자",
        "(서울=연합뉴스)",
        "=",
        "*",
        "/",
    ),
    *(
        "[사진=뉴스1]",
        "무단전재 및 재배포 금지",
        "ⓒ",
        "ＡＢ",
        "ﾡ",
        "e\u0301",
        "\x00",
        "\ud800",
        "<script>",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        **{n: st.booleans() for n in ("control", "html", "spaces", "width", "bylines", "hanja")},
        **{n: st.sampled_from(["keep", "remove", "mask"]) for n in ("urls", "emails")},
        **{n: st.sampled_from(["keep", "remove", "word"]) for n in ("mentions", "hashtags")},
        "emoji": st.sampled_from(["keep", "remove", "name"]),
        "mask_personal": st.booleans(),
        "repeat": st.integers(0, 3),
        "only_hangul": st.booleans(),
    },
)


@settings(max_examples=300)
@given(TEXTS, OPTIONS)
def test_cleaning_twice_changes_nothing_and_commutes_with_nfc(
    text: str, options: dict[str, object]
) -> None:
    options = {**options, "counts": Counts()}  # so that it logs nothing
    new = cleaned(text, **options)
    assert normalize("NFC", new) == new
    assert cleaned(normalize("NFC", text), **options) == new
    assert cleaned(normalize("NFD", text), **options) == new
    if not (options.get("html", True) and re.search(r"&#?\w+;", new)):
        assert cleaned(new, **options) == new


def test_hanja_counts_words() -> None:
    assert in_hangul("與野, 아름다움(美)") == ("여야, 아름다움(미)", 2)
    assert in_hangul("글") == ("글", 0)


def test_from_python() -> None:
    import korpus as api

    assert [record["text"] for record in api.clean(["<b>가</b>", None])] == ["가", ""]
    with pytest.raises(UsageError):
        api.clean(["가"], repeat=-1)
    assert json.loads(json.dumps(next(iter(api.clean({"id": 3, "text": "가"})))))["id"] == "3"
