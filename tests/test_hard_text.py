"""What bad text once did to analyzers: nothing is lost, and nothing hangs, whichever it is."""

import json
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from korpus.analyzers import ANALYZERS, morph
from korpus.analyzers.table import Analyzer
from korpus.documents import Gate
from korpus.documents.split import pieces, spaced
from korpus.errors import KorpusError
from korpus.files import json_line, read, write_records
from korpus.records import Record
from korpus.tokens import freq, stopwords
from tests.support import SENTENCE, SHARED, korpus, records

REPAIRED = {
    "nul": "나는\0 학교에 갔\0다",
    "nfd": normalize("NFD", SENTENCE),
    "bom and zero width": "나는 학\u200b교에 \ufeff갔다",
    "tab": "나는\t학교에\t갔다",
    "line separator": "나는 학교에\u2028갔다",
}
OPEN = "영화가 정말 재미있고 배우들의 연기도 훌륭했지만 결말은 아쉬웠다. "
# Long texts are shorter for those that are slow at any.
SHARE = {"mecab": 1, "kiwi": 2, "okt": 32, "komoran": 8, "hannanum": 16, "kkma": 200}


def long_texts(analyzer: str) -> dict[str, str]:
    share = SHARE.get(analyzer, 1)
    # Six calls of an analyzer, and more of those that are fast.
    length = 350_000 if share == 1 else min(350_000 // share, 6 * ANALYZERS[analyzer].longest)
    return {
        "syllables": "하" * (10_000 // share),
        "digits": "1" * (100_000 // share),
        "letters": "ㄷ" * 24,
        "sentences": OPEN * (length // len(OPEN)),
        "no blank": "영화가정말재미있고배우들의연기도훌륭했지만결말은아쉬웠다"
        * (80 // min(share, 8)),
    }


# These take seconds to start, so they run in this process, which has started them.
SLOW = ("kiwi", "okt", "komoran", "kkma")


@pytest.mark.parametrize(
    "analyzer",
    [
        pytest.param(name, marks=pytest.mark.xdist_group("taggers") if name in SLOW else ())
        for name in ANALYZERS
    ],
)
def test_every_document_is_analysed_or_set_aside(
    analyzer: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "plain": SENTENCE,
        "blank": " \t\u3000\n ",
        "surrogate": f"{SENTENCE} \ud83d",
        "emoji": f"{SENTENCE} 👩\u200d👩\u200d👧 😀",
        **REPAIRED,
        **long_texts(analyzer),
    }
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items())
    )
    given, done, rejects = (tmp_path / f"{name}.jsonl" for name in ("in", "out", "out.rejects"))
    if analyzer in SLOW:
        with rejects.open("wb") as stream:
            tokens = morph(
                read(given), analyzer, rejects=lambda record: stream.write(json_line(record))
            )
            write_records(tokens, str(done))
        errors = capfd.readouterr().err
    else:
        command = korpus("morph", given, "-a", analyzer, "-j", 1, "-o", done)
        errors = command.stderr
        assert command.returncode == 3, errors
    assert "Traceback" not in errors and "\tat " not in errors
    found, aside = (
        {record["id"]: record for record in records(path.read_text())} for path in (done, rejects)
    )
    assert [id for id in texts if id in found] == list(found)
    assert [id for id in texts if id in aside] == list(aside)
    assert sorted([*found, *aside]) == sorted(texts)
    assert aside["surrogate"] == {
        "id": "surrogate",
        "text": texts["surrogate"],
        "error": "surrogates",
        "reason": "text contains an unpaired surrogate (half of an emoji)",
    }
    assert found["blank"]["tokens"] == []
    for id in REPAIRED if analyzer != "space" else ():
        assert found[id]["tokens"] == found["plain"]["tokens"], id
        assert found[id]["text"] == texts[id]
    assert any("😀" in token for token in found["emoji"]["tokens"])
    for id in set(found) - {"blank", *REPAIRED}:
        kept = "".join(found[id]["tokens"]).replace(" ", "")
        assert len(kept) > 0.6 * len("".join(texts[id].split())), id
    # Only Hannanum cannot take a row of words without a blank, and says so.
    assert set(aside) <= {"surrogate", "no blank"}


@pytest.mark.parametrize(
    ("line", "longest", "expected"),
    [
        ("짧은 글", 10, ["짧은 글"]),
        ("하나. 둘둘. 셋", 8, ["하나. 둘둘.", " 셋"]),
        ("하나 둘둘 셋셋", 6, ["하나 둘둘", " 셋셋"]),
        ("하나둘셋넷", 2, ["하나", "둘셋", "넷"]),
        ('"갔다." 왔다', 7, ['"갔다."', " 왔다"]),
    ],
)
def test_long_lines_are_cut_where_it_hurts_least(
    line: str, longest: int, expected: list[str]
) -> None:
    assert list(pieces(line, longest)) == expected


@given(st.text(st.sampled_from('가나. !?"')), st.integers(1, 9))
def test_pieces_are_the_line(line: str, longest: int) -> None:
    found = list(pieces(line, longest))
    assert "".join(found) == line
    assert all(len(piece) <= longest for piece in found)


@given(st.text(st.sampled_from("가나 ")), st.integers(1, 5))
def test_no_run_is_longer(line: str, longest: int) -> None:
    found = spaced(line, longest)
    assert found.replace(" ", "") == line.replace(" ", "")
    assert all(len(word) <= longest for word in found.split())


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared/data here")
def test_ordinary_text_goes_to_the_analyzer_in_one_piece() -> None:
    """20,000 reviews: a gate with an analyzer's limits gives what it gives without limits."""
    plain = Gate()
    limits = {(entry.longest, entry.run) for entry in ANALYZERS.values()}
    gates = {limit: Gate(longest=limit[0], run=limit[1]) for limit in limits}
    longer_runs = Counter[tuple[int, int]]()
    for record in islice(read(SHARED / "reviews.csv.gz"), 20_000):
        lines = plain.lines(record["text"])
        longest = max((len(word) for line in lines for word in line.split()), default=0)
        for (length, run), gate in gates.items():
            if run and longest > run:
                longer_runs[length, run] += 1
            else:
                assert gate.lines(record["text"]) == lines
    assert all(count <= 40 for count in longer_runs.values())  # of 20,000


def chain(texts: list[str]) -> tuple[list[Record], list[Record], list[Record]]:
    rejects: list[Record] = []
    documents = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
    tokens = list(morph(documents, rejects=rejects.append))
    return list(stopwords(tokens)), rejects, list(freq(tokens))


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.text(), st.text(st.characters(exclude_categories=())), st.just(SENTENCE)))
)
def test_arbitrary_text_through_the_chain(texts: list[str]) -> None:
    kept, rejects, table = chain(texts)
    ids = [record["id"] for record in kept] + [record["id"] for record in rejects]
    assert sorted(ids, key=int) == [str(number) for number in range(len(texts))]
    for record in [*kept, *rejects]:
        assert json.loads(json_line(record))["text"] == texts[int(record["id"])]
    for record in rejects:
        assert record["error"] == "surrogates"
        with pytest.raises(UnicodeEncodeError):
            texts[int(record["id"])].encode()
    assert all(row["count"] > 0 for row in table)


class Broken:
    """An analyzer that fails, gives nothing and loses text."""

    @staticmethod
    def analyze(texts: list[str]) -> Any:
        for text in texts:
            if "failed" in text:
                raise RuntimeError("it is broken\nat line 1")
            yield ([], []) if "nothing" in text else ([text[:3]], ["NNG"])


def test_an_analyzer_that_fails_is_known_by_its_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["korpus.analyzers.morph"]
    monkeypatch.setattr(module, "_loaded", lambda *_: Analyzer(Broken.analyze))
    texts = ["가", "failed", "나", "nothing", "다라마바사아자차카타파하", "끝"]
    documents = [{"id": text, "text": text, "error": "mine"} for text in texts]
    rejects: list[Record] = []
    found = [record["id"] for record in morph(documents, rejects=rejects.append)]
    assert found == ["가", "나", "끝"]
    assert [(record["id"], record["error"], record["error_"]) for record in rejects] == [
        ("failed", "failed", "mine"),
        ("nothing", "nothing", "mine"),
        ("다라마바사아자차카타파하", "lost", "mine"),
    ]
    assert rejects[0]["reason"] == "the analyzer failed: RuntimeError: it is broken"
    assert "lost text: 3 of 12 characters of " in rejects[2]["reason"]
    with pytest.raises(KorpusError, match="'failed' cannot be analysed"):
        list(morph(documents))
