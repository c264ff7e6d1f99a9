import time
from pathlib import Path

import pytest

from korpus.analyzers import ANALYZERS, morph
from korpus.errors import UsageError
from korpus.files import read
from korpus.tokens import shipped_stopwords, stopwords
from tests.support import ROOT, SAMPLE, TOKENS, korpus, lines, records


def left(tokens: str, analyzer: str = "mecab", **options: object) -> str:
    """What is left of `나/NP 는/JX`, as the same notation."""
    pairs = [token.rsplit("/", 1) for token in tokens.split()]
    record = {"id": "1", "analyzer": analyzer}
    record |= {"tokens": [p[0] for p in pairs], "tags": [p[1] for p in pairs]}
    found = next(iter(stopwords([record], **options)))  # type: ignore[arg-type]
    return " ".join(f"{t}/{g}" for t, g in zip(found["tokens"], found["tags"], strict=True))


def test_columns_and_documents_stay() -> None:
    record = {"id": "1", "text": "나는", "rating": 3, "tokens": ["나", "는"], "tags": ["NP", "JX"]}
    empty = {"id": "2", "text": "", "tokens": [], "tags": []}
    done = korpus("stopwords", stdin=lines(record, empty))
    assert records(done.stdout) == [
        {**record, "tokens": [], "tags": [], "analysis": "| stopwords"},
        {**empty, "analysis": "| stopwords"},
    ]
    assert "removed 2 of 2 tokens" in done.stderr


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("analyzer", [name for name in ANALYZERS if name not in ("space", "char")])
def test_particles_endings_and_light_verbs_of_every_tagset(analyzer: str) -> None:
    text = "나는 학교에서 공부를 했습니다. 그리고 이것은 재미있는 책이었다."
    for lemma in (False, True):
        tokens = list(morph([{"id": "1", "text": text}], analyzer, lemma=lemma))
        found = next(iter(stopwords(tokens)))["tokens"]
        assert "학교" in found and "책" in found and "공부" in found
        gone = {"나", "는", "에서", "를", "을", "하", "하다", "했", "했습니다", "그리고", "."}
        assert not gone & set(found), found


@pytest.mark.parametrize(
    ("analyzer", "tokens"),
    [
        ("mecab", "ㅋㅋ/IC ㅠㅠ/UNKNOWN ^^/SY ㄷ/NNG 10/SN 영화/NNG"),
        ("kiwi", "ㅋㅋ/SW ㅠㅠ/SW ;;/SP 😀/W_EMOJI 1/2/W_SERIAL 영화/NNG"),
        ("okt", "ㅋㅋ/KoreanParticle ^^/Punctuation 😀/Foreign 2,000원/Number 영화/Noun"),
        ("komoran", "ㅋㅋ/NA ♥/SW 10/NNP 영화/NNG"),
        ("hannanum", "ㅋㅋ/NC ㅎ^^/NC 3.5/NN 영화/NC"),
        ("kkma", "ㅋㅋ/EMO ㅇ/NNG 10/NR 영화/NNG"),
        ("space", "ㅋㅋ/ ^^/ 10/ 영화/"),
    ],
)
def test_numbers_and_emoticons_are_known_by_form(analyzer: str, tokens: str) -> None:
    rest, film = tokens.rsplit(" ", 1)
    assert left(tokens, analyzer) == tokens
    assert left(tokens, analyzer, drop_pos="emoticon,number") == film
    assert left(tokens, analyzer, add="*/emoticon,*/number") == film
    if analyzer != "space":
        assert left(tokens, analyzer, drop_pos="noun") == rest


def test_letters_that_are_particles_and_endings_are_no_emoticons() -> None:
    endings = "ㄴ/JX ㄹ/ETM ㅂ니다/EF"
    assert left(endings, "komoran", default=False, drop_pos="emoticon") == endings


def test_one_syllable_nouns_stay() -> None:
    nouns = "비/NNG 눈/NNG 암/NNG 물/NNG 수/NNG 이/NNG 때/NNG 게/NNG 등/NNG 해/NNG 한/NNP"
    assert left(nouns) == nouns
    okt = "비/Noun 눈/Noun 암/Noun 물/Noun 수/Noun 이/Noun 배/Noun"
    assert left(okt, "okt") == okt


def test_shipped_list_names_no_word_of_one_syllable_without_a_tag() -> None:
    assert len(shipped_stopwords()) > 300
    assert [entry for entry in shipped_stopwords() if len(entry) == 1] == []
    assert [
        e for e in shipped_stopwords() if len(e.split("/")[0]) == 1 and e.endswith("/NNG")
    ] == []
    assert len(set(shipped_stopwords())) == len(shipped_stopwords())


def test_sample_keeps_its_nouns() -> None:
    """Of the sample's 일반명사 and 고유명사 the shipped list takes none."""
    before = list(morph(read(SAMPLE), pos=["NNG", "NNP"]))
    after = list(stopwords(before))
    assert [r["tokens"] for r in after] == [r["tokens"] for r in before]


def test_lists_of_words_tags_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# 내 목록\n\n영화 # 어디에나\n가/VV\n*/adverb\n1/2\n", encoding="utf-8")
    tokens = {
        "id": "1",
        "tokens": ["영화", "가", "가", "매우", "1/2", "는"],
        "tags": ["NNG", "VV", "JKS", "MAG", "SN", "JX"],
    }
    alone = korpus("stopwords", "--no-default", "--list", path, stdin=lines(tokens))
    assert records(alone.stdout)[0]["tokens"] == ["가", "는"]
    for more in ([], ["--list", "ko"]):
        both = korpus("stopwords", "--list", path, *more, stdin=lines(tokens))
        assert records(both.stdout)[0]["tokens"] == []


def test_list_in_cp949(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes("나\n".encode("cp949"))
    done = korpus("stopwords", "--no-default", "--list", tmp_path / "list.txt", stdin=TOKENS)
    assert records(done.stdout)[0]["tokens"] == ["는"]


def test_sample_list_works() -> None:
    path = ROOT / "sample_data" / "stopwords.txt"
    done = korpus(
        "stopwords",
        "--list",
        path,
        stdin=lines({"id": "1", "tokens": ["정말", "사람", "맛"], "tags": ["MAG", "NNG", "NNG"]}),
    )
    assert records(done.stdout)[0]["tokens"] == ["맛"]


def test_add_and_keep() -> None:
    assert left("영화/NNG 장면/NNG 는/JX", add=["영화", "장면/NNP"]) == "장면/NNG"
    assert left("나/NP 는/JX 은/JX", keep=["나", "*/JX"]) == "나/NP 는/JX 은/JX"
    assert left("나/NP 나/VV", keep=["나/pronoun"], add=["나"]) == "나/NP"


def test_drop_pos_takes_groups_tags_and_fused_tags() -> None:
    tokens = "서울/NNP 꽃/NNG 갔/VV+EP 매우/MAG"
    assert left(tokens, default=False, drop_pos=["noun"]) == "갔/VV+EP 매우/MAG"
    assert left(tokens, default=False, drop_pos=["VV", "MAG"]) == "서울/NNP 꽃/NNG"


def test_entries_of_a_wider_group() -> None:
    assert left("서울/NNP AI/SL 깨끗/XR 가/VV", words=["*/term"], default=False) == "가/VV"
    assert left("서울/NNP AI/SL 가/VV", drop_pos=["용어"], default=False) == "가/VV"
    assert left("서울/NNP 서울/NNG 서울/VV", words=["서울/noun"], default=False) == "서울/VV"
    assert left("서울/NNP 꽃/NNG 또/MAJ", words=["*/명사", "*/adverb"], default=False) == ""


def test_a_star_stands_for_any_characters() -> None:
    tokens = "영화/NNG 영상/NNG 무영탑/NNG 영/NNG 영입/NNP */SW"
    assert left(tokens, words=["영*"], default=False) == "무영탑/NNG */SW"
    assert left(tokens, words=["영*/NNP", "*상"], default=False) == (
        "영화/NNG 무영탑/NNG 영/NNG */SW"
    )
    assert left(tokens, words=["*영*"], keep=["*화"], default=False) == "영화/NNG */SW"
    assert left(tokens, words=["*"], default=False) == tokens.removesuffix(" */SW")
    assert left("a.c/SL abc/SL", words=["a.*"], default=False) == "abc/SL"


def test_many_stars_and_a_long_token_take_linear_time() -> None:
    long = "ㅋ" * 5000
    before = time.process_time()
    assert left(f"{long}/IC", words=["*ㅋ*ㅋ*ㅋ*ㅋ*!"], default=False) == f"{long}/IC"
    assert left(f"{long}/IC", words=["*ㅋ*ㅋ*ㅋ*ㅋ*"], default=False) == ""
    assert time.process_time() - before < 2


def test_listed_words_that_match_no_token_are_said(tmp_path: Path) -> None:
    tokens = {"id": "1", "tokens": ["나", "는", "학교", "가"], "tags": ["NP", "JX", "NNG", "VV"]}
    given = ["나", "안 좋다", "학*", "집", "는/JKS", "!가", "*/NNG", "*/XR", "나"]
    (tmp_path / "list.txt").write_text("\n".join(given))
    options = ["--list", tmp_path / "list.txt", "--add", "영화", "--keep", "학교"]
    for jobs in (1, 2):
        done = korpus("stopwords", *options, "-j", jobs, stdin=lines(*[tokens] * 50))
        assert [line.removeprefix("korpus: ") for line in done.stderr.splitlines()] == [
            "removed 100 of 200 tokens",
            "5 listed words matched no token: 안 좋다, 집, 는/JKS, */XR, 영화",
            "a listed word is compared with one token at a time: a phrase never matches",
        ]
    done = korpus("stopwords", "--add", "나", stdin=lines(tokens))
    assert "matched no token" not in done.stderr


def test_standard_input_is_read_once() -> None:
    done = korpus("stopwords", "-", "--list", "-", stdin=TOKENS)
    assert done.returncode == 2 and "standard input is named twice" in done.stderr


MIXED = (
    "서울/NNP 꽃/NNG 깨끗/XR AI/SL 10/SN 점/NNBC 하나/NR 것/NNB 나/NP 먹/VV 좋/VA 지/EC 않/VX "
    "았/EP 안/MAG 매우/MAG 와/IC ㅋㅋ/EMO 이/JKS ./SF ★/SW 아니/VCN 못했/VX+EP"
)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("topics", "서울/NNP 꽃/NNG 깨끗/XR AI/SL 먹/VV 좋/VA"),
        ("keywords", "서울/NNP 꽃/NNG 깨끗/XR AI/SL"),
        (
            "sentiment",
            "서울/NNP 꽃/NNG 깨끗/XR AI/SL 먹/VV 좋/VA 않/VX 안/MAG 매우/MAG 와/IC ㅋㅋ/EMO "
            "아니/VCN 못했/VX+EP",
        ),
    ],
)
def test_what_a_purpose_keeps(purpose: str, expected: str) -> None:
    assert left(MIXED, purpose=purpose) == expected
    assert left(MIXED, purpose=purpose, keep=["것"], drop_pos=["root"]) == (
        expected.replace("깨끗/XR ", "").replace("먹/VV", "것/NNB 먹/VV")
        if "먹" in expected
        else expected.replace("깨끗/XR ", "") + " 것/NNB"
    )


def test_a_purpose_is_recorded_and_checked() -> None:
    done = korpus("stopwords", "--for", "topics", stdin=TOKENS)
    assert records(done.stdout)[0]["analysis"] == "| stopwords --for topics"
    done = korpus("stopwords", "--for", "fun", stdin=TOKENS)
    assert done.returncode == 2
    assert "hint: one of: topics, keywords, sentiment" in done.stderr


def test_fused_tokens_go_with_their_first_part() -> None:
    assert left("했/VV+EP 된/VV+ETM 였/VCP+EP 게/NNB+JKS 갔/VV+EP") == "갔/VV+EP"


def test_min_length_says_which_nouns_it_took() -> None:
    tokens = {"id": "1", "tokens": ["물", "물", "암", "바다", "가"], "tags": ["NNG"] * 4 + ["VV"]}
    done = korpus("stopwords", "--min-length", 2, "--keep", "암", stdin=lines(tokens))
    assert records(done.stdout)[0]["tokens"] == ["암", "바다"]
    assert "removed 2 nouns of one syllable (물 2" in done.stderr


@pytest.mark.parametrize(
    ("analyzer", "tokens"),
    [
        (
            "mecab",
            "안/MAG 못/MAG 않/VX 못하/VX 못했/VX+EP 없/VA 아니/VCN 아닌/VCN+ETM 마세요/VX+EP+EF",
        ),
        ("kiwi", "안/MAG 않다/VX 못하다/VX 없다/VA 아니다/VCN 말다/VX 하다_않다/VV+NEG"),
        ("okt", "안/Noun 못/Noun 않다/Verb 못하다/Verb 없다/Adjective 아니다/Adjective 말다/Verb"),
        ("okt", "아닌/Adjective 않는/Verb 없는/Adjective 못/VerbPrefix"),
        ("hannanum", "안/MA 않/PX 않/PA 못하/PX 없/PA 없/XS 아니/PA 말/PX"),
        ("komoran", "아니다/VCN+NEG 싶다_않다/VX+NEG 이다_않다/VCP+NEG"),
    ],
)
def test_negation_stays_in_every_tagset(analyzer: str, tokens: str) -> None:
    assert left(tokens, analyzer) == tokens
    assert left(tokens, analyzer, min_length=9) == tokens


def test_negation_that_stays_is_named() -> None:
    tokens = {"tokens": ["안", "먹", "지", "않", "다"], "tags": ["MAG", "VV", "EC", "VX", "EF"]}
    done = korpus("stopwords", stdin=lines(tokens))
    assert records(done.stdout)[0]["tokens"] == ["안", "먹", "않"]
    assert "negation stays: 안, 않;" in done.stderr
    assert "negation" not in korpus("stopwords", stdin=TOKENS).stderr


def test_negation_goes_where_that_is_asked_for() -> None:
    tokens = "안/MAG 먹/VV 않/VX 못하/VX"
    assert left(tokens, add="않,못하/VX") == "안/MAG 먹/VV"
    assert left(tokens, drop_pos="auxiliary,adverb") == "먹/VV"
    assert left(tokens, purpose="topics", min_length=1) == "먹/VV"
    assert left("않/VX 버리/VX 가/VV", words=["*/VX", "!않/VX"], default=False) == "않/VX 가/VV"


def test_full_verbs_that_look_like_light_ones_stay() -> None:
    assert left("따르/VV 통하/VV 따라/VV+EC") == "따르/VV 통하/VV 따라/VV+EC"


def test_one_string_is_one_entry() -> None:
    assert left("영화/NNG 영/NNG", add="영화") == "영/NNG"
    assert left("영화/NNG 가/JKS", default=False, drop_pos="조사") == "영화/NNG"
    assert left("영화/NNG 영/NNG", words="영화", default=False) == "영/NNG"


def test_a_slash_need_not_be_a_tag() -> None:
    assert (
        left(
            "남자/여자/NNG 1/2/SN 영화/NNG", words=["남자/여자", "1/2", "영화/명사"], default=False
        )
        == ""
    )


def test_a_comma_in_a_list_is_said(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("장면,시간\n")
    done = korpus("stopwords", "--list", tmp_path / "list.txt", stdin=TOKENS)
    assert "'장면,시간' contains a comma" in done.stderr


def test_show_prints_the_list() -> None:
    done = korpus("stopwords", "--show", "--add", "영화/NNG")
    rows = done.stdout.splitlines()
    assert rows[0] == "word,tag,list"
    assert "*,particle,ko" in rows and "하다,verb,ko" in rows
    assert rows[-1] == "영화,NNG,--add"


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--add", "가/XYZ"], "no analyzer has a part of speech (품사) 'XYZ'", 2),
        (["--drop-pos", "nuon"], "no part of speech (품사) 'nuon'", 2),
        (["--min-length", "-1"], "less than 0", 2),
        (["--list", "nowhere.txt"], "nowhere.txt: no such file", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("stopwords", *arguments, stdin=TOKENS)
    assert done.returncode == code and message in done.stderr and "hint: " in done.stderr


def test_bad_entry_is_found_before_reading() -> None:
    with pytest.raises(UsageError):
        stopwords(iter([]), add=["가/XYZ"])


def analysis(record: dict[str, object] | None = None, **options: object) -> object:
    """The column `analysis` of a record after stopwords."""
    tokens = {"id": "1", "tokens": ["나"], "tags": ["NP"], "analyzer": "mecab", **(record or {})}
    found = next(iter(stopwords([tokens], **options)))  # type: ignore[arg-type]
    return found["analysis"]


@pytest.mark.parametrize(
    ("options", "step"),
    [
        ({}, "stopwords"),
        ({"min_length": 2, "drop_pos": ["adverb"]}, "stopwords --min-length 2 --drop-pos adverb"),
        ({"add": ["영화", "장면/NNG"], "keep": "때"}, "stopwords --add 영화,장면/NNG --keep 때"),
        ({"add": ["가나다라마"] * 20}, "stopwords --add [20 words]"),
        ({"add": ["가 나|다"]}, "stopwords --add '가 나|다'"),
        ({"words": ["가", "나"]}, "stopwords --list [2 words]"),
        ({"words": ["가"], "lists": ["내 것.txt"]}, "stopwords --list '내 것.txt'"),
        ({"words": ["가"], "default": False}, "stopwords --no-default --list [1 words]"),
    ],
)
def test_the_step_is_recorded(options: dict[str, object], step: str) -> None:
    assert analysis(**options) == f"| {step}"
    assert analysis({"analysis": "--pos noun"}, **options) == f"--pos noun | {step}"
    again = {"analysis": "--pos noun | stopwords --min-length 2"}
    assert analysis(again, **options) == f"{again['analysis']} | {step}"


def test_the_step_follows_the_analyzer() -> None:
    record = {"id": "1", "tokens": ["나"], "tags": ["NP"], "analyzer": "mecab", "rating": 1}
    assert list(next(iter(stopwords([record]))))[3:] == ["analyzer", "analysis", "rating"]
    del record["analyzer"]
    assert list(next(iter(stopwords([record]))))[3:] == ["rating", "analysis"]
    nothing = {"id": "1", "tokens": [], "tags": [], "analysis": None, "rating": 1}
    assert list(next(iter(stopwords([nothing]))).items())[3:] == [
        ("analysis", "| stopwords"),
        ("rating", 1),
    ]


def test_a_column_of_others_named_analysis_is_kept() -> None:
    record = {"id": "1", "analysis": ["x"], "tokens": [], "tags": []}
    for analyzer in ({}, {"analyzer": "mecab"}):
        found = next(iter(stopwords([{**record, **analyzer}])))
        assert found["analysis_"] == ["x"] and found["analysis"] == "| stopwords"


def test_the_command_records_the_names_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("나\n")
    for arguments, step in (
        ([], "stopwords"),
        (["--list", "ko"], "stopwords"),
        (["--list", "ko", "--list", path], "stopwords --list mine.txt"),
        (["--no-default", "--list", path], "stopwords --no-default --list mine.txt"),
        (["--no-default"], "stopwords --no-default"),
    ):
        done = korpus("stopwords", *arguments, stdin=TOKENS)
        (record,) = records(done.stdout)
        assert list(record)[-2:] == ["analyzer", "analysis"]
        assert record["analysis"] == f"| {step}"
