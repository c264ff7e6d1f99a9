"""Misspellings, through Kiwi."""

from pathlib import Path

import pytest

import korpus
from tests.support import korpus as run
from tests.support import lines, records

pytestmark = pytest.mark.xdist_group("taggers")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정말 잼있네요ㅋㅋ... 최고!", "정말 재밌네요ㅋㅋ... 최고!"),
        ("왠만한 영화보다  애니매이션", "웬만한 영화보다  애니메이션"),
        ("외않해 갔는대\n재밋었다", "왜안해 갔는데\n재밌었다"),
        ("되었다 보았습니다 이게 뭐예요", "되었다 보았습니다 이게 뭐예요"),
        ("캐빈이 나온다", "캐빈이 나온다"),
        ("", ""),
    ],
)
def test_only_what_is_misspelt_changes(text: str, expected: str) -> None:
    assert [record["text"] for record in korpus.spell([text])] == [expected]


def test_the_command_says_what_it_corrected(tmp_path: Path) -> None:
    stdin = lines({"id": "1", "text": "잼있다 잼있다"}, {"id": "2", "text": "좋다", "평점": 3})
    done = run("spell", "-o", tmp_path / "out.jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert "corrected 2 words: 잼있 → 재밌 2" in done.stderr
    assert "changed 1 of 2 documents" in done.stderr
    found = records((tmp_path / "out.jsonl").read_text())
    assert found[1] == {"id": "2", "text": "좋다", "평점": 3}
    shown = run("spell", "--diff", stdin=stdin).stdout
    assert "- [-잼있다-] [-잼있다-]" in shown
