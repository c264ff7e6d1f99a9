"""topics validate: word and topic intrusion tests, and their scores."""

import csv
import io
import math
from pathlib import Path

import numpy
import pytest

from korpus.errors import KorpusError, UsageError
from korpus.models import TopicModel, intrusion_scores, lsa, plsa, topics_validate
from tests.support import korpus, lines

KINDS = ["경제", "음식", "영화", "여행"]
WORDS = 8  # of each kind


def records() -> list[dict[str, object]]:
    """Documents of four kinds with a word of the next kind each."""
    found = []
    for n in range(24):
        kind, other = KINDS[n % 4], KINDS[(n + 1) % 4]
        tokens = [f"{kind}{(n + i * i) % WORDS}" for i in range(10)] + [f"{other}0"]
        tags = ["NNG"] * len(tokens)
        found.append({"id": f"d{n}", "text": f"{kind} 글 {n}", "tokens": tokens, "tags": tags})
    return found


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return plsa(records(), k=4, keep="text")


@pytest.fixture(scope="module")
def path(model: TopicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("validate") / "plsa.safetensors"
    model.save(file)
    return file


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_intruders_of_words(model: TopicModel) -> None:
    items = topics_validate(model, words=3, texts=0).items
    assert sorted(item.topic for item in items) == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3
    assert len({item.intruder for item in items}) > 1
    for item in items:
        weights = model.topic_term[int(item.topic) - 1]
        intruder = item.choices[item.intruder - 1]
        mine = {term for term in item.choices if term != intruder}
        assert mine == {
            model.terms[column] for column in numpy.argsort(-weights, kind="stable")[:5]
        }
        place = model.terms.index(intruder)
        assert weights[place] <= numpy.median(weights)
        ranks = (model.topic_term > model.topic_term[:, [place]]).sum(axis=1)
        assert ranks.min() < 10  # among the first of another topic


def test_intruders_of_topics(model: TopicModel) -> None:
    items = topics_validate(model, records(), words=0, texts=10).items
    assert len({item.document for item in items}) == 10
    for item in items:
        row = model.ids.index(item.document)
        shares = model.document_topic[row]
        assert item.text == records()[row]["text"]
        assert sorted(item.shares) == pytest.approx(sorted(shares))
        assert item.topic == int(shares.argmax()) + 1
        assert item.shares[item.intruder - 1] == pytest.approx(shares.min())
        largest = item.choices[int(numpy.argmax(item.shares))]
        terms = {topic["topic"]: topic["terms"] for topic in model.topics(top=8)}
        assert largest == terms[item.topic]


def test_sheet_does_not_show_the_key(path: Path, tmp_path: Path) -> None:
    key, sheet = tmp_path / "key.csv", tmp_path / "sheet.csv"
    options = ["--texts", 5, "--coders", "김,이", "--write-key", key, "-o", sheet]
    done = korpus("topics", "validate", path, *options)
    assert (done.returncode, done.stdout) == (0, "")
    rows, answers = rows_of(sheet.read_text("utf-8")), rows_of(key.read_text("utf-8"))
    choices = [f"choice{number}" for number in range(1, 7)]
    assert list(rows[0]) == ["id", "task", "text", *choices, "김", "이"]
    assert list(answers[0]) == ["id", "task", "topic", "document", "intruder", "answer", "shares"]
    assert [row["task"] for row in rows] == ["word"] * 4 + ["topic"] * 5
    assert [row["id"] for row in answers] == [str(number) for number in range(1, 10)]
    once = key.read_bytes(), sheet.read_bytes()
    korpus("topics", "validate", path, *options)
    assert (key.read_bytes(), sheet.read_bytes()) == once
    korpus("topics", "validate", path, *options, "--seed", 1)
    assert sheet.read_bytes() != once[1]
    # 김 finds all; 이 takes the first choice everywhere, by its words
    korpus("topics", "validate", path, *options)
    for row, answer in zip(rows, answers, strict=True):
        row["김"], row["이"] = f"{answer['intruder']}.0", row["choice1"]
    filled = tmp_path / "filled.jsonl"
    filled.write_text(lines(*rows), encoding="utf-8")
    done = korpus("topics", "validate", path, "--score", filled, "--key", key)
    assert done.returncode == 0, done.stderr
    scores = {(r["task"], r["topic"], r["coder"]): r for r in rows_of(done.stdout)}
    assert float(scores["word", "", "김"]["precision"]) == 1
    first = [answer["intruder"] == "1" for answer in answers]
    assert float(scores["word", "", "이"]["precision"]) == pytest.approx(sum(first[:4]) / 4)
    assert float(scores["word", "", ""]["chance"]) == pytest.approx(1 / 6)
    assert float(scores["topic", "", ""]["chance"]) == pytest.approx(1 / 4)
    assert scores["topic", "", "김"]["log_odds"] == "0.0"
    odds = []
    for answer in answers[4:]:
        shares = [max(float(share), 1e-6) for share in answer["shares"].split()]
        odds.append(math.log(shares[int(answer["intruder"]) - 1] / shares[0]))
    assert float(scores["topic", "", "이"]["log_odds"]) == pytest.approx(sum(odds) / 5)
    assert {key[1] for key in scores if key[0] == "word"} == {"", "1", "2", "3", "4"}


KEY = [
    {
        "id": n,
        "task": "word",
        "topic": 1 + n % 2,
        "document": "",
        "intruder": n,
        "answer": "가나다"[n - 1],
        "shares": "",
    }
    for n in (1, 2, 3)
]


def sheet(*answers: object) -> list[dict[str, object]]:
    choices = {"choice1": "가", "choice2": "나", "choice3": "다"}
    return [{"id": n, "text": "", **choices, "답": x} for n, x in enumerate(answers, 1)]


def test_scores_of_several_sheets() -> None:
    import krippendorff

    found = intrusion_scores(KEY, {"a": sheet(1, "나", 3.0), "b": sheet("1", 1, "")})
    rows = {(row["topic"], row["coder"]): row for row in found}
    assert rows["", ""]["answers"] == 5 and rows["", ""]["precision"] == pytest.approx(4 / 5)
    assert rows["", "a 답"]["precision"] == 1
    assert rows["", "b 답"]["precision"] == 1 / 2
    assert (rows["1", ""]["items"], rows["1", ""]["precision"]) == (1, 1 / 2)
    alpha = krippendorff.alpha([[1, 2, 3], [1, 1, numpy.nan]], level_of_measurement="nominal")
    assert rows["", ""]["alpha"] == pytest.approx(alpha)


@pytest.mark.parametrize(
    ("key", "answers", "message"),
    [
        (KEY, sheet(4), "item 1: '4' of 답 is not one of the choices"),
        (KEY[1:], sheet(1), "the key has no item '1'"),
        (KEY, sheet("", ""), "there are no answers"),
        ([{"id": 1}], sheet(1), "there is no column 'task'"),
        (KEY, [{"답": 1}], "there is no column 'id'"),
        (KEY, sheet(1) * 2, "item 1 is there twice in one sheet"),
        ([{**row, "answer": "라"} for row in KEY], sheet(1), "item 1 has other choices than in"),
    ],
)
def test_sheets_that_cannot_be_scored(key: list, answers: list, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(KorpusError, match=message):
        intrusion_scores(key, {"a": answers})


def test_errors(path: Path, model: TopicModel) -> None:
    done = korpus("topics", "validate", path, "--score", "x.csv")
    assert done.returncode == 2 and "--score needs the key" in done.stderr
    with pytest.raises(KorpusError, match="a model of one topic has no intruders"):
        topics_validate(plsa(records(), k=1))
    with pytest.raises(UsageError, match="an lsa model has dimensions"):
        topics_validate(lsa(records(), k=2))
    with pytest.raises(UsageError, match="--words -1"):
        topics_validate(model, words=-1)


def test_without_documents_there_are_only_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "korpus")
    found = topics_validate(plsa(records(), k=4))
    assert {item.task for item in found.items} == {"word"}
    assert "word intrusion only" in caplog.text


@pytest.mark.parametrize("answer", ["2번", "2 번째", "②", "(2)", "2.", "２", " 나 ", 2.0])
def test_numbers_as_people_write_them(answer: object) -> None:
    assert next(iter(intrusion_scores(KEY, {"a": sheet("", answer)})))["precision"] == 1


@pytest.mark.parametrize("answer", ["0", "4번", "-2", "2.5", "번", "나 다"])
def test_other_answers_are_refused(answer: str) -> None:
    with pytest.raises(KorpusError, match="is not one of the choices"):
        intrusion_scores(KEY, {"a": sheet("", answer)})


def test_scores_are_of_the_model_given(path: Path, tmp_path: Path) -> None:
    key, sheet, other = tmp_path / "key.csv", tmp_path / "sheet.csv", tmp_path / "o.safetensors"
    korpus("topics", "validate", path, "--write-key", key, "-o", sheet)
    plsa([{"id": "1", "tokens": ["가", "나"]}, {"id": "2", "tokens": ["다"]}], k=2).save(other)
    score = ["--score", sheet, "--key", key]
    done = korpus("topics", "validate", other, *score)
    assert done.returncode == 1 and "the key is of another model" in done.stderr
    done = korpus("topics", "validate", path, *score)
    assert done.returncode == 1 and "there are no answers" in done.stderr
    for useless, name in ((["--texts", 3], "--texts"), ([sheet], "DOCUMENTS")):
        done = korpus("topics", "validate", path, *score, *useless)
        assert done.returncode == 2 and f"{name} does nothing with --score" in done.stderr
