import pytest

from korpus.analyzers import morph
from korpus.errors import UsageError
from tests.support import korpus, lines, records

pytestmark = pytest.mark.xdist_group("taggers")


def joined(text: str, analyzer: str = "mecab", **options: object) -> str:
    options = {"join": "negation", **options}
    (record,) = morph(text, analyzer, **options)  # type: ignore[arg-type]
    return " ".join(f"{t}/{g}" for t, g in zip(record["tokens"], record["tags"], strict=True))


NEGATED = {
    "좋지 않다": "좋다_않다/VA+NEG",
    "맛은 좋지는 않았다": "좋다_않다/VA+NEG",
    "좋진 않다": "좋다_않다/VA+NEG",
    "안 좋다": "안_좋다/VA+NEG",
    "안좋아요": "안_좋다/VA+NEG",
    "집에 못 갔어요": "못_가다/VV+NEG",
    "추천하지 못하다": "추천하다_못하다/VV+NEG",
    "추천하고 싶지 않아요": "추천하다_싶다_않다/VV+NEG",
    "가지 말다": "가다_말다/VV+NEG",
    "가지 마세요": "가다_말다/VV+NEG",
    "영화가 아니에요": "아니다/VCN+NEG",
    "안 좋지 않다": "안_좋다_않다/VA+NEG",
    "좋지 아니하다": "좋다_않다/VA+NEG",
    "현실적이지 않다": "현실적이다_않다/VCP+NEG",
}


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_negation_is_one_token(analyzer: str) -> None:
    for text, token in NEGATED.items():
        tokens = joined(text, analyzer).split()
        assert [t for t in tokens if t.endswith("+NEG")] == [token], text
        assert not {"지/EC", "않다/VX", "안/MAG", "못/MAG"} & set(tokens), text


@pytest.mark.parametrize(
    ("analyzer", "expected"),
    [
        ("okt", "좋다_않다/Adjective+NEG 안_좋다/Adjective+NEG 아니다/Adjective+NEG"),
        ("komoran", "좋다_않다/VA+NEG 안_좋다/VA+NEG 아니다/VCN+NEG"),
        ("hannanum", "좋다_않다/PA+NEG 안_좋다/PA+NEG 아니다/PA+NEG"),
        ("kkma", "좋다_않다/VA+NEG 안_좋다/VA+NEG 아니다/VCN+NEG"),
    ],
)
def test_negation_in_other_tagsets(analyzer: str, expected: str) -> None:
    tokens = joined("맛이 좋지 않다. 맛이 안 좋다. 영화가 아니다.", analyzer).split()
    assert " ".join(t for t in tokens if t.endswith("NEG")) == expected


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_no_less_is_one_adjective(analyzer: str) -> None:
    tokens = joined("배우 못지 않은 연기, 배우 못지않다. 못하지 않다", analyzer).split()
    assert tokens.count("못지않다/VA") == 2
    (negated,) = (token for token in tokens if token.endswith("+NEG"))
    assert negated.startswith("못하다_않다/")


def test_what_negates_nothing_stays() -> None:
    assert joined("집 안에서 재미가 없고 노래를 못한다") == (
        "집/NNG 안/NNG 에서/JKB 재미/NNG 가/JKS 없다/VA 고/EC 노래/NNG 를/JKO 못하다/VV ㄴ다/EC"
    )


def test_a_negated_predicate_is_in_its_group_and_spans_its_parts() -> None:
    done = korpus(
        "morph", "--join", "부정", "--pos", "adjective", "--spans", stdin="맛은 좋지는 않았다"
    )
    (record,) = records(done.stdout)
    assert record["tokens"] == ["좋다_않다"] and record["tags"] == ["VA+NEG"]
    assert [record["text"][start:end] for start, end in record["spans"]] == ["좋지는 않"]
    assert record["analysis"] == "--pos adjective --lemma --join negation"
    assert "1 negation, with the tag …+NEG" in done.stderr


def test_negation_is_joined_before_words_are_merged() -> None:
    words = [{"form": "좋다_않다", "tag": "VA", "becomes": "나쁘다"}]
    assert joined("좋지 않다", words=words) == "나쁘다/VA+NEG 다/EC"


def test_readings_are_joined_too() -> None:
    (record,) = morph("좋지 않다", "kiwi", join="negation", nbest=1)
    assert record["readings"][0]["tokens"] == ["좋다_않다", "다"]


def test_join_is_refused_where_it_cannot_be() -> None:
    done = korpus("morph", "--join", "every", stdin="나")
    assert done.returncode == 2 and "one of: negation, number" in done.stderr
    done = korpus("morph", "-a", "space", "--join", "negation", stdin="나")
    assert done.returncode == 2 and "analyzer space has no --join" in done.stderr
    with pytest.raises(UsageError, match="keeps apart"):
        morph("나", lemma=True, split_derived=True, join="negation")


def test_later_steps_know_the_group_of_a_negated_predicate() -> None:
    (record,) = morph("맛이 좋지 않다", join="negation")
    done = korpus("stopwords", "--drop-pos", "adjective", stdin=lines(record))
    assert records(done.stdout)[0]["tokens"] == ["맛"]


NUMBERS = {
    "3.5% 할인": "3.5%",
    "1,000원입니다": "1,000원",
    "2024년에": "2024년",
    "3만원": "3만원",
    "코로나19가": "코로나19",
    "10km": "10km",
    "MP3": "MP3",
    "평점10점": "평점 10점",
    "8월15일": "8월 15일",
    "1, 2, 3": "1 , 2 , 3",
    "2024 년": "2024 년",
    "영화 19": "영화 19",
}


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_numbers_are_one_token(analyzer: str) -> None:
    for text, expected in NUMBERS.items():
        (record,) = morph(text, analyzer, join="number", spans=True)
        tokens = " ".join(record["tokens"])
        assert tokens.startswith(expected), tokens
        places = [text[start:end] for start, end in record["spans"]]
        assert " ".join(places).startswith(expected)


def test_a_number_has_the_tag_of_its_first_part() -> None:
    tokens = joined("2024년 코로나19는 안 좋다", join="number,negation")
    assert tokens == "2024년/SN 코로나19/NNP 는/JX 안_좋다/VA+NEG 다/EC"
    done = korpus("morph", "--join", "number", "-f", "plain", stdin="2024년 3.5%")
    assert done.stdout == "2024년 3.5%\n" and "2 numbers joined" in done.stderr


@pytest.mark.parametrize("analyzer", ["okt", "komoran", "hannanum"])
def test_numbers_of_other_analyzers(analyzer: str) -> None:
    (record,) = morph("3.5% 1,000원 2024년 코로나19", analyzer, join="숫자")
    assert record["tokens"] == ["3.5%", "1,000원", "2024년", "코로나19"]


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "space"])
def test_case_and_width_are_folded(analyzer: str) -> None:
    text = "AI ai ＡＩ 한국 ㅋㅋ T_T"
    (record,) = morph(text, analyzer, fold=True, spans=True)
    assert record["tokens"][:5] == ["ai", "ai", "ai", "한국", "ㅋㅋ"]
    assert [text[start:end] for start, end in record["spans"]][:3] == ["AI", "ai", "ＡＩ"]
    assert record["analysis"] == "--fold"


def test_the_command_folds_too() -> None:
    done = korpus("morph", "--fold", "--spans", stdin="ＡＩ")
    (record,) = records(done.stdout)
    assert (record["tokens"], record["spans"]) == (["ai"], [[0, 2]])


def test_only_letters_and_digits_are_folded() -> None:
    (record,) = morph("ﾋﾟ T_T ㈜ ２０２４", "space", fold=True)
    assert record["tokens"] == ["ﾋﾟ", "T_T", "㈜", "2024"]


def test_folding_comes_after_the_word_table_and_before_pos() -> None:
    words = [{"form": "LG", "becomes": "엘지"}]
    (record,) = morph("LG와 AI", words=words, fold=True, pos="term")
    assert record["tokens"] == ["엘지", "ai"]


def test_joined_numbers_are_composed() -> None:
    decomposed = "2024\u1102\u1167\u11ab"  # 년
    assert next(iter(morph(decomposed, join="number")))["tokens"] == ["2024년"]
