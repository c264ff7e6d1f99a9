from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from korpus.errors import KorpusError
from korpus.tokens import CodingRules, code
from tests.support import korpus, lines, records


def document(text: str, **more: Any) -> dict[str, Any]:
    """A document of tokens written as 가격/NNG, without a tag if there is none."""
    pairs = [(word, tag) for word, _slash, tag in (item.partition("/") for item in text.split())]
    tokens, tags = [word for word, _tag in pairs], [tag for _word, tag in pairs]
    return {"id": "1", "text": text, "tokens": tokens, "tags": tags, "analyzer": "mecab", **more}


def codes(rules: str, text: str, **more: Any) -> list[str]:
    found: list[str] = next(iter(code([document(text, **more)], rules)))["codes"]
    return found


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        ("가격", "가격/NNG", True),
        ("가격", "가격표/NNG", False),
        ("가격/NNG", "가격/NNG", True),
        ("가격/VV", "가격/NNG", False),
        ("가격/noun", "가격/NNG", True),
        ("가격/명사", "가격/NNG", True),
        ("*/NNP", "서울/NNP", True),
        ("비싸*", "비싸다/VA", True),
        ("*가*격*", "소가의격차/NNG", True),
        ("배우/VV+EP", "배우/VV+EP", True),
        ("가 | 나", "나", True),
        ("가 or 나", "나", True),
        ("가 & 나", "가 다", False),
        ("가 and not 나", "가 다", True),
        ("가 & !나", "가 나", False),
        ("!가", "", True),
        ("가 | 나 & 다", "가", True),  # & binds tighter
        ("(가 | 나) & 다", "가", False),
        ("!(가 | 나)", "다", True),
        ("!!가", "가", True),
        ("가+나", "가 나", True),
        ("가+나", "나 가", False),
        ("가+나", "가 다 나", False),
        ("가/NNG+나+다", "가/NNG 나 다", True),
        ("near(가-나)[2]", "나 다 가", True),
        ("near(가-나)[2]", "가 다 다 나", False),
        ("near(가-나)", "가 다 다 나", True),
        ("near(가-나-다)[2]", "다 라 가 나 라", False),
        ("near(가-나-다)[3]", "다 라 가 나 라", True),
        ("seq(가-나)[2]", "나 가", False),
        ("seq(가-나)[2]", "나 가 다 나", True),
        ("'가성 비'", "가성 비율", True),
        ('"가성비"', "가성", False),
    ],
)
def test_conditions(condition: str, text: str, expected: bool) -> None:
    assert codes(f"*개념  {condition}", text) == (["개념"] if expected else [])


def test_a_file_of_concepts(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text(
        "# prices\n*가격  가격 | 비싸다 | 싸다 & !배송\n\n*배송\n배송   # or parcels\n택배\n"
        "*둘 <*가격> & <*배송>\n",
        encoding="cp949",
    )
    source = lines(document("비싸다 택배"), document("싸다 배송"), document(""))
    done = korpus("code", rules, stdin=source)
    found = records(done.stdout)
    assert [record["codes"] for record in found] == [["가격", "배송", "둘"], ["배송"], []]
    assert [(r["가격"], r["배송"], r["둘"]) for r in found] == [(1, 1, 1), (0, 1, 0), (0, 0, 0)]
    assert list(found[0])[-4:] == ["가격", "배송", "둘", "codes"]
    assert (
        "concept 배송: 2 documents (66.7%)" in done.stderr
        and "no concept: 1 document" in done.stderr
    )
    assert "1 word of the rules matched no token: 가격" in done.stderr


def test_verbs_need_lemmas(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("*가격 비싸다\n")
    done = korpus("code", rules, stdin=lines(document("비싸/VA")))
    assert records(done.stdout)[0]["codes"] == []
    assert "verbs and adjectives end in 다 only after morph --lemma" in done.stderr


def test_letters_in_parts_are_the_same() -> None:
    assert codes(normalize("NFD", "*가격  가격 | '비싼'"), "가격") == ["가격"]


def test_removed_tokens_keep_their_places() -> None:
    rules = "*개념  가+나"
    assert codes(rules, "가 나", positions=[0, 1]) == ["개념"]
    assert codes(rules, "가 나", positions=[0, 2]) == []


def test_columns_of_these_names_stay() -> None:
    found = next(iter(code([document("가", 가격="x", codes=3)], "*가격 가")))
    assert (found["가격"], found["가격_"], found["codes_"], found["codes"]) == (1, "x", 3, ["가격"])


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("가격", "line 1: there is no concept yet"),
        ("", "the rules have no concept"),
        ("*가격", "line 1: the concept '가격' has no condition"),
        ("*가격 a b", "line 1: 'b' is not expected here"),
        ("*가격\n\n(a | b", "line 3: a parenthesis is not closed"),
        ("*가격 a )", "line 1: ')' is not expected here"),
        ("*가격 a &", "line 1: the condition ends too early"),
        ("*가격 <*나>", "line 1: no concept '나' above this line"),
        ("*a b\n*a c", "line 2: there is already a concept 'a'"),
        ("*a near(b)", "'near(b)' needs two words"),
        ("*a b+", "'b+' lacks a word"),
        ("*a " + "!" * 60 + "b", "more than 50 levels"),
    ],
)
def test_rules_that_cannot_be_read(rules: str, message: str) -> None:
    with pytest.raises(KorpusError) as error:
        CodingRules(rules)
    assert message in error.value.message


@pytest.mark.parametrize(
    ("rules", "message", "hint"),
    [
        ("*a near(b-c)[0]", "'near(b-c)[0]' cannot be met", "2 words need [1] or more"),
        ("*a seq(b-c-d)[1]", "'seq(b-c-d)[1]' cannot be met", "3 words need [2] or more"),
        ("*a C++", "'C++' lacks a word", "needs quotes, which search the text: 'C++'"),
        ("*a b | +c", "'+c' lacks a word", "needs quotes"),
    ],
)
def test_rules_that_say_how_to_mend_them(rules: str, message: str, hint: str) -> None:
    with pytest.raises(KorpusError) as error:
        CodingRules(rules)
    assert message in error.value.message and hint in (error.value.hint or "")
    assert codes("*언어 'C++'", "C++ 책") == ["언어"]


def test_many_near_words_have_room() -> None:
    words = [chr(ord("가") + n) for n in range(14)]
    assert codes(f"*a near({'-'.join(words)})", " ".join(words)) == ["a"]


def test_a_condition_beside_its_name_or_below(tmp_path: Path) -> None:
    beside, below = (f"*가격{space}가격 | 비싸다" for space in (" ", "\n"))
    assert codes(beside, "가격") == codes(below, "가격") == ["가격"]
    assert "*가격 가격 | 비싸다" in " ".join(korpus("code", "--help").stdout.split())


def test_an_unknown_tag_is_an_error(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("*a b/XYZ\n")
    done = korpus("code", rules, stdin=lines(document("가")))
    assert done.returncode == 2 and "no analyzer has a part of speech (품사) 'XYZ'" in done.stderr


def test_several_processes_give_the_same(sample_tokens: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("*병원 병원 | 의사\n*맛 맛 | 국물 & !병원\n")
    one, two = (korpus("code", rules, sample_tokens, "-j", jobs) for jobs in (1, 2))
    assert one.stdout == two.stdout and one.stderr.splitlines()[:4] == two.stderr.splitlines()[:4]
