"""A word table for morph: words kept whole, merged and dropped."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

import pytest

from korpus.analyzers import morph, word_table
from korpus.documents import kiwi
from korpus.errors import KorpusError
from korpus.files import read
from tests.support import SAMPLE, korpus

INVENTED = (
    *("뉴진솔", "아이윰", "존맛팅", "브이로큐", "워라밸링", "갓생러", "펭수옹", "킹받슴", "알잘딱"),
    *("점메추", "스불재", "억텐", "꾸안꾸", "만반잘부", "갑통알", "어쩔티비", "누물보", "캘박이"),
    *("쿠쿠루", "삥뽕집"),
)
# With and without a final consonant; ㄹ takes 로.
PARTICLES = [
    "이/가",
    "은/는",
    "을/를",
    "과/와",
    "의/의",
    "에서/에서",
    "까지/까지",
    "이다/다",
    "들/들",
]


def after(word: str, pair: str) -> str:
    closed, opened = pair.split("/")
    return word + (closed if (ord(word[-1]) - ord("가")) % 28 else opened)


SENTENCES = [
    (word, text)
    for word in INVENTED
    for text in (word, *(f"{after(word, pair)} 좋다" for pair in PARTICLES))
]


def tokens(stdout: str) -> Iterator[list[str]]:
    return (json.loads(line)["tokens"] for line in stdout.splitlines())


def table(folder: Path, *rows: str, header: str = "form\ttag\tbecomes\tdrop") -> Path:
    path = folder / "words.tsv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Compiled dictionaries go to a temporary folder, not to the cache in the home folder."""
    folder = tmp_path_factory.mktemp("kept")
    monkeypatch.setenv("KORPUS_CACHE", str(folder))
    return folder


def check_invented(found: Iterable[list[str]]) -> None:
    missing = [
        (word, tokens)
        for (word, _text), tokens in zip(SENTENCES, found, strict=True)
        if word not in tokens
    ]
    assert not missing, missing[:10]


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "hannanum", "space", "char"])
def test_invented_words_stay_whole(tmp_path: Path, analyzer: str) -> None:
    """Alone and before particles, by every analyzer."""
    words = table(tmp_path, *INVENTED, header="form")
    texts = "\n".join(text for _word, text in SENTENCES)
    done = korpus("morph", "-a", analyzer, "--words", words, stdin=texts)
    assert done.returncode == 0, done.stderr
    check_invented(tokens(done.stdout))
    assert "had no effect" not in done.stderr


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("analyzer", ["okt", "komoran", "kkma"])
def test_invented_words_stay_whole_with_analyzers_that_start_slowly(
    analyzer: str, caplog: pytest.LogCaptureFixture
) -> None:
    words = [{"form": word} for word in INVENTED]
    with caplog.at_level("INFO", "korpus"):
        found = list(morph([text for _word, text in SENTENCES], analyzer, words=words))
    check_invented(record["tokens"] for record in found)
    assert "had no effect" not in caplog.text


@pytest.mark.xdist_group("taggers")
def test_kiwi_is_asked_nothing_between_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first answer after a word takes 1.5 s."""
    shared = kiwi.start()
    calls: list[str] = []
    monkeypatch.setattr(shared, "add_user_word", lambda *_: calls.append("add"))
    ask = type(shared).morpheme
    monkeypatch.setattr(
        shared, "morpheme", lambda number: calls.append("ask") or ask(shared, number)
    )
    list(
        morph(["병원"], "kiwi", words=[{"form": word} for word in ("병원", *INVENTED[:2], "학교")])
    )
    assert calls == ["ask"] * calls.count("ask") + ["add", "add"] and calls.count("ask") >= 2


@pytest.mark.xdist_group("taggers")
def test_kiwi_is_given_what_it_has_not_of_a_long_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then its dictionary is read first: 병원의 is no word of it, 가다 no token."""
    added: list[str] = []
    monkeypatch.setattr(kiwi.start(), "add_user_word", lambda form, *_: added.append(form))
    monkeypatch.setattr("korpus.analyzers.kiwi._MANY", 3)
    forms = ["병원", "뉴진솔", "병원의", "가다"]
    list(morph(["병원"], "kiwi", words=[{"form": form, "tag": ""} for form in forms]))
    assert added == forms[1:]


def test_names_phrases_and_longer_entries(tmp_path: Path) -> None:
    words = table(tmp_path, "아이유", "바람과 함께 사라지다", "캠핑", "캠핑장", header="form")
    texts = "아이유가 온다\n바람과 함께 사라지다를 봤다\n캠핑장에 갔다\n바람과 사라지다"
    found = list(tokens(korpus("morph", "--words", words, stdin=texts).stdout))
    assert found[0][:2] == ["아이유", "가"]
    assert found[1][:2] == ["바람과 함께 사라지다", "를"]
    assert found[2][:2] == ["캠핑장", "에"]
    assert "바람과 함께 사라지다" not in found[3]


def test_inside_a_longer_word_only_where_the_analyzer_splits(tmp_path: Path) -> None:
    """AI is not in AIDS, and 가지 is not in 가지고."""
    words = table(tmp_path, "AI", "가지", "GPT-4", header="form")
    texts = "AIDS는 병이다\n가지고 왔다\nGPT-45는 없다\nGPT-4가 나왔다"
    for analyzer in ("mecab", "kiwi"):
        found = list(tokens(korpus("morph", "-a", analyzer, "--words", words, stdin=texts).stdout))
        assert "AI" not in found[0] and "GPT-4" not in found[2], analyzer
        assert found[1][:2] == ["가지", "고"] and found[3][0] == "GPT-4", analyzer


def test_known_longer_words_stay_whole(tmp_path: Path) -> None:
    """Words of the table that are parts of words of mecab's dictionary split few of them."""
    parts = ["시나", "카리스", "인신매", "로케", "프로그", "아르바", "초콜", "콘서", "다큐멘"]
    longer = [
        "시나리오",
        "카리스마",
        "인신매매",
        "프로그램",
        "아르바이트",
        "초콜릿",
        "콘서트",
        "다큐멘터리",
    ]
    words = table(tmp_path, *parts, header="form")
    texts = "\n".join(
        [*(f"{word} 있다" for word in longer), *(f"{after(p, '은/는')} 있다" for p in parts)]
    )
    found = list(tokens(korpus("morph", "--words", words, stdin=texts).stdout))
    assert [first for first, *_ in found[len(longer) :]] == parts
    whole = [first for first, *_ in found[: len(longer)]]
    assert sum(map(str.__eq__, whole, longer)) >= len(longer) - 1, whole


def test_merged_and_dropped(tmp_path: Path) -> None:
    words = table(
        tmp_path,
        "저출생\t\t저출산\t",
        "AI\t\t인공지능\t",
        "A.I.\t\t인공지능\t",
        "에이아이\t\t인공지능\t",
        "맛집\t\t맛+집\t",
        "재밌다\t\t재미있다\t",
        "영화\t\t\t1",
    )
    texts = "AI와 A.I.와 에이아이는 저출생을 본다\n맛집이다\n영화가 재밌다"
    done = korpus("morph", "--words", words, "--lemma", "--spans", stdin=texts)
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert [form for form in first["tokens"] if form == "인공지능"] == ["인공지능"] * 3
    assert "저출산" in first["tokens"] and "저출생" not in first["tokens"]
    assert second["tokens"][:2] == ["맛", "집"] and second["spans"][:2] == [[0, 2], [0, 2]]
    assert "영화" not in third["tokens"] and "재미있다" in third["tokens"]
    assert "6 merged, 1 dropped" in done.stderr
    kept = korpus("morph", "--words", words, "--pos", "noun", stdin="AI를 본다")
    assert list(tokens(kept.stdout)) == [["인공지능"]]


def test_the_short_way_gives_what_the_long_way_gives() -> None:
    """Without spans, texts in which the words of a table are tokens already are not aligned."""
    texts = [record["text"] for record in read(SAMPLE)]
    nouns = Counter(
        form
        for record in morph(texts)
        for form, tag in zip(record["tokens"], record["tags"], strict=True)
        if tag.startswith("NN") and len(form) > 1
    )
    rows = [{"form": form} for form, _count in nouns.most_common(300)]
    rows += [
        {"form": form} for form in ("국물이", "병원비", "AI", "의사 선생님", "카페라떼", "좋은")
    ]
    texts += [
        "AI와 AIDS",
        "병원비가 의사 선생님에게",
        "국물이 좋은카페라떼",
        "병원이다 병원은커녕 병원비",
    ]
    short, long = Counter(), Counter()
    found = list(morph(texts, words=rows, counts=short))
    aligned = list(morph(texts, words=rows, spans=True, counts=long))
    for one, other in zip(found, aligned, strict=True):
        assert (one["tokens"], one["tags"]) == (other["tokens"], other["tags"])
    done = [
        {key: n for key, n in c.items() if n and key.startswith("kept ")} for c in (short, long)
    ]
    assert done[0] == done[1] and sum(done[0].values()) > 1000


def test_what_follows_a_known_word_is_as_the_analyzer_says() -> None:
    texts = ["사람사이의 정", "평점이 말도 안되게 낮다", "별하나 줍니다", "미운 사람하나 없다"]
    plain = list(morph(texts))
    table = word_table([{"form": form} for form in ("사람", "안", "별")])
    with_words = list(morph(texts, words=table))
    assert [(r["tokens"], r["tags"]) for r in with_words] == [
        (r["tokens"], r["tags"]) for r in plain
    ]


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_a_word_of_the_table_is_not_undone_by_lemmas(analyzer: str) -> None:
    table = word_table([{"form": "B급"}])
    found = list(
        morph(["B급스럽다", "B급스러운 영화를 공부한다"], analyzer, words=table, lemma=True)
    )
    assert [record["tokens"][0] for record in found] == ["B급", "B급"]
    assert "공부하다" in found[1]["tokens"]


def test_words_without_effect_are_said(tmp_path: Path) -> None:
    words = table(tmp_path, "뉴진스", "없는말", header="form")
    done = korpus("morph", "--words", words, stdin="뉴진스가 왔다")
    assert "korpus: 1 table word had no effect: 없는말 (never occurs as a word)" in done.stderr
    assert '"analysis":"--words ' in done.stdout


def test_compiled_tables_are_kept(tmp_path: Path, kept: Path) -> None:
    words = table(tmp_path, "뉴진스", header="form")
    for _ in range(2):
        assert korpus("morph", "--words", words, stdin="뉴진스가").returncode == 0
    assert len(list(kept.iterdir())) == 1
    kept.joinpath("file").write_text("")
    done = korpus("morph", "--words", words, stdin="뉴진스가", KORPUS_CACHE=str(kept / "file"))
    assert list(tokens(done.stdout)) == [["뉴진스", "가"]]


@pytest.mark.parametrize(
    "name", ["words.csv", "words.xlsx", "words949.csv", "bom.tsv", "words.txt"]
)
def test_tables_as_people_have_them(tmp_path: Path, name: str) -> None:
    import pandas

    frame = pandas.DataFrame(
        {"단어": ["뉴진스"], "품사": ["고유명사"], "대표어": [""], "제거": [""]}
    )
    path = tmp_path / name
    if name.endswith(".xlsx"):
        frame.to_excel(path, index=False)
    elif name.endswith(".txt"):
        path.write_text("뉴진스\n")
    else:
        encoding = "cp949" if "949" in name else "utf-8-sig" if name == "bom.tsv" else "utf-8"
        frame.to_csv(path, index=False, encoding=encoding, sep="\t" if "tsv" in name else ",")
    done = korpus("morph", "--words", path, stdin="뉴진스가")
    assert list(tokens(done.stdout)) == [["뉴진스", "가"]], done.stderr


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"word list": "x", "n": 1}], "has no column 'form'"),
        ([], "the word table has no words"),
        ([{"form": ""}], "the word table has no words"),
        ([{"form": "a"}, {"form": "a"}], "row 2: 'a' is in row 1 already"),
        ([{"form": "a", "tag": "XYZ"}], "row 1: unknown tag 'XYZ'"),
        ([{"form": "a\nb"}], "is on two lines"),
        ([{"form": "a", "score": "viel"}], "score 'viel' is not a number"),
        ([{"form": "a", "drop": "vielleicht"}], "drop is 'vielleicht'"),
        ([{"form": "", "tag": "NNG"}], "row 1: no form"),
        ([{"form": "a", "becomes": "b", "drop": 1}], "it both becomes a term and is dropped"),
        ([{"form": "a", "becomes": "a"}], "'a' becomes itself"),
        ([{"form": "a", "becomes": "b"}, {"form": "b", "becomes": "a"}], "which becomes 'a'"),
        ([{"form": "a", "becomes": "b"}, {"form": "b", "drop": "o"}], "which becomes 'removed'"),
    ],
)
def test_bad_tables(rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(KorpusError) as caught:
        word_table(rows)
    assert message in caught.value.message


def test_a_changed_table_starts_over(tmp_path: Path) -> None:
    """The table is among the options of a run that can be resumed, by its content."""
    from korpus.analyzers import WordTable

    one, same = (word_table([{"form": "뉴진스"}]) for _ in range(2))
    assert one == same and hash(one) == hash(same) and isinstance(one, WordTable)
    assert one != word_table([{"form": "뉴진스", "drop": 1}])


@pytest.mark.parametrize("analyzer", ["mecab", "space"])
def test_report(tmp_path: Path, analyzer: str) -> None:
    rows = ["뉴진스\t\t\t", "뉴진\t\t\t", "없는말\t\t\t", "저출생\t\t저출산\t", "캐릭\t\t\t"]
    words, report = table(tmp_path, *rows), tmp_path / "report.csv"
    texts = "뉴진스가 왔다\n뉴진스는 저출생을 캐릭터로 본다 저출생"
    done = korpus(
        *("morph", "-a", analyzer, "--words", words, "--words-report", report), stdin=texts
    )
    assert done.returncode == 0, done.stderr
    found = [line.split(",", 6) for line in report.read_text().splitlines()]
    assert found[0] == ["form", "before", "pieces", "kept", "merged", "dropped", "note"]
    torn = "the analyzer splits it otherwise, or it is part of other words"
    assert [[row[0], *row[2:]] for row in found[1:]] == [
        ["뉴진스", "2", "2", "0", "0", ""],
        ["뉴진", "0", "0", "0", "0", "only in 뉴진스"],
        ["없는말", "0", "0", "0", "0", "never occurs as a word"],
        ["저출생", *(["2"] if analyzer == "mecab" else ["1"]), "0", "2", "0", ""],
        ["캐릭", "0", "0", "0", "0", f'"{torn}"'],
    ]
    assert f"없는말 (never occurs as a word), 캐릭 ({torn})" in done.stderr


def test_report_needs_a_table(tmp_path: Path) -> None:
    texts, report = "뉴진스가 왔다", tmp_path / "report.csv"
    alone = korpus("morph", "--words-report", report, stdin=texts)
    assert alone.returncode == 2 and "--words-report is for --words" in alone.stderr


def test_a_decomposed_text(tmp_path: Path) -> None:
    """Spans are in the stored text, as macOS may have written it."""
    text = normalize("NFD", "뉴진스가 왔다")
    words = table(tmp_path, "뉴진스", header="form")
    done = korpus("morph", "--words", words, "--spans", stdin=json.dumps({"text": text}))
    found = json.loads(done.stdout)
    assert found["tokens"][0] == "뉴진스"
    start, end = found["spans"][0]
    assert normalize("NFC", text[start:end]) == "뉴진스"


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_words_that_are_one_in_the_text_are_one_term(tmp_path: Path, analyzer: str) -> None:
    """What a word becomes has the tag that the analyzer gives it; a known word keeps its own."""
    words = table(tmp_path, "임대료\t\t집세\t", "사과\t\t\t", "AI\t\t인공지능\t")
    texts = "임대료가 올랐다\n집세가 올랐다\n사과가 좋다\nAI가 좋다"
    report = tmp_path / "report.csv"
    line = ("morph", "-a", analyzer, "--words", words, "--words-report", report, "--pos", "noun")
    tagged = korpus(*line, "-f", "tagged", stdin=texts).stdout.splitlines()
    assert tagged == ["집세/NNG", "집세/NNG", "사과/NNG", "인공지능/NNP"]  # not SL
    rows = [row.split(",") for row in report.read_text().splitlines()[1:]]
    merged, kept = ["0", "1", "0"], ["1", "0", "0"]  # each in one column
    assert [row[3:6] for row in rows] == [merged, kept, merged]


def test_a_compound_that_is_merged_later_is_what_its_last_part_is(tmp_path: Path) -> None:
    words = table(tmp_path, "의과대학\t\t의대\t")
    tokens = '{"id":"1","text":"의과대학","tokens":["의과","대학"],"tags":["NNG","NNG"]}\n'
    done = korpus("words", "apply", words, "-f", "tagged", stdin=tokens)
    assert done.stdout == "의대/NNG\n"
