"""Spacing through Kiwi."""

import csv
import gzip
from itertools import islice
from pathlib import Path

import pytest

import korpus
from korpus.documents import spacing
from korpus.documents.kiwi import parts
from korpus.errors import KorpusError
from tests.support import korpus as run
from tests.support import lines, records

pytestmark = pytest.mark.xdist_group("taggers")
SPACED = "띄어쓰기 없이 작성된 텍스트네 이걸 교정해 줘"


@pytest.fixture(scope="module")
def reviews(shared_reviews: Path) -> list[str]:
    with gzip.open(shared_reviews, "rt") as file:
        return [row["text"] for row in islice(csv.DictReader(file), 1000)]


@pytest.mark.parametrize("reset", [False, True])
def test_it_is_what_kiwi_gives(reviews: list[str], reset: bool) -> None:
    from kiwipiepy import Kiwi

    direct = list(Kiwi(num_workers=2).space(reviews, reset_whitespace=reset))
    found = [record["text"] for record in korpus.space(reviews, reset=reset)]
    assert found == direct


def test_the_command(tmp_path: Path) -> None:
    texts = [SPACED.replace(" ", ""), "첫 줄이다\n\n둘째줄이다", "", "나는 학교에 갔다"]
    stdin = lines(*({"id": str(n), "text": text, "평점": n} for n, text in enumerate(texts)))
    done = run("space", "-o", tmp_path / "out.jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    found = records((tmp_path / "out.jsonl").read_text())
    assert [record["text"] for record in found] == [
        SPACED,
        "첫 줄이다\n\n둘째 줄이다",
        "",
        "나는 학교에 갔다",
    ]
    assert [record["평점"] for record in found] == [0, 1, 2, 3]
    assert "changed 2 of 4 documents: 7 spaces added, 0 removed" in done.stderr
    shown = run("space", "--diff", stdin=stdin)
    assert "document 0\n- [-띄어쓰기없이" in shown.stdout and "document 3" not in shown.stdout
    refused = run("space", "--diff", "-o", tmp_path / "x.jsonl", stdin=stdin)
    assert (
        refused.returncode == 2 and "--diff shows changes and writes no documents" in refused.stderr
    )


def test_reset_also_removes_spaces_and_keeps_lines() -> None:
    text = "띄 어 쓰 기 문 제 가 있 습 니 다\n나는 학교에 갔다"
    (record,) = korpus.space([text], reset=True)
    assert record["text"] == "띄어쓰기 문제가 있습니다\n나는 학교에 갔다"


def test_long_texts_are_cut_at_lines() -> None:
    text = "나는 학교에 갔다.\n" * 30 + "가" * 50
    found = parts(text, 40)
    assert "".join(found) == text and max(map(len, found)) <= 40
    assert found[0] == "나는 학교에 갔다.\n" * 3


def test_no_text_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    class Losing:
        def space(self, texts: list[str], **options: object) -> list[str]:
            if "나" in texts:
                raise ValueError("no 나")
            return [text[:1] for text in texts]

    monkeypatch.setattr(spacing, "kiwi", Losing)
    rejected: list[dict[str, object]] = []
    found = korpus.space(["가", "나", "다라"], rejects=rejected.append)
    assert [record["text"] for record in found] == ["가"]
    assert [(record["id"], record["error"]) for record in rejected] == [
        ("2", "failed"),
        ("3", "lost"),
    ]


def test_what_kiwi_cannot_do_is_set_aside(tmp_path: Path) -> None:
    done = run("space", "-o", tmp_path / "out.jsonl", stdin='{"id":"1","text":"가\\ud83d"}\n')
    assert done.returncode == 3
    assert "document '1': text contains an unpaired surrogate" in done.stderr
    with pytest.raises(KorpusError, match="half of an emoji"):
        list(korpus.space(["가\ud83d"]))
    with pytest.raises(KorpusError, match="has no text"):
        list(korpus.space([{"id": "1", "tokens": ["가"]}]))
