import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.util import ngrams as nltk_ngrams
from sklearn.feature_extraction.text import CountVectorizer

from korpus.files import read
from korpus.tokens import joined_ngrams, ngrams
from tests.support import korpus, lines, records, shell
from tests.test_cooccurrences import Sentence, corpora, document

ONE = lines(document([[("좋", 1), ("은", 1), ("집", 1)], [("좋", 1), ("집", 2)]]))
HEAD = "n,term,tag,count,df,share"


def runs(sentence: Sentence, close: bool) -> list[list[str]]:
    """The parts of a sentence in which tokens follow each other."""
    found: list[list[str]] = []
    for token, gap in sentence:
        if found and (gap == 1 or close):
            found[-1].append(token)
        else:
            found.append([token])
    return found


@given(corpora, st.lists(st.integers(1, 4), min_size=1, max_size=3), st.booleans())
def test_equals_nltk(corpus: list[list[Sentence]], sizes: list[int], close: bool) -> None:
    documents = list(map(document, corpus))
    of_documents = [
        [
            "_".join(found)
            for sentence in sentences
            for part in runs(sentence, close)
            for size in set(sizes)
            for found in nltk_ngrams(part, size)
        ]
        for sentences in corpus
    ]
    counts = Counter(term for terms in of_documents for term in terms)
    df = Counter(term for terms in of_documents for term in set(terms))
    rows = list(ngrams(documents, n=sizes, close_gaps=close))
    assert {(row["term"], row["count"], row["df"]) for row in rows} == {
        (term, count, df[term]) for term, count in counts.items()
    }
    for size in set(sizes):
        of_size = [row for row in rows if row["n"] == size]
        assert not of_size or sum(row["share"] for row in of_size) == pytest.approx(1)
        keys = [(-row["count"], row["term"].split("_")) for row in of_size]
        assert keys == sorted(keys)
    joined = joined_ngrams(documents, n=sizes, close_gaps=close)
    assert [sorted(record["tokens"]) for record in joined] == [sorted(t) for t in of_documents]


def test_equals_count_vectorizer(sample_tokens: Path) -> None:
    documents = [{**record, "spans": None} for record in read(sample_tokens)]
    vectorizer = CountVectorizer(analyzer=lambda tokens: map("_".join, nltk_ngrams(tokens, 2)))
    counts = vectorizer.fit_transform([record["tokens"] for record in documents]).sum(axis=0).A1
    found: Counter[str] = Counter()
    for row in ngrams(documents, n=2):
        found[row["term"]] += row["count"]
    assert found == dict(zip(vectorizer.get_feature_names_out(), counts, strict=True))


def test_rows() -> None:
    done = korpus("ngrams", stdin=ONE)
    assert done.stdout == f"{HEAD}\n2,은_집,N+N,1,1,0.5\n2,좋_은,N+N,1,1,0.5\n"
    several = korpus("ngrams", "-n", "3,1", "--top", 1, stdin=ONE).stdout
    assert several.splitlines()[1:] == ["1,좋,N,2,1,0.4", "3,좋_은_집,N+N+N,1,1,1.0"]
    often = korpus("ngrams", "-n", "1,2", "--min-count", 2, stdin=ONE).stdout.splitlines()[1:]
    assert often == ["1,좋,N,2,1,0.4", "1,집,N,2,1,0.4"]
    assert "2,좋_집,N+N,1,1" in korpus("ngrams", "--close-gaps", stdin=ONE).stdout


def test_joined_tokens_chain() -> None:
    done = korpus("ngrams", "--join", "-n", "1,2", stdin=ONE)
    (record,) = records(done.stdout)
    assert record["tokens"] == ["좋", "좋_은", "은", "은_집", "집", "좋", "집"]
    assert record["tags"][1] == "N+N" and record["analysis"] == "| ngrams -n 1,2"
    assert record["positions"] == [0, 0, 1, 1, 2, 3, 5]
    assert record["spans"][1] == [0, 2] and len(record["spans"]) == 7
    assert "좋_은,N+N,1,1" in korpus("freq", stdin=done.stdout).stdout


def test_without_places_says_so() -> None:
    plain = lines({"id": "1", "tokens": ["가", "나"], "tags": ["", ""]}, {"id": "2", "tokens": []})
    for join in ([], ["--join"]):
        done = korpus("ngrams", *join, stdin=plain)
        assert "가_나" in done.stdout
        assert "1 document without places: windows cross sentences" in done.stderr


def test_empty_input_and_short_documents() -> None:
    assert korpus("ngrams").stdout == f"{HEAD}\n"
    short = lines(document([[("가", 1)]]))
    assert korpus("ngrams", "-n", "2,9", stdin=short).stdout == f"{HEAD}\n"
    assert records(korpus("ngrams", "--join", stdin=short).stdout)[0]["tokens"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "zwei"], "-n zwei is no list of numbers"),
        (["-n", "0"], "-n takes numbers from 1 to 10"),
        (["-n", "2,11"], "-n takes numbers from 1 to 10"),
        (["--min-count", "0"], "less than 1"),
        (["--top", "0"], "less than 1"),
    ],
)
def test_errors(arguments: list[str], message: str) -> None:
    done = korpus("ngrams", *arguments, stdin=ONE)
    assert (done.returncode, done.stdout) == (2, "") and message in done.stderr


def test_processes_make_no_difference(tmp_path: Path, sample_tokens: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(sample_tokens.read_text() * 12)
    for more in ("", "--join"):
        outputs = {shell(f"korpus ngrams -q {more} {many} -j {jobs}").stdout for jobs in (1, 2)}
        assert len(outputs) == 1


def test_a_table_of_ngrams_is_a_cloud(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(korpus("ngrams", stdin=ONE).stdout)
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [row["term"] for row in rows] == ["은_집", "좋_은"]
    assert korpus("wordcloud", table, "-o", tmp_path / "cloud.svg").returncode == 0
