"""Names that other libraries do not document: these tests fail when they move or change meaning."""

from pathlib import Path

import numpy
import pytest
from gensim.models import FastText
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from scipy.special import psi
from sklearn.decomposition import NMF, LatentDirichletAllocation

from korpus.models import library_internals

COUNTS = numpy.random.default_rng(0).poisson(1.0, (12, 6))


def test_expected_word_weights_are_those_of_the_dirichlet_posterior() -> None:
    model = LatentDirichletAllocation(2, random_state=0).fit(COUNTS)
    posterior = model.components_
    expected = numpy.exp(psi(posterior) - psi(posterior.sum(axis=1, keepdims=True)))
    assert numpy.allclose(library_internals.expected_word_weights(model), expected)


@pytest.fixture(scope="module")
def fasttext() -> FastText:
    return FastText(
        [["abcd", "bcde"]] * 5, vector_size=4, min_count=1, min_n=3, max_n=4, bucket=50, seed=0
    )


def test_ngram_hashes_give_gensims_vector_of_an_unseen_word(fasttext: FastText) -> None:
    hashes = library_internals.ngram_hashes("abc", 3, 4, 50)
    assert len(hashes) == 5  # <ab abc bc> <abc abc>
    expected = fasttext.wv.vectors_ngrams[hashes].mean(axis=0)
    assert numpy.allclose(fasttext.wv["abc"], expected)


def test_used_ngrams_are_those_of_the_vocabulary(fasttext: FastText) -> None:
    found = library_internals.used_ngrams(fasttext.wv)
    words = fasttext.wv.index_to_key
    hashes = {n for word in words for n in library_internals.ngram_hashes(word, 3, 4, 50)}
    assert found.dtype == numpy.int64
    assert found.tolist() == sorted(hashes)


@pytest.mark.filterwarnings("ignore:Maximum number of iterations")
@pytest.mark.parametrize(("solver", "loss", "per_line"), [("cd", 2, 1), ("mu", 1, 10)])
def test_nmf_prints_its_progress(solver: str, loss: int, per_line: int) -> None:
    seen: list[int] = []
    factors = NMF(
        2, solver=solver, beta_loss=loss, tol=1e-9, max_iter=40, random_state=0, verbose=1
    )
    with library_internals.nmf_progress(seen.append):
        factors.fit(COUNTS)
    assert seen[: 40 // per_line] == list(range(1, 40 // per_line + 1))


def test_nothing_else_uses_these_names() -> None:
    names = ("exp_dirichlet_component_", "ft_ngram_hashes", "buckets_word")
    package = Path(library_internals.__file__).parent.parent
    for path in package.rglob("*.py"):
        if path != Path(library_internals.__file__):
            assert not any(name in path.read_text() for name in names), path


def test_counts_of_sacrebleu_add_up_to_its_score() -> None:
    texts, references = ["the cat sat down", "a dog"], [["the cat sat", "a dog ran"]]
    for metric in (BLEU(tokenize="none"), CHRF()):
        counts = library_internals.match_counts(metric, texts, references)
        score = library_internals.score_of_counts(metric, counts.sum(axis=0))
        assert score == metric.corpus_score(texts, references).score
