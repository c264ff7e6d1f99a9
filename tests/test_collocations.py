import csv
import io
from pathlib import Path
from unicodedata import normalize

import pytest
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from korpus.analyzers import morph
from korpus.errors import KorpusError
from korpus.files import read
from korpus.statistics.association import MEASURES
from korpus.tokens import collocations
from tests.support import korpus, lines, shell
from tests.test_cooccurrences import document

SPANS = lines(
    document([[("맛", 1), ("집", 1)], [("맛", 1), ("집", 3)], [("집", 1), ("빵", 1), ("맛", 1)]])
)
HEAD = "term,tag,collocate,collocate_tag,count,term_count,collocate_count,expected"


def rows(*arguments: object, stdin: str = SPANS) -> list[dict[str, str]]:
    done = korpus("collocations", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def pairs(*arguments: object, stdin: str = SPANS) -> dict[tuple[str, str], int]:
    found = rows("--min-pair-count", 1, *arguments, stdin=stdin)
    return {(row["term"], row["collocate"]): int(row["count"]) for row in found}


def test_rows_and_totals() -> None:
    done = korpus("collocations", "--min-pair-count", 2, "--measure", "t,pmi", stdin=SPANS)
    assert (
        done.stdout == f"{HEAD},t,pmi\n맛,N,집,N,3,3,3,1.6,0.8082903768654761,0.9068905956085185\n"
    )
    assert "5 token pairs in windows; 3 pairs of terms, 1 of them at least 2 times" in done.stderr


def test_windows_directions_and_gaps() -> None:
    assert pairs() == {("맛", "집"): 3, ("맛", "빵"): 1, ("빵", "집"): 1}
    assert pairs("--window", 1) == {("맛", "집"): 1, ("맛", "빵"): 1, ("빵", "집"): 1}
    assert pairs("-w", 1, "--close-gaps")[("맛", "집")] == 2
    right = {("맛", "집"): 2, ("집", "빵"): 1, ("집", "맛"): 1, ("빵", "맛"): 1}
    assert pairs("--direction", "right") == right
    assert pairs("--direction", "left") == {(b, a): n for (a, b), n in right.items()}


@pytest.mark.parametrize("window", [1, 3, 5])
def test_overlap_does_not_depend_on_the_window(window: int) -> None:
    """가 and 나 are always neighbours: logDice is 14, as the Sketch Engine gives it."""
    documents = [document([[("가", 1), ("나", 1), (f"다{n}", 1)]]) for n in range(9)]
    table = collocations(documents, word="가", window=window, measure="logdice,dice,jaccard,cosine")
    row = next(iter(table))
    assert (row["collocate"], row["count"]) == ("나", 9)
    assert [row[name] for name in ("logdice", "dice", "jaccard", "cosine")] == [14, 1, 1, 1]


def test_a_word_beside_itself_is_counted_once() -> None:
    documents = [document([[("대박", 1), ("대박", 1)]]) for n in range(2)]
    (row,) = collocations(documents, min_pair_count=2)
    assert (row["collocate"], row["count"], row["term_count"]) == ("대박", 2, 4)
    assert not list(collocations(documents, min_pair_count=3))


def test_decomposed_words_are_found() -> None:
    assert pairs("--word", normalize("NFD", "집")) == pairs("--term", "집") == pairs("--word", "집")


def test_collocates_of_words() -> None:
    assert pairs("--word", "집") == {("집", "맛"): 3, ("집", "빵"): 1}
    assert pairs("--word", "집/N", "--word", "맛") == {
        **{("맛", "집"): 3, ("맛", "빵"): 1},
        **{("집", "맛"): 3, ("집", "빵"): 1},
    }
    assert pairs("--word", "집", "--direction", "right") == {("집", "빵"): 1, ("집", "맛"): 1}
    found = rows("--word", "집,맛", "--top", 1, "--min-pair-count", 1)
    assert [(row["term"], row["collocate"]) for row in found] == [("맛", "집"), ("집", "맛")]
    everything = rows("--min-pair-count", 1, "--measure", "all")
    of_word = rows("--min-pair-count", 1, "--measure", "all", "--word", "맛")
    assert [row for row in everything if row["term"] == "맛"] == of_word


def test_equals_nltk(sample_tokens: Path) -> None:
    """Neighbours of one long sentence: there nltk's totals differ by the first and last token."""
    tokens = [token for record in read(sample_tokens) for token in record["tokens"]]
    finder = BigramCollocationFinder.from_words(tokens)
    record = {"id": "1", "tokens": tokens, "tags": ["N"] * len(tokens)}
    table = list(
        collocations(
            [record], window=1, direction="right", min_pair_count=1, measure="chi2,g2,dice"
        )
    )
    assert {(row["term"], row["collocate"]): row["count"] for row in table} == finder.ngram_fd
    first, last = tokens[-1], tokens[0]  # no token follows the last, none is before the first
    for row in table[:200]:
        a = row["term_count"] - (row["term"] == first)
        b = row["collocate_count"] - (row["collocate"] == last)
        counts = row["count"], (a, b), len(tokens) - 1
        assert row["chi2"] == pytest.approx(BigramAssocMeasures.chi_sq(*counts), rel=1e-9)
        assert row["g2"] == pytest.approx(BigramAssocMeasures.likelihood_ratio(*counts), rel=1e-9)
        assert row["dice"] == pytest.approx(BigramAssocMeasures.dice(*counts), rel=1e-9)


def test_the_first_measure_ranks_and_ties_are_in_order() -> None:
    for name in MEASURES:
        found = rows("--min-pair-count", 1, "--measure", f"{name},g2", "--direction", "right")
        keys = [
            (-float(row[name]), -int(row["count"]), row["term"], row["collocate"]) for row in found
        ]
        assert keys == sorted(keys) and list(found[0])[8:] == list(dict.fromkeys([name, "g2"]))
    assert list(rows("--measure", "all")[0])[8:] == list(MEASURES)


def test_without_places_says_so() -> None:
    plain = lines({"id": "1", "tokens": ["맛", "집"], "tags": ["N", "N"]})
    done = korpus("collocations", "--min-pair-count", 1, stdin=plain)
    assert len(done.stdout.splitlines()) == 2
    assert "1 document without places: windows cross sentences" in done.stderr


def test_nothing_left_says_how_often() -> None:
    done = korpus("collocations", "--min-pair-count", 9, stdin=SPANS)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1
    assert "no pair is left; lower --min-pair-count to 3" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--word", "없음"], "the word '없음' does not occur", 1),
        (["--measure", "mi"], "--measure mi is unknown", 2),
        (["--measure", ""], "--measure  is unknown", 2),
        (["--window", "0"], "--window 0 is not from 1 to 100", 2),
        (["--direction", "up"], "one of: both, left, right", 2),
        (["--min-pair-count", "0"], "--min-pair-count 0 is less than 1", 2),
        (["--top", "0"], "--top 0 is less than 1", 2),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("collocations", *arguments, stdin=SPANS)
    assert done.returncode == code and message in done.stderr and done.stdout == ""


def test_empty_input_has_no_words() -> None:
    for arguments in ([], ["--word", "없음"]):
        assert korpus("collocations", *arguments).stdout == f"{HEAD},g2,npmi,logdice\n"


def test_in_python() -> None:
    tokens = morph(["맛있는 빵집. 빵집 사장님"], spans=True)
    assert len(collocations(tokens, min_pair_count=1).to_pandas()) > 3
    with pytest.raises(KorpusError):
        collocations(tokens, word="없음")


def test_processes_make_no_difference(tmp_path: Path, sample_tokens: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text(sample_tokens.read_text() * 12)
    outputs = {shell(f"korpus collocations {many} -q -j {jobs}").stdout for jobs in (1, 2)}
    assert len(outputs) == 1 and len(outputs.pop().splitlines()) > 100


def test_a_picture_is_a_network(tmp_path: Path, sample_nouns: Path) -> None:
    picture = tmp_path / "words.svg"
    options = ("--min-pair-count", 2, "--plot", picture, "-o", tmp_path / "table.csv")
    for more in ([], ["--direction", "left", "--word", "의사"]):
        done = korpus("collocations", sample_nouns, *options, *more)
        assert done.returncode == 0, done.stderr
        assert ">의사<" in picture.read_text()
    done = korpus("collocations", "--plot", picture, "--min-pair-count", 9, stdin=SPANS)
    assert done.returncode == 1 and "nothing to draw" in done.stderr
