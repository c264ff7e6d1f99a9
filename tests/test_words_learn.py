"""The command words learn: candidates for a word table."""

import csv
import io
import json
import math
import random
import re
from collections import Counter
from pathlib import Path

import pytest

import korpus as library
from korpus.errors import UsageError
from tests.support import SAMPLE, korpus

# Invented words, of which mecab makes several tokens each.
INVENTED = [
    *("두리안핑", "뉴진스", "워라밸", "브이로그", "뿔테롱", "모찌곰", "갓생러", "킹콩찜", "썸띵봇"),
    *("꾸안꾸", "얼죽아", "쀼의세계", "펭수", "먼지봇", "할메니얼", "자만추", "존맛", "MZ세대"),
    *("캠핑장", "한국부동산원", "긴파루후", "난투탄"),
]
WITH_FINAL, WITHOUT_FINAL = list("이은을과의도"), list("가는를와의도")
FRAMES = ["어제 {} 봤다", "우리 동네 {} 참 좋았다", "{} 다시 찾고 싶다", "친구가 {} 알려 주었다"]
FINALS = 28
TIMES = 30
COLUMNS = [
    *("form", "tag", "score", "becomes", "drop", "methods", "count", "df"),
    *("cohesion", "left_entropy", "right_entropy", "contexts"),
]


def planted() -> str:
    """Sentences in which each invented word is before changing particles, or alone."""
    sentences = []
    for word in INVENTED:
        has_final = (ord(word[-1]) - ord("가")) % FINALS > 0
        endings = [*(WITH_FINAL if has_final else WITHOUT_FINAL), ""]
        sentences += [
            FRAMES[number % len(FRAMES)].format(word + endings[number % len(endings)])
            for number in range(TIMES)
        ]
    random.Random(0).shuffle(sentences)
    return "\n".join(sentences) + "\n"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.xdist_group("taggers")
def test_invented_words_are_found_whole_and_first() -> None:
    done = korpus("words", "learn", stdin=planted())
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert list(found[0]) == COLUMNS
    assert {row["form"] for row in found[: len(INVENTED)]} == set(INVENTED)
    for row in found[: len(INVENTED)]:
        assert (row["count"], row["becomes"], row["drop"]) == (str(TIMES), "", "")
        assert row["df"] == str(TIMES) and 0 < float(row["score"]) <= 1
        assert all(row["form"] in context for context in row["contexts"].split(" | "))
    assert f"{len(found)} candidates of new words from 660 documents, 0 left out" in done.stderr


def test_fragments_particles_and_known_words_are_no_candidates() -> None:
    done = korpus("words", "learn", "--method", "cohesion,nouns", stdin=planted())
    forms = {row["form"] for row in rows(done.stdout)}
    assert not forms & {
        "뉴진",
        "진스",
        "뉴진스가",
        "뉴진스는",
        "두리안",
        "동네",
        "친구",
        "좋았",
        "알려",
    }


def test_morph_reads_the_table_as_it_is(tmp_path: Path) -> None:
    table = tmp_path / "words.tsv"
    learned = ["words", "learn", "--method", "cohesion", "-o", table]
    assert korpus(*learned, stdin=planted()).returncode == 0
    text = "뉴진스가 캠핑장에서 워라밸을 찾았다\n"
    before = json.loads(korpus("morph", stdin=text).stdout)["tokens"]
    after = json.loads(korpus("morph", "--words", table, stdin=text).stdout)["tokens"]
    assert not {"뉴진스", "캠핑장", "워라밸"} & set(before)
    assert {"뉴진스", "캠핑장", "워라밸"} <= set(after)


def test_statistics_are_those_of_a_plain_count() -> None:
    text = planted()
    words = re.findall("[0-9A-Za-z가-힣]+", text)

    def count(form: str) -> int:
        return sum(word.startswith(form) for word in words)

    def entropy(neighbours: list[str]) -> float:
        total = len(neighbours)
        return -sum(n / total * math.log(n / total) for n in Counter(neighbours).values())

    done = korpus("words", "learn", "--method", "cohesion,nouns", "--min-count", 3, stdin=text)
    found = rows(done.stdout)
    assert len(found) >= len(INVENTED)
    for row in found:
        form = row["form"]
        assert int(row["count"]) == count(form)
        assert int(row["df"]) == sum(
            bool(re.search(rf"(?<![0-9A-Za-z가-힣]){form}", line)) for line in text.splitlines()
        )
        cohesion = (count(form) / count(form[0])) ** (1 / (len(form) - 1))
        assert float(row["cohesion"]) == pytest.approx(cohesion, abs=1e-4)
        after = [word[len(form) : len(form) + 1] for word in words if word.startswith(form)]
        assert float(row["right_entropy"]) == pytest.approx(entropy(after), abs=1e-4)
        before = [
            word[at - 1] if at else ""
            for word in words
            for at in range(len(word))
            if word.startswith(form, at)
        ]
        assert float(row["left_entropy"]) == pytest.approx(entropy(before), abs=1e-4)


def test_the_strings_of_all_prefixes_and_their_entropies() -> None:
    """Also where 가, whose code ends with a zero byte, is last, and in merged portions."""
    from korpus.analyzers.words.eojeols import Eojeols

    words = [
        word
        for text in ("가 가가 가가가 나가 나가는 a1 각", "가가 나 나가")
        for word in text.split()
    ]
    eojeols = Eojeols()
    eojeols.add(["가 가가, 가가가\n나가", "나가는ㅋa1ㅋ각"])
    eojeols.add(["가가!나 나가"])
    eojeols.merge()
    found = {}
    for length, these in enumerate(eojeols.prefixes(3), 1):
        numbers = zip(these.counts.tolist(), these.entropies.tolist(), strict=True)
        found |= dict(zip(eojeols.forms(these.rows, length), numbers, strict=True))
    prefixes = {word[:length] for word in words for length in range(1, len(word) + 1)}
    assert found.keys() == prefixes
    for form, (count, entropy) in found.items():
        after = Counter(word[len(form) :][:1] for word in words if word.startswith(form))
        assert count == after.total() == eojeols.count(form)
        expected = -sum(n / count * math.log(n / count) for n in after.values())
        assert entropy == pytest.approx(expected) == pytest.approx(eojeols.entropy(form))
    assert dict(eojeols.rows()) == Counter(words)


def test_methods_merge_into_one_row_per_form() -> None:
    def learned(method: str) -> dict[str, str]:
        done = korpus("words", "learn", "--method", method, stdin=planted())
        return {row["form"]: row["methods"] for row in rows(done.stdout)}

    nouns, cohesion, both = map(learned, ("nouns", "cohesion", "nouns,cohesion"))
    assert nouns["캠핑장"] == "nouns" and cohesion["캠핑장"] == "cohesion"
    assert both["캠핑장"] == "cohesion+nouns"
    assert set(INVENTED) <= both.keys() <= nouns.keys() | cohesion.keys()


def test_top_and_the_rest() -> None:
    done = korpus("words", "learn", "--method", "cohesion", "--top", 3, stdin=planted())
    assert len(rows(done.stdout)) == 3
    assert re.search(r"3 candidates of new words from 660 documents, \d\d left out", done.stderr)


@pytest.mark.parametrize(
    "text", ["", "\n \n", "only English, 123 and ㅋㅋㅋ\n" * 20, "나는 학교에 갔다\n"]
)
def test_nothing_to_learn_from(text: str) -> None:
    done = korpus("words", "learn", "--method", "cohesion,nouns", stdin=text)
    assert done.returncode == 0
    assert done.stdout == ",".join(COLUMNS) + "\n"
    assert "no candidate" in done.stderr


def test_half_an_emoji_is_set_aside() -> None:
    texts = [*planted().splitlines(), "뉴진스 \ud83d"]
    source = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = korpus("words", "learn", "--method", "cohesion", stdin=source)
    assert done.returncode == 3 and "unpaired surrogate" in done.stderr
    assert {row["count"] for row in rows(done.stdout) if row["form"] == "뉴진스"} == {str(TIMES)}


def test_half_an_emoji_from_python(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "korpus"):
        library.words_learn([*planted().splitlines(), "뉴진스 \ud83d"], method="cohesion")
    assert "1 document left out: unpaired surrogates" in caplog.text
    assert "from 660 documents" in caplog.text


def test_documents_without_text() -> None:
    done = korpus("words", "learn", stdin='{"id":"7","tokens":["가"],"tags":["NNG"]}\n')
    assert done.returncode == 1
    assert "document '7' has no text to analyse" in done.stderr and "--drop-text" in done.stderr


def test_wrong_options() -> None:
    with pytest.raises(UsageError, match="--method soynlp is unknown"):
        library.words_learn(["가"], method="soynlp")
    with pytest.raises(UsageError, match="--min-count 0 is less than 1"):
        library.words_learn(["가"], min_count=0)


def test_the_sample_of_reviews() -> None:
    done = korpus("words", "learn", SAMPLE, "--method", "cohesion,nouns", "--min-count", 3)
    assert done.returncode == 0, done.stderr
    found = [row["form"] for row in rows(done.stdout)]
    assert {"선생님", "사장님"} <= set(found) and not {"낮에", "벽에", "위에"} & set(found)
