"""Undocumented names of other libraries, used only here; tests/test_internals.py watches them."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from gensim.models.fasttext import FastTextKeyedVectors
    from sacrebleu.metrics.base import Metric
    from sklearn.decomposition import LatentDirichletAllocation

    Array = numpy.ndarray


def expected_word_weights(model: "LatentDirichletAllocation") -> "Array":
    """exp E[log β] (k × terms) of scikit-learn's LDA, by which it infers topics of documents."""
    weights: Array = model.exp_dirichlet_component_
    return weights


def ngram_hashes(word: str, shortest: int, longest: int, buckets: int) -> list[int]:
    """The buckets of a word's character n-grams in gensim's FastText."""
    from gensim.models.fasttext import ft_ngram_hashes

    hashes: list[int] = ft_ngram_hashes(word, shortest, longest, buckets)
    return hashes


def used_ngrams(vectors: "FastTextKeyedVectors") -> "Array":
    """The buckets (int64, sorted) of all n-grams in the vocabulary of gensim's FastText."""
    import numpy

    buckets = [numpy.asarray(row) for row in vectors.buckets_word]
    return numpy.unique(numpy.concatenate(buckets)).astype(numpy.int64)


@contextmanager
def nmf_progress(seen: Callable[[int], object]) -> Iterator[None]:
    """Call `seen` with the number of lines that scikit-learn's NMF printed so far (verbose=True).

    It prints a line per update (coordinate descent) or per ten updates (multiplicative), and one
    more at the end.
    """

    class Printed(io.StringIO):
        lines = 0

        def write(self, text: str) -> int:
            self.lines += text.count("\n")
            if "\n" in text:
                seen(self.lines)
            return len(text)

    with redirect_stdout(Printed()):
        yield


def match_counts(
    metric: "Metric", hypotheses: Sequence[str], references: Sequence[Sequence[str | None]]
) -> "Array":
    """What sacrebleu's metric counts in each text: an array of texts × counts, which add up.

    `references`: for each set of references, one per text or None.
    """
    import numpy

    found = metric._extract_corpus_statistics(hypotheses, references)  # type: ignore[arg-type]
    return numpy.array(found, dtype=numpy.int64).reshape(len(hypotheses), -1)


def score_of_counts(metric: "Metric", counts: "Array") -> float:
    """The score that sacrebleu's metric gives sums of `match_counts`."""
    return float(metric._compute_score_from_stats(counts.tolist()).score)
