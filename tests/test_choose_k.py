import csv
import io
import math
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.sparse

from korpus.files import read
from korpus.models import choose_k, lda, word2vec
from korpus.models.topics.choose_k import COLUMNS
from korpus.models.topics.quality import coherence, diversity, perplexity, stability
from korpus.models.topics.suggest_k import log_suggestion, suggested
from korpus.records import Table
from korpus.tokens import known_term_counts
from korpus.views import plot_k
from tests.support import ROOT, korpus, lines
from tests.test_lda import documents

FLOORS = tomllib.loads((ROOT / "tests" / "floors.toml").read_text())
SMALL = ["--range", "2,3", "--runs", "2", "--iterations", "20"]


def test_suggests_the_number_of_subjects(sample_nouns: Path) -> None:
    done = korpus("choose-k", sample_nouns, "--range", "3:9:2")
    assert done.returncode == 0, done.stderr
    assert f"suggested: -k {FLOORS['sample']['choose_k']}, " in done.stderr


@pytest.fixture(scope="module")
def sample_vectors(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vectors") / "w2v.safetensors"
    word2vec(read(sample_nouns), vector_size=8, min_count=1, epochs=1).save(path)
    return path


@pytest.mark.parametrize("method", ["lda", "nmf", "plsa", "stm", "embed", "dtm"])
def test_rows(sample_nouns: Path, sample_vectors: Path, method: str) -> None:
    small = SMALL[:4] if method == "embed" else SMALL
    more = {"dtm": ["--date", "date", "--every", "quarter"], "embed": ["--vectors", sample_vectors]}
    line = ["choose-k", sample_nouns, "--method", method, *small, *more.get(method, [])]
    done = korpus(*line)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["k", "npmi", "c_v", "perplexity", "diversity", "stability"]
    assert [row["k"] for row in rows] == ["2", "3"]
    for row in rows:
        assert -1 <= float(row["npmi"]) <= 1 and 0 <= float(row["c_v"]) <= 1
        assert 0 < float(row["diversity"]) <= 1 and 0 <= float(row["stability"]) <= 1
        assert 10 < float(row["perplexity"]) < 3000 if method == "lda" else not row["perplexity"]
    assert korpus(*line).stdout == done.stdout


def test_plot(sample_nouns: Path, tmp_path: Path) -> None:
    plot = tmp_path / "k.svg"
    done = korpus("choose-k", sample_nouns, *SMALL, "--plot", plot)
    assert done.returncode == 0, done.stderr
    assert "coherence (NPMI)" in plot.read_text()


def test_plot_has_a_panel_for_each_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KORPUS_LANG", "en")
    rows = [(2, 0.1, 0.2, None, 0.9, 0.5), (3, 0.2, 0.3, None, 0.8, 0.4)]
    panels = plot_k(Table(COLUMNS, lambda: rows)).to_dict()["concat"]
    titles = ["coherence (NPMI)", "coherence (C_v)", "topic diversity", "stability"]
    assert [panel["title"] for panel in panels] == titles
    assert {panel["encoding"]["x"]["title"] for panel in panels} == {"number of topics k"}


def test_coherence_is_gensims(sample_nouns: Path) -> None:
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    texts = [record["tokens"] for record in read(sample_nouns)]
    models = [
        [[["영화", "배우", "장면"], ["병원", "의사", "치료"]]],
        [[["여행", "휴대폰", "국물"]]],
    ]
    for measure in ("c_npmi", "c_v"):
        found = coherence(models, texts, measure)
        for group, values in zip(models, found, strict=True):
            library = CoherenceModel(
                topics=group[0],
                texts=texts,
                dictionary=Dictionary(texts),
                coherence=measure,
                processes=1,
            )
            assert values == [pytest.approx(library.get_coherence())]


def test_diversity_and_stability() -> None:
    assert diversity([["가", "나"], ["다", "라"]]) == 1
    assert diversity([["가", "나"], ["가", "나"]]) == 0.5
    first, second = [["가", "나"], ["다", "라"]], [["다", "라"], ["가", "마"]]
    assert stability([first]) == 1
    assert stability([first, first]) == 1
    # 가나–가마 1/3, 다라–다라 1; and back the same.
    assert stability([first, second]) == pytest.approx((1 / 3 + 1 + 1 + 1 / 3) / 4)


def test_perplexity_of_one_topic_is_that_of_its_terms() -> None:
    """With one topic there is nothing to infer: exp of the mean −log P of half the tokens."""
    model = lda(documents(["가"] * 30 + ["나"] * 10), k=1, iterations=5)
    same = scipy.sparse.csr_matrix(numpy.array([[4, 0]]))
    assert perplexity(model, same) == pytest.approx(1 / model.topic_term[0, 0])
    assert math.isnan(perplexity(model, scipy.sparse.csr_matrix(numpy.array([[1, 0], [0, 0]]))))


def test_perplexity_is_lower_for_a_better_model(sample_nouns: Path) -> None:
    tokens = list(read(sample_nouns))
    train, held_out = tokens[::2], tokens[1::2]
    good, poor = (lda(train, k=5, iterations=n, alpha=0.1, eta=0.1) for n in (200, 1))
    counts, _, _ = known_term_counts(held_out, good.terms)
    assert perplexity(good, counts) < perplexity(poor, counts)
    assert perplexity(good, counts, seed=1) == perplexity(good, counts, seed=1)


def test_suggestion() -> None:
    rows = [(5, 0.10, 0, 0, 0, 0.9), (10, 0.12, 0, 0, 0, 0.5), (15, 0.05, 0, 0, 0, 1.0)]
    assert suggested(rows[1:], [0, 0])[1].endswith("; no smaller number was tried")
    assert suggested(rows[:2], [0, 0])[1].endswith("; no larger number was tried")
    same = [(3, 0.1, 0, 0, 0, None), (4, 0.1 + 1e-12, 0, 0, 0, None)]
    assert suggested(same, [0, 0])[0] == 3
    assert suggested(rows, [0, 0, 0]) == (10, "NPMI 0.120 is the highest")
    number, reason = suggested(rows, [0, 0.03, 0])
    assert number == 5 and "most stable (0.90)" in reason


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["--range", "many"], "--range many is not FROM:TO:STEP", 2),
        (["--range", "5:40:0"], "--range 5:40:0 is not FROM:TO:STEP", 2),
        (["--range", f"1:{10**26}"], "is not FROM:TO:STEP", 2),
        (["-j", "100000"], "--jobs 100000 is more than 512", 2),
        (["--range", "9:5"], "--range 9:5 has 0 numbers", 2),
        (["--range", "0:5"], "--range 0 is less than 1", 2),
        (["--range", "5"], "--range goes up to 5, but the fit has 2 documents", 1),
        (["--runs", "0"], "--runs 0 is less than 1", 2),
        (["--method", "lsa"], "--method lsa is unknown", 2),
        (["--method", "dtm"], "--method dtm needs --date, and only it does", 2),
        (["--date", "date"], "--method dtm needs --date, and only it does", 2),
        (["--method", "dtm", "--date", "x"], "document '1' has no column 'x'", 1),
        (["--method", "dtm", "--date", "x", "--every", "era"], "--every era is unknown", 2),
        (["--plot", "k.jpg"], "a chart is .png, .svg, .pdf or .html", 2),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    stdin = lines(*documents(["가", "나"], ["나", "다", "라"]))
    done = korpus("choose-k", "--range", "1", *arguments, stdin=stdin)
    assert done.returncode == code and message in done.stderr, done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_few_and_equal_documents(format: str, tmp_path: Path) -> None:
    """No documents to hold out, topics of one term: values that are not there are empty."""
    stdin = lines(*documents(*[["가"]] * 4))
    for method in ("lda", "nmf"):
        output = tmp_path / f"k.{format}"
        done = korpus("choose-k", "--range", 1, "--method", method, "-o", output, stdin=stdin)
        assert done.returncode == 0 and "no suggestion" in done.stderr, done.stderr
        assert "Warning" not in done.stderr
    assert format != "csv" or output.read_text().splitlines()[1] == "1,,,,1.0,1.0"


def test_python(sample_nouns: Path) -> None:
    table = choose_k(read(sample_nouns), [2], runs=1, iterations=5)
    assert [row["stability"] for row in table] == [None]


def test_negative_coherence_is_no_suggestion() -> None:
    """No two terms ever occur together."""
    stdin = lines(*({"tokens": [term], "tags": ["NNG"]} for term in "가나다라마바사아자차" * 4))
    done = korpus("choose-k", "--range", "2,3", "--runs", 1, "--iterations", 3, stdin=stdin)
    assert done.returncode == 0
    assert all(float(row["npmi"]) < 0 for row in csv.DictReader(done.stdout.splitlines()))
    assert "no suggestion: no number of topics is good" in done.stderr


def rows_of(
    ks: list[int], npmi: list[list[float]], stability: float = 0.3
) -> list[tuple[Any, ...]]:
    means = [sum(runs) / len(runs) for runs in npmi]
    return [(k, value, 0.5, None, 0.9, stability) for k, value in zip(ks, means, strict=True)]


@pytest.mark.parametrize(
    ("npmi", "documents", "message"),
    [
        ([[0.1, 0.2], [0.25, 0.1], [0.12, 0.19]], 1000, r"runs with other seeds .*p = 0\.\d\d"),
        ([[0.1], [0.105], [0.102]], 1000, "as NPMI only goes from 0.100 to 0.105"),
        ([[0.1], [0.2], [0.1]], 40, "too small, 40 documents are fewer than 10 for each of 5"),
        ([[-0.1], [-0.2], [-0.1]], 1000, "as every NPMI is below 0"),
        ([[0.1, 0.11], [0.2, 0.21], [0.1, 0.12]], 1000, "suggested: -k 10"),
        ([[0.1], [0.2], [0.1]], 99, "suggested: -k 5"),
        ([[0.1], [0.2], [0.1]], 99, "fewer than 10 documents per topic: k of 10 and more"),
    ],
)
def test_no_number_is_good(
    npmi: list[list[float]], documents: int, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "korpus")
    log_suggestion(rows_of([5, 10, 15], npmi), npmi, documents)
    assert re.search(message, caplog.text), caplog.text


def test_numbers_whose_topics_are_stable_are_not_flat(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "korpus")
    npmi = [[0.1, 0.2], [0.25, 0.1], [0.12, 0.19]]
    log_suggestion(rows_of([5, 10, 15], npmi, stability=0.9), npmi, 1000)
    assert "suggested: -k " in caplog.text


def test_words_at_random_have_no_good_number() -> None:
    """Every number gives the same: whether NPMI is just above 0 or just below it."""
    random = numpy.random.default_rng(0)
    words = [[f"w{n}" for n in random.integers(0, 30, 20)] for _document in range(100)]
    done = korpus(
        "choose-k", "--range", "3:7:2", "--iterations", 20, stdin=lines(*documents(*words))
    )
    assert "no suggestion: no number of topics is" in done.stderr


def test_dtm_leaves_undated_documents_out(sample_nouns: Path) -> None:
    tokens = [
        {**record, "date": None} if n % 3 else record for n, record in enumerate(read(sample_nouns))
    ]
    done = korpus(
        "choose-k", "--method", "dtm", "--date", "date", "--every", "year", "--range", 2,
        "--runs", 1, "--iterations", 2, stdin=lines(*tokens),
    )  # fmt: skip
    assert done.returncode == 0 and "140 documents without a date left out" in done.stderr
