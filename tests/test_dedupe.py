"""Documents that repeat another: the same text, or nearly."""

import csv
import random
from pathlib import Path

import pytest

import korpus
from korpus.documents.compared import normalised
from korpus.documents.near import similarity_of
from korpus.errors import KorpusError, UsageError
from tests.support import korpus as run
from tests.support import lines, records

NOTICE = "오늘 서울 시내 곳곳에서 큰 눈이 내려 출근길이 몹시 혼잡했습니다"


def kept(texts: list[str], **options: object) -> list[str]:
    """The ids that stay."""
    return [record["id"] for record in korpus.dedupe(texts, **options)]  # type: ignore[arg-type]


def test_the_same_letters_and_digits_are_the_same_text() -> None:
    texts = [
        NOTICE,
        f"  {NOTICE.replace(' ', '')}!!",
        NOTICE + " 1.5",
        NOTICE + " 15",
        "다른 글입니다",
    ]
    assert kept(texts) == ["1", "3", "4", "5"]
    assert normalised("ＡＢ, 가!\n1.5점") == "ab가1.5점"
    assert kept(["굿", "굿", "", "", "!!", "!!"]) == list("123456")
    assert kept(["굿" + "👍" * 20] * 2) == ["1", "2"]  # few letters
    assert kept(["굿", "굿", "", "", "!!", "!!"], min_length=0) == ["1", "3", "4", "5"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("C++", "C#"), ("-5도", "5도"), ("좋아 👍", "좋아 👎"), ("a > b", "a < b")),
        *(("3 + 4", "3 × 4"), ("50%", "50")),
    ],
)
def test_signs_that_mean_something_count(one: str, other: str) -> None:
    assert kept([NOTICE + " " + one, NOTICE + " " + other]) == ["1", "2"]
    assert kept([one, other], min_length=0) == ["1", "2"]


def test_documents_without_the_column_of_dates_are_the_latest() -> None:
    rows = [{"id": "a", "text": NOTICE}, {"id": "b", "text": NOTICE, "date": "2024-01-05"}]
    done = run("dedupe", "--keep", "earliest", stdin=lines(*rows, {"id": "c", "text": NOTICE}))
    assert done.returncode == 0 and [row["id"] for row in records(done.stdout)] == ["b"]
    assert "2 documents without a date: taken as the latest" in done.stderr
    done = run("dedupe", "--keep", "earliest", "--date-column", "날", stdin=lines(*rows))
    assert done.returncode == 1 and "'a' has no column with its date" in done.stderr


def test_which_one_stays() -> None:
    rows = [
        {"id": "a", "text": NOTICE, "일자": "2024.12.1"},
        {"id": "b", "text": NOTICE + "!!", "일자": "20240205"},
        {"id": "c", "text": NOTICE, "일자": "2024-02-10"},
        {"id": "d", "text": NOTICE, "일자": None},
    ]
    for source in (rows, (row for row in rows)):  # also of a generator, which is read once
        assert kept(source, keep="earliest") == ["b"]  # type: ignore[arg-type]
    assert kept(rows, keep="longest") == ["b"]  # type: ignore[arg-type]
    assert kept(rows) == ["a"]  # type: ignore[arg-type]
    assert kept(rows[::-1], keep="earliest", date_column="일자") == ["b"]  # type: ignore[arg-type]
    with pytest.raises(KorpusError, match="no column with its date"):
        kept([NOTICE], keep="earliest")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2024년 1월 5일 오전 11:00", "2024년 1월 5일 오후 3:05"),
        ("2024-01-05", "20240105120000"),
        ("202401051159", "2024-01-05T12:00:00+09:00"),
        ("2024년 1월 5일 9시 5분", "2024년 1월 5일 오후 2시"),
        ("202401", "2024. 2. 1."),
        (20240105, 20240106.0),
        ("2030", "Mon, 5 Jan 2024"),  # no date that is known: the latest
        ("2030", "2024-13-01"),
    ],
)
def test_the_earliest_stays(earlier: object, later: object) -> None:
    rows = [{"id": "a", "text": NOTICE, "at": later}, {"id": "b", "text": NOTICE, "at": earlier}]
    assert kept(rows, keep="earliest") == ["b"]  # type: ignore[arg-type]
    assert kept(rows[::-1], keep="earliest") == ["b"]  # type: ignore[arg-type]


def test_near_duplicates_are_like_one_that_stays() -> None:
    changed = NOTICE.replace("몹시", "매우")
    groups: list[dict[str, object]] = []
    texts = [
        "짧은 글입니다 정말로",
        NOTICE,
        changed,
        NOTICE + " 서울",
        "전혀 다른 이야기를 하는 글입니다",
    ]
    assert kept(texts, near=0.7, groups=groups.append) == ["1", "2", "5"]
    assert [(row["group"], row["id"], row["kept"]) for row in groups] == [
        ("2", "2", True),
        ("2", "3", False),
        ("2", "4", False),
    ]
    assert 0.7 <= float(str(groups[1]["similarity"])) < 1
    assert kept(texts, near=0.6, keep="longest") == ["1", "4", "5"]
    assert kept(texts, near=0.99) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("near", [0.6, 0.8])
def test_pairs_are_found_and_none_is_less_alike(near: float) -> None:
    """Against all pairs, of texts whose words are changed at random."""
    dice = random.Random(0)
    words = [chr(dice.randrange(0xAC00, 0xD7A4)) * 2 for _ in range(400)]
    texts: list[str] = []
    for _group in range(40):
        base = dice.choices(words, k=25)
        for _copy in range(5):
            changed = [dice.choice(words) if dice.random() < 0.04 else word for word in base]
            texts.append(" ".join(changed))
    groups: list[dict[str, object]] = []
    stay = kept(texts, near=near, groups=groups.append)
    plain = [normalised(text) for text in texts]
    for row in groups:
        if not row["kept"]:
            assert row["group"] in stay
            exact = similarity_of(plain[int(str(row["id"])) - 1], plain[int(str(row["group"])) - 1])
            assert exact == row["similarity"] and exact >= near
    missed = sum(
        similarity_of(plain[int(one) - 1], plain[int(other) - 1]) >= near
        for at, one in enumerate(stay)
        for other in stay[:at]
    )
    assert missed <= 2 and len(stay) < 150


def test_long_texts_are_compared_by_their_hashes() -> None:
    dice = random.Random(1)
    words = [chr(dice.randrange(0xAC00, 0xD7A4)) * 3 for _ in range(5000)]
    text = " ".join(words)
    other = " ".join(words[:4800])
    third = " ".join(reversed(words))
    assert kept([text, third, other], near=0.9) == ["1", "2"]


def test_the_command(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": NOTICE, "평점": 1},
        {"id": "2", "text": "굿"},
        {"id": "3", "text": "굿"},
        {"id": "4", "text": NOTICE + "."},
    ]
    source = tmp_path / "a.jsonl"
    source.write_text(lines(*rows) + "broken\n")
    expected = rows[:3]
    for arguments, stdin in (([source], ""), ([], source.read_text())):
        output, groups = tmp_path / "out.jsonl", tmp_path / "groups.csv"
        done = run("dedupe", *arguments, "-o", output, "--groups", groups, stdin=stdin)
        assert done.returncode == 3, done.stderr
        assert records(output.read_text()) == expected
        assert len((tmp_path / "out.rejects.jsonl").read_text().splitlines()) == 1
        assert "2 documents with fewer than 10 letters: kept" in done.stderr
        assert "removed 1 of 4 documents: 1 the same" in done.stderr
        assert " in, 3 rows out, 1 document set aside" in done.stderr
        with groups.open() as file:
            found = list(csv.DictReader(file))
        assert [(row["group"], row["id"], row["kept"]) for row in found] == [
            ("1", "1", "True"),
            ("1", "4", "False"),
        ]


def test_the_input_is_read_once(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(f"번호,리뷰\n1,{NOTICE}\n2,{NOTICE}\n")
    done = run("dedupe", source)
    assert done.stderr.count("text is column '리뷰'") == 1, done.stderr
    assert done.stdout.splitlines() == run("dedupe", stdin=source.read_bytes()).stdout.splitlines()
    assert len(records(done.stdout)) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--keep", "last"], "--keep last is unknown"),
        (["--near", "5"], "--near 5 is not from 0.3 to 1"),
        (["--min-length", "-1"], "--min-length -1 is less than 0"),
        (["--date-column", "x"], "--date-column is for --keep earliest"),
    ],
)
def test_errors(options: list[str], message: str) -> None:
    done = run("dedupe", *options, stdin="가\n")
    assert done.returncode == 2 and message in done.stderr and "hint: " in done.stderr
    with pytest.raises(UsageError):
        korpus.dedupe(["가"], keep="last")
