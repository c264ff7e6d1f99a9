"""Measures of topics: coherence, diversity, stability and held-out perplexity."""

import math
from itertools import combinations, islice
from statistics import fmean
from typing import TYPE_CHECKING, Any

from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.topic_model import TopicModel

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def coherence(
    models: list[list[list[list[str]]]], texts: list[list[str]], measure: str
) -> list[list[float]]:
    """Mean coherence of the topics of each model, by gensim's CoherenceModel.

    `models`: in groups; of each model the first terms of each topic. `texts`: tokens of documents.
    `measure`: c_npmi (Bouma 2009, sliding window of 10) or c_v (Röder, Both & Hinneburg 2015,
    window of 110). Returns a value a model, in the same groups; NaN where no topic has two terms.
    """
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    every = [topic for group in models for model in group for topic in model if len(topic) > 1]
    if not every:
        return [[math.nan for _ in group] for group in models]
    measured = CoherenceModel(
        topics=every,
        texts=texts,
        dictionary=Dictionary(texts),
        coherence=measure,
        topn=max(map(len, every)),
        processes=1,
    )
    values = iter(measured.get_coherence_per_topic())
    counts = [[sum(len(topic) > 1 for topic in model) for model in group] for group in models]
    return [
        [fmean(islice(values, count)) if count else math.nan for count in group] for group in counts
    ]


def diversity(topics: list[list[str]]) -> float:
    """Share of different terms among the first terms of all topics (Dieng, Ruiz & Blei 2020)."""
    terms = [term for topic in topics for term in topic]
    return len(set(terms)) / len(terms)


def stability(runs: list[list[list[str]]]) -> float:
    """How alike models of different seeds are, 0 to 1; 1 for a single run.

    For each pair of runs, the mean over the topics of both of the greatest Jaccard similarity of
    their first terms with a topic of the other (after Greene, O'Callaghan & Cunningham 2014).
    """
    pairs = list(combinations([[set(topic) for topic in run] for run in runs], 2))
    best = [
        max(len(topic & other) / len(topic | other) for other in others)
        for pair in pairs
        for mine, others in (pair, pair[::-1])
        for topic in mine
    ]
    return sum(best) / len(best) if best else 1.0


def perplexity(model: TopicModel, counts: Any, seed: int = 0) -> float:
    """Perplexity of held-out documents by document completion; lower is better.

    The tokens of each document are shuffled by `seed`; topics come from the first half (`fold_in`),
    and the second half is what is predicted: exp(−Σ log Σ_k P(k|d) P(t|k) / tokens). Wallach et al.
    2009, Evaluation Methods for Topic Models, section 5.1; Asuncion et al. 2009, section 4. The
    same for every engine. `counts`: CSR, documents × the model's terms. NaN where no document has
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
    within = numpy.arange(len(tokens)) - numpy.repeat(lengths.cumsum() - lengths, lengths)
    length = lengths[tokens[:, 0]]
    seen = tokens[(within < length // 2)]
    asked = tokens[(within >= length // 2) & (length > 1)]
    if not len(asked):
        return float("nan")
    known = csr_matrix((numpy.ones(len(seen)), seen.T), shape=counts.shape)
    topics = fold_in(model, known)
    likelihood = 0.0
    for part in numpy.array_split(asked, len(asked) // 100_000 + 1):
        likelihoods = numpy.einsum("ij,ji->i", topics[part[:, 0]], model.topic_term[:, part[:, 1]])
        likelihood += float(numpy.log(likelihoods).sum())
    return float(numpy.exp(-likelihood / len(asked)))
