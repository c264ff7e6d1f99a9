"""Measures of topics: coherence, diversity, stability and held-out perplexity."""

import math
from itertools import combinations, islice
from statistics import fmean
from typing import TYPE_CHECKING

from korpus.models.topics.lda_model import LdaModel

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# The first terms of each topic of a model.
TopTerms = list[list[str]]


def coherence(
    models: list[list[TopTerms]], texts: list[list[str]], measure: str
) -> list[list[float]]:
    """Mean coherence of the topics of each model, by gensim's CoherenceModel.

    `models`: the first terms of each topic of each model, in groups of models. `texts`: tokens per
    document. `measure`: c_npmi (Bouma 2009, sliding window of 10 tokens) or c_v (Röder, Both &
    Hinneburg 2015, window of 110). Returns one value per model in the same groups; NaN where no
    topic has two terms.
    """
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    measurable = [topic for group in models for model in group for topic in model if len(topic) > 1]
    if not measurable:
        return [[math.nan for _model in group] for group in models]
    measured = CoherenceModel(
        topics=measurable,
        texts=texts,
        dictionary=Dictionary(texts),
        coherence=measure,
        topn=max(map(len, measurable)),
        processes=1,
    )
    values = iter(measured.get_coherence_per_topic())
    counts = [[sum(len(topic) > 1 for topic in model) for model in group] for group in models]
    return [
        [fmean(islice(values, count)) if count else math.nan for count in group] for group in counts
    ]


def diversity(topics: TopTerms) -> float:
    """Share of distinct terms among the first terms of all topics (Dieng, Ruiz & Blei 2020)."""
    terms = [term for topic in topics for term in topic]
    return len(set(terms)) / len(terms)


def stability(runs: list[TopTerms]) -> float:
    """Similarity of models fitted with different seeds, 0 to 1; 1 for a single run.

    For each pair of runs and each topic of both, the largest Jaccard similarity of its first terms
    with those of a topic of the other run; the mean over all (after Greene, O'Callaghan &
    Cunningham 2014).
    """
    pairs = list(combinations([[set(topic) for topic in run] for run in runs], 2))
    best = [
        max(len(topic & other) / len(topic | other) for other in others)
        for pair in pairs
        for mine, others in (pair, pair[::-1])
        for topic in mine
    ]
    return sum(best) / len(best) if best else 1.0


def perplexity(model: LdaModel, counts: "csr_matrix", seed: int = 0) -> float:
    """Perplexity of held-out documents by document completion; lower is better.

    The tokens of each document are shuffled with `seed`. Topic weights are inferred from the first
    half (`fold_in`), the second half is predicted: exp(−Σ log Σ_k P(k|d) P(t|k) / tokens). Wallach
    et al. 2009, Evaluation Methods for Topic Models, section 5.1; Asuncion et al. 2009, section 4.
    The same for every engine. `counts`: CSR, documents × the model's terms. NaN if no document has
    two tokens.
    """
    import numpy
    from scipy.sparse import csr_matrix

    random = numpy.random.default_rng(seed)
    rows = numpy.repeat(numpy.arange(counts.shape[0]), numpy.diff(counts.indptr))
    tokens = numpy.repeat(numpy.column_stack([rows, counts.indices]), counts.data, axis=0)
    tokens = random.permutation(tokens)
    tokens = tokens[tokens[:, 0].argsort(kind="stable")]
    lengths = numpy.bincount(tokens[:, 0], minlength=counts.shape[0])
    position = numpy.arange(len(tokens)) - numpy.repeat(lengths.cumsum() - lengths, lengths)
    length = lengths[tokens[:, 0]]
    first = tokens[(position < length // 2)]
    second = tokens[(position >= length // 2) & (length > 1)]
    if not len(second):
        return float("nan")
    known = csr_matrix((numpy.ones(len(first)), first.T), shape=counts.shape)
    topics = model.document_weights(known)
    likelihood = 0.0
    for chunk in numpy.array_split(second, len(second) // 100_000 + 1):
        probabilities = numpy.einsum(
            "ij,ji->i", topics[chunk[:, 0]], model.topic_term[:, chunk[:, 1]]
        )
        likelihood += float(numpy.log(probabilities).sum())
    return float(numpy.exp(-likelihood / len(second)))
