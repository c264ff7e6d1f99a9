"""Where analyzers differ: agreement, rank correlation, shared terms and examples."""

import csv
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import rankdata

from korpus.analyzers import agree, morph
from korpus.errors import KorpusError, UsageError
from korpus.records import Record
from tests.support import korpus

TEXTS = [
    "영화가 정말 좋았다. 음악도 좋았다",
    "영화 음악 영화",
    "배우 연기가 아쉽다",
    "음악 좋다!",
    "",
]


def compared(texts: list[str], **options: Any) -> Record:
    table = agree(texts, "mecab,space", pos="", **options)
    (row,) = table.rows
    return dict(zip(table.columns, row, strict=True))


def test_measures_are_those_of_their_definitions() -> None:
    found = [
        [Counter(record["tokens"]) for record in morph(TEXTS, name)] for name in ("mecab", "space")
    ]
    totals = [sum(documents, Counter()) for documents in found]
    same = sum((a & b).total() for a, b in zip(*found, strict=True))
    terms = sorted(totals[0] | totals[1])
    ranks = [rankdata([its[term] for term in terms]) for its in totals]
    centred = [its - its.mean() for its in ranks]
    rho = (centred[0] * centred[1]).sum() / math.sqrt(
        (centred[0] ** 2).sum() * (centred[1] ** 2).sum()
    )
    frequent, keywords = [], []
    for its, documents in zip(totals, found, strict=True):
        weights = {
            term: count * math.log(len(TEXTS) / sum(term in one for one in documents))
            for term, count in its.items()
        }
        frequent.append(set(sorted(its, key=lambda term: (-its[term], term))[:3]))
        keywords.append(set(sorted(its, key=lambda term: (-weights[term], term))[:3]))
    row = compared(TEXTS, top=3)
    assert row["documents"] == 5 and row["a"] == "mecab" and row["b"] == "space"
    assert (row["tokens_a"], row["tokens_b"]) == (totals[0].total(), totals[1].total())
    assert (row["terms_a"], row["terms_b"]) == (len(totals[0]), len(totals[1]))
    assert row["terms_both"] == len(totals[0].keys() & totals[1].keys())
    assert row["agreement"] == pytest.approx(
        2 * same / (totals[0].total() + totals[1].total()), abs=1e-12
    )
    assert row["rank_correlation"] == pytest.approx(rho, abs=1e-12)
    assert row["top_shared"] == len(frequent[0] & frequent[1]) / 3
    assert row["keywords_shared"] == len(keywords[0] & keywords[1]) / 3


def test_analyzers_that_find_the_same_agree() -> None:
    row = compared(["배우 연기 배우", "음악"])
    assert row["agreement"] == row["rank_correlation"] == row["top_shared"] == 1


def test_nothing_to_compare_is_not_defined() -> None:
    for texts in ([], [""], ["", " "]):
        row = compared(texts)
        assert row["documents"] == len(texts) and row["terms_both"] == 0
        names = ("agreement", "rank_correlation", "top_shared", "keywords_shared")
        assert [row[name] for name in names] == [None] * 4


def test_terms_that_differ_with_an_example() -> None:
    rows: list[Record] = []
    list(agree(TEXTS, "mecab,space", pos="", top=4, terms=rows.append).rows)
    assert [row["term"] for row in rows] == ["다", "좋", "가", "았"]
    assert rows[1] == {
        "term": "좋",
        "found_by": "mecab",
        "count_mecab": 3,
        "count_space": 0,
        "example": "영화가 정말 좋았다.",
        "tokens_mecab": "좋/VA",
        "tokens_space": "좋았다.",
    }
    assert rows[2]["tokens_mecab"] == "가/JKS" and rows[2]["tokens_space"] == "영화가"


def test_documents_that_one_cannot_analyse_are_compared_for_none() -> None:
    aside: list[Record] = []
    row = compared(["배우 연기", "음악 \ud800", "음악"], rejects=aside.append)
    assert row["documents"] == 2 and row["tokens_a"] == row["tokens_b"] == 3
    (record,) = aside
    assert record["id"] == "2" and record["error"] == "surrogates"
    assert set(record) == {"id", "text", "error", "reason"}
    with pytest.raises(KorpusError, match="unpaired surrogate"):
        compared(["음악 \ud800"])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("mecab", "two different analyzers"),
        ("mecab,mecab", "two different analyzers"),
        ("mecab,mecap", "mecap is unknown"),
        ("mecab,space", "--pos"),
    ],
)
def test_bad_options(names: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        agree([], names)


@pytest.mark.xdist_group("taggers")
def test_the_command(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id,text\n1,몰입도면에서 떨어지는 영화\n2,영화 강추!\n")
    terms = tmp_path / "terms.csv"
    done = korpus("agree", source, "--terms", terms, "-j", "1")
    (row,) = csv.DictReader(done.stdout.splitlines())
    assert (row["a"], row["b"], row["documents"]) == ("mecab", "kiwi", "2")
    assert 0.5 < float(row["agreement"]) < 1
    found = {row["term"]: row for row in csv.DictReader(terms.read_text("utf-8-sig").splitlines())}
    assert found["몰입도"]["found_by"] == "kiwi"
    assert found["몰입도"]["tokens_mecab"] == "몰입/NNG 도/JX"
    assert "영화" not in found
    assert korpus("agree", source, "--terms", terms, "-j", "1").stdout == done.stdout
