"""Pairs of terms, beside plain loops over the tokens."""

import logging
from collections import Counter
from itertools import combinations
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.analyzers import morph
from korpus.errors import KorpusError, UsageError
from korpus.tokens import pairs, stopwords
from korpus.tokens.cooccurrences import Cooccurrences, cooccurrences
from korpus.tokens.placed import UNITS, place_terms

Sentence = list[tuple[str, int]]  # tokens and how many places they are behind the one before


def document(sentences: list[Sentence]) -> dict[str, Any]:
    """A document with places: each sentence is a line, each token a character of the text."""
    tokens: list[str] = []
    spans, positions, starts = [], [], []
    text, place = "", -1
    for sentence in sentences:
        starts.append(len(text))
        for token, gap in sentence:
            place += gap
            tokens.append(token)
            positions.append(place)
            spans.append([len(text), len(text) + 1])
            text += token
        text += "\n"
    return {
        "id": "1",
        "text": text,
        "tokens": tokens,
        "tags": ["N"] * len(tokens),
        "spans": spans,
        "positions": positions,
        "sentence_starts": starts,
    }


def counted(found: Cooccurrences) -> dict[tuple[str, str], int]:
    names = [term for term, _tag in found.terms]
    return {
        (names[first], names[second]): joint
        for first, second, joint in zip(
            found.first.tolist(), found.second.tolist(), found.joint.tolist(), strict=True
        )
    }


def totals(found: Cooccurrences) -> tuple[dict[str, int], dict[str, int], int]:
    names = [term for term, _tag in found.terms]
    sides = (found.first_totals, found.second_totals)
    first, second = (dict(zip(names, side.tolist(), strict=True)) for side in sides)
    return first, second, found.total


tokens = st.tuples(st.sampled_from("가나다라마"), st.integers(1, 3))
corpora = st.lists(st.lists(st.lists(tokens, max_size=6), max_size=3), max_size=4)


@given(corpora, st.integers(1, 4), st.sampled_from(["both", "left", "right"]), st.booleans())
def test_windows_equal_a_loop(
    corpus: list[list[Sentence]], window: int, direction: str, close: bool
) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    for sentence in (sentence for sentences in corpus for sentence in sentences):
        places = numpy.cumsum([1 if close else gap for _token, gap in sentence]).tolist()
        for i, j in combinations(range(len(sentence)), 2):
            if places[j] - places[i] <= window:
                pair = sentence[i][0], sentence[j][0]
                if direction in ("right", "both"):
                    wanted[pair] += 1
                if direction in ("left", "both"):
                    wanted[pair[::-1]] += 1
    documents = list(map(document, corpus))
    found = cooccurrences(documents, window=window, direction=direction, close_gaps=close)
    ordered = {
        pair: n
        for pair, n in wanted.items()
        if direction != "both" or pair == min(pair, pair[::-1])
    }
    assert counted(found) == ordered
    assert list(counted(found)) == sorted(ordered)
    first, second, total = totals(found)
    assert total == sum(wanted.values())
    for name in first:
        assert first[name] == sum(n for pair, n in wanted.items() if pair[0] == name)
        assert second[name] == sum(n for pair, n in wanted.items() if pair[1] == name)
    assert (found.matrix().sum(), found.documents) == (total, len(corpus))


@given(corpora, st.sampled_from(["sentence", "paragraph", "document"]))
def test_units_equal_a_loop(corpus: list[list[Sentence]], unit: str) -> None:
    sets = [{token for token, _gap in sentence} for sentences in corpus for sentence in sentences]
    if unit == "document":
        sets = [{t for sentence in sentences for t, _gap in sentence} for sentences in corpus]
    elif unit == "paragraph":  # an empty line is none
        sets = [found for found in sets if found]
    wanted = Counter(pair for found in sets for pair in combinations(sorted(found), 2))
    found = cooccurrences(list(map(document, corpus)), unit=unit)
    assert counted(found) == wanted and found.is_symmetric
    first, second, total = totals(found)
    assert first == second == Counter(token for found in sets for token in found)
    assert total == len(sets)


@given(corpora, st.sampled_from(["window", "document"]))
def test_what_is_left_out_changes_no_other_number(corpus: list[list[Sentence]], unit: str) -> None:
    documents = list(map(document, corpus))
    everything = cooccurrences(documents, unit=unit)

    def least(pair: tuple[str, str]) -> int:
        """A pair of a term with itself is two units in a window."""
        return 4 if unit == "window" and len({*pair}) == 1 else 2

    frequency = {t: n for (t, _), n in zip(everything.terms, everything.frequencies, strict=True)}
    for options, stays in (
        ({"min_joint": 2}, lambda pair, joint: joint >= least(pair)),
        ({"min_frequency": 3}, lambda pair, joint: min(frequency[t] for t in pair) >= 3),
        ({"words": ["나", "라/N", "없음"]}, lambda pair, joint: bool({"나", "라"} & {*pair})),
    ):
        found = cooccurrences(documents, unit=unit, **options)
        assert counted(found) == {p: n for p, n in counted(everything).items() if stays(p, n)}
        assert totals(found) == totals(everything)


def test_blocks_and_parts_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    random = numpy.random.default_rng(0)
    documents = [
        document(
            [[(token, 1) for token in random.choice(list("가나다라마바사"), 5)] for _ in range(3)]
        )
        for _ in range(40)
    ]
    for unit in ("window", "sentence"):
        whole = cooccurrences(documents, unit=unit)
        with monkeypatch.context() as patch:
            patch.setattr(pairs, "_TOKENS", 7)
            patch.setattr(pairs, "_PAIRS", 50)
            parts = (part for d in documents for part in place_terms([d], unit=unit))
            found = cooccurrences(parts, unit=unit)
        assert counted(found) == counted(whole) and totals(found) == totals(whole)


def test_max_terms_keeps_the_most_frequent() -> None:
    found = cooccurrences([document([[(t, 1) for t in "가나나다다라"]])], max_terms=2)
    assert set(counted(found)) == {("나", "나"), ("나", "다"), ("다", "다")}


def test_forms_with_several_tags() -> None:
    record = {"id": "1", "tokens": ["이", "이", "이", "집"], "tags": ["JKS", "MM", "MM", "NNG"]}
    assert cooccurrences([record]).terms == [("이", "JKS"), ("이", "MM"), ("집", "NNG")]
    found = cooccurrences([record], tagged=False, unit="document")
    assert found.terms == [("이", "MM"), ("집", "NNG")]
    assert found.frequencies.tolist() == [3, 1] and counted(found) == {("이", "집"): 1}


def test_places_of_removed_tokens() -> None:
    """of morph and stopwords: 좋 and 영화 have an ending between them."""
    tokens = stopwords(morph("좋은 영화를 보았다. 배우가 웃었다", spans=True))
    names = [term for term, _tag in cooccurrences(tokens).terms]
    assert {"영화", "배우"} <= set(names)
    near = counted(cooccurrences(tokens, window=1))
    assert not any(
        {"영화", "배우"} == set(pair) for pair in counted(cooccurrences(tokens, window=9))
    )
    assert len(counted(cooccurrences(tokens, window=1, close_gaps=True))) > len(near)


def test_without_places(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    record = {"id": "1", "text": "가나\n다", "tokens": ["가", "나", "다"], "tags": ["N"] * 3}
    for unit, message in (
        ("window", "1 document without places: windows cross sentences and close up"),
        ("sentence", "1 document without places: each is one sentence; morph --spans"),
        ("paragraph", "1 document without places: each is one paragraph"),
        ("document", ""),
    ):
        caplog.clear()
        found = cooccurrences([record, {"id": "2", "tokens": [], "tags": []}], unit=unit)
        assert len(found) == 3 and found.total == {"window": 6, "document": 2}.get(unit, 1)
        assert caplog.text.count("\n") == bool(message) and message in caplog.text


def test_no_documents_and_one_token() -> None:
    for unit in UNITS:
        for documents in ([], [document([[("가", 1)]])]):
            found = cooccurrences(documents, unit=unit)
            assert len(found) == 0 and found.matrix().nnz == 0
            assert found.measure("npmi").tolist() == [] and found.documents == len(documents)


def test_errors() -> None:
    for options in ({"unit": "word"}, {"direction": "up"}, {"window": 0}, {"window": 101}):
        with pytest.raises(UsageError):
            cooccurrences([], **options)
    good = document([[("가", 1), ("나", 1)]])
    for wrong in ({"positions": ["a", 1]}, {"spans": [3, 4]}, {"sentence_starts": [None]}):
        with pytest.raises(KorpusError, match="as morph gives them"):
            cooccurrences([{**good, **wrong}])
    with pytest.raises(KorpusError, match="is not a list of strings"):
        cooccurrences([{**good, "tokens": [["가"], "나"]}])
    found = cooccurrences([{**good, "positions": "a column of the user"}])
    assert counted(found) == {("가", "나"): 1}
