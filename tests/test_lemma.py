"""Dictionary forms: the accuracy of each analyzer on a set of sentences, and what is joined."""

import csv
import tomllib
from collections.abc import Iterator
from itertools import islice

import pytest

from korpus.analyzers import morph
from korpus.files import read
from korpus.tagsets import CONJUGATED, group_of
from tests.runner import ROOT
from tests.support import SAMPLE, korpus, records

pytestmark = pytest.mark.xdist_group("taggers")

ANALYZERS = ["mecab", "kiwi", "komoran", "hannanum", "kkma", "okt"]
FLOORS = tomllib.loads((ROOT / "tests" / "floors.toml").read_text())["lemmas"]


def lemmas(text: str, analyzer: str = "mecab", **options: bool) -> str:
    (record,) = morph(text, analyzer, lemma=True, **options)  # type: ignore[arg-type]
    return " ".join(map("/".join, zip(record["tokens"], record["tags"], strict=True)))


def halves() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows for tuning, and those that no rule was made for."""
    with (ROOT / "tests" / "data" / "lemmas.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows[::2], rows[1::2]


def found(rows: list[dict[str, str]], analyzer: str) -> Iterator[bool]:
    for row, record in zip(
        rows, morph([row["sentence"] for row in rows], analyzer, lemma=True), strict=True
    ):
        tokens = zip(record["tokens"], record["tags"], strict=True)
        yield row["lemma"] in {
            form for form, tag in tokens if group_of(tag, analyzer) in CONJUGATED
        }


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_lemmas_of_the_set(analyzer: str) -> None:
    tuned, held = halves()
    assert len(tuned) + len(held) >= 300
    for name, rows in (("tuned", tuned), ("held", held)):
        share = sum(found(rows, analyzer)) / len(rows)
        assert share >= FLOORS[name][analyzer], f"{share:.3f} of the {name} half"


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_nouns_with_suffixes_are_verbs_and_adjectives(analyzer: str) -> None:
    text = "어제 열심히 공부했다. 그는 행복한 사람이다. 방이 깨끗하게 됐다. 거짓말하지 마라."
    verbs, adjectives = (
        next(iter(morph(text, analyzer, pos=pos, lemma=True)))["tokens"]
        for pos in ("verb", "adjective")
    )
    assert {"공부하다", "거짓말하다"} <= set(verbs)
    assert {"행복하다", "깨끗하다"} <= set(adjectives)
    if analyzer in ("mecab", "hannanum"):  # for the others it takes seconds to load them again
        nouns = next(iter(morph(text, analyzer, pos="noun")))["tokens"]
        assert "공부" in nouns and "거짓말" in nouns


def test_only_parts_of_one_word_are_joined() -> None:
    for analyzer in ("mecab", "kiwi"):
        assert lemmas("나는 공부 했다", analyzer).startswith("나/NP 는/JX 공부/NNG 하다/VV ")
    assert "운동/NNG 도/JX 하다/VV" in lemmas("운동도 했다")
    assert lemmas("공부 하다", "okt") == "공부/Noun 하다/Verb"


def test_prefixes_and_suffixes_of_nouns_belong_to_the_verb() -> None:
    text = "산업을 현대화하고 무관심한 사람을 재교육했다"
    assert {"현대화하다/VV", "무관심하다/VA", "재교육하다/VV"} <= set(lemmas(text).split())
    assert "검색하다/VV" in lemmas("인터넷검색했다").split()
    assert "잘하다/VV" in lemmas("노래를 잘하는 사람").split()
    assert "안하다/VV" not in lemmas("숙제를 안했다").split()


def test_a_bound_noun_with_a_suffix_is_an_auxiliary() -> None:
    assert "만하다/VX" in lemmas("먹을만하다").split()


def test_kiwis_variants_stay() -> None:
    assert "사랑스럽다/VA-I" in lemmas("사랑스러운 아이", "kiwi").split()


@pytest.mark.parametrize(
    ("sentence", "lemma"),
    [
        ("공원을 걸었다", "걷다"),
        ("벽에 그림을 걸었다", "걸다"),
        ("천천히 걸어서 갔다", "걷다"),
        ("노래를 들었다", "듣다"),
        ("손을 번쩍 들었다", "들다"),
        ("그가 온다고 들었다", "듣다"),
        ("길을 물었다", "묻다"),
        ("개가 다리를 물었다", "물다"),
        ("사과를 사는 사람", "사다"),
        ("시골에 사는 사람", "살다"),
        ("해가 져 어두웠다", "지다"),
        ("불이 났다", "나다"),
    ],
)
def test_neighbours_tell_what_spelling_cannot(sentence: str, lemma: str) -> None:
    assert lemma in {token.split("/")[0] for token in lemmas(sentence).split()}


def test_okt_knows_all_verbs_of_a_form() -> None:
    expected = {"되었고": "되다", "불러": "부르다", "떠는": "떨다", "지어": "짓다", "미워": "밉다"}
    for form, lemma in expected.items():
        assert lemma in lemmas(f"그가 {form} 갔다", "okt") or lemma in lemmas(form, "okt")
    assert "불다/" in lemmas("나팔을 불러 갔다", "okt")  # to blow


@pytest.mark.parametrize(
    ("analyzer", "sentence", "lemma"),
    [
        ("komoran", "두 점을 이어 보세요", "잇다"),
        ("komoran", "국이 매워 못 먹겠다", "맵다"),
        ("kkma", "병이 나아 간다", "낫다"),
        ("hannanum", "두 점을 이어 보세요", "잇다"),
        ("hannanum", "잘못을 깨달아 반성했다", "깨닫다"),
        ("okt", "잘못을 깨달았다", "깨닫다"),
        ("okt", "그는 못생겼다", "못생기다"),
        *((analyzer, "하늘을 나는 새", "날다") for analyzer in ANALYZERS),
        *((analyzer, "빨래를 너는 사람", "널다") for analyzer in ANALYZERS),
    ],
)
def test_verbs_that_analyzers_take_for_other_words(
    analyzer: str, sentence: str, lemma: str
) -> None:
    (record,) = morph([sentence], analyzer, lemma=True)
    tokens = zip(record["tokens"], record["tags"], strict=True)
    verbs = [form for form, tag in tokens if group_of(tag, analyzer) in CONJUGATED]
    assert lemma in verbs
    if lemma in ("날다", "널다"):
        (record,) = morph(["영화를 나는 좋아한다"], analyzer, lemma=True)
        assert "날다" not in record["tokens"]


@pytest.mark.parametrize(
    ("analyzer", "sentence", "joined"),
    [
        ("okt", "깨끗하지 못한 방", "깨끗하다_못하다"),
        ("hannanum", "맛이 좋진 않다", "좋다_않다"),
        ("okt", "맛이 좋진 않다", "좋다_않다"),
    ],
)
def test_negation_that_analyzers_cut_otherwise(analyzer: str, sentence: str, joined: str) -> None:
    (record,) = morph([sentence], analyzer, join="negation")
    assert joined in record["tokens"]


@pytest.mark.parametrize("analyzer", ["mecab", "kiwi", "okt"])
def test_split_derived_differs_in_joined_tokens_only(analyzer: str) -> None:
    documents = list(islice(read(SAMPLE), 20))
    joined, parts = (
        ["".join(record["tokens"]) for record in morph(documents, analyzer, lemma=True, **options)]
        for options in ({}, {"split_derived": True})
    )
    assert joined != parts or analyzer == "okt"
    assert [text.replace("다", "") for text in joined] == [text.replace("다", "") for text in parts]


def test_the_command_says_how_its_tokens_were_made() -> None:
    done = korpus("morph", "--lemma", "--split-derived", stdin="공부했다\n")
    (record,) = records(done.stdout)
    assert record["tokens"][:2] == ["공부", "하"]
    assert record["analysis"] == "--lemma --split-derived"
