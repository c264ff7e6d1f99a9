"""Topic models and word vectors beside the plain libraries, as a Markdown table.

python -m tests.bench.models [lda | embed | lsa | word2vec | memory …] [--runs N]

Speed and quality on 50,000 film reviews (mecab's nouns, verbs and adjectives), on what
`stopwords --min-length 2` leaves of them, and on the reviews joined by film, in turn with the
library on the same tokens in memory; reading is excluded.
Memory on 300,000 reviews, the whole command beside a script that reads the same file.

`lda` does the very work of tomotopy called directly with its own settings (test_lda.py compares
them bit for bit); topics differ where terms of equal weight are the tenth.

Why NPMI on short reviews with their stopwords is not 0.08 above gensim's: its own is −0.013 there
(and without stopwords −0.066), with terms of 5 documents or more too, and no priors lift ours so
far. By η (100 sweeps, α 0.25, terms of 5 documents or more, two seeds): 0.003 0.036, 0.05 0.046,
0.2 0.048; by α (held, η 0.01, all terms, four seeds): 0.02 0.018, 0.05 0.025, 0.1 0.033, 0.25
0.036, 0.5 0.033; learned 0.037 (tomotopy's own settings, which are korpus's too).

`topics embed` beside LDA (200 sweeps) and NMF on 10,000 reviews, k = 20, NPMI of ten terms and
diversity: with stopwords −0.059 and 0.59 (LDA −0.058 and 0.66, NMF −0.102 and 0.61), without them
−0.100 and 0.67 (LDA −0.074 and 0.72, NMF −0.142 and 0.59). HDBSCAN calls eight of ten reviews
outliers there (−0.189, −0.241).

Why `word2vec -j 2` does not reach 1.5 times Word2Vec(list, workers=2), 50,000 reviews:

| | processor seconds |
|---|---|
| Word2Vec(list), vocabulary and training | 0.1 + 3.3 |
| ours: counting and writing the corpus file, vocabulary, training | 0.25 + 0.06 + 3.2 |

The list scales too: 3.25 s with one worker, 1.8 to 2.1 with two. 1.5 times that is 1.3 s, and
training alone is 1.6 s on two cores. `batch_words=100_000` seems five times as fast with the list
(0.7 s), but gensim then trains on the first 10,000 words of each batch and drops the others.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy
import tomotopy
from gensim.corpora import Dictionary
from gensim.models import KeyedVectors, LdaModel, Word2Vec
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from korpus.models import lda, lsa, nmf, topic_terms, topics_embed, word2vec
from korpus.models.topics.quality import coherence
from korpus.records import Record
from tests.bench import inputs
from tests.bench.measure import korpus, run

K, ITERATIONS, DOCUMENTS = 20, 100, 50_000
FEW = 10_000  # of topics embed
# What the engine needs by itself: the file read line by line, nothing held that it does not hold.
MEMORY_PEERS = {
    "lda": """
import sys, orjson, tomotopy
model = tomotopy.LDAModel(k=20, seed=0)
for line in open(sys.argv[1], "rb"):
    model.add_doc(orjson.loads(line)["tokens"])
model.train(10, workers=1)
""",
    "lsa": """
import sys, orjson
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
lines = (orjson.loads(line)["tokens"] for line in open(sys.argv[1], "rb"))
TruncatedSVD(100, random_state=0).fit_transform(TfidfVectorizer(analyzer=list).fit_transform(lines))
""",
    "word2vec": """
import sys, orjson
from gensim.models import Word2Vec
class Sentences:
    def __iter__(self):
        return (orjson.loads(line)["tokens"] for line in open(sys.argv[1], "rb"))
Word2Vec(sentences=Sentences(), sg=1, workers=1, epochs=1)
""",
}
OURS = {"lda": ["-k", "20", "--iterations", "10"], "lsa": [], "word2vec": ["--epochs", "1"]}


def corpora(scratch: Path) -> dict[str, list[Record]]:
    """Reviews, the same without stopwords as in README's chain, and joined by film."""
    from korpus.files import read
    from korpus.tokens import stopwords

    films: dict[str, list[str]] = {}
    reviews = [
        {name: value for name, value in r.items() if name != "text"}
        for r in read(inputs.content_tokens(scratch, DOCUMENTS))
    ]
    for record in reviews:
        films.setdefault(record["movie"], []).extend(record["tokens"])
    joined = [{"id": movie, "tokens": words} for movie, words in films.items()]
    name = f"{len(reviews):,} reviews"
    return {
        name: reviews,
        f"{name} without stopwords": list(stopwords(reviews, min_length=2)),
        f"{len(joined):,} films": joined,
    }


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def lda_rows(scratch: Path, runs: int) -> Iterator[list[str]]:
    for name, documents in corpora(scratch).items():
        yield from lda_beside(name, documents, runs)


def lda_beside(name: str, documents: list[Record], runs: int) -> Iterator[list[str]]:
    texts = [record["tokens"] for record in documents]
    fits = {"ours": partial(by_korpus, documents), "direct": partial(by_tomotopy, texts)}
    fits["gensim"] = partial(by_gensim, texts)
    seconds: dict[str, list[float]] = {who: [] for who in fits}
    topics: dict[str, list[list[list[str]]]] = {who: [] for who in fits}
    for seed in range(runs):
        for who, fit in fits.items():
            took, terms = timed(partial(fit, seed))
            seconds[who].append(took)
            topics[who].append(terms)
    times = {who: median(found) for who, found in seconds.items()}
    npmi = {who: fmean(coherence([found], texts, "c_npmi")[0]) for who, found in topics.items()}
    for who, most, title, least in (
        ("direct", 1.1, "tomotopy called directly", "≥ 0"),
        ("gensim", 1.0, "gensim's LdaModel, 5 passes", "≥ 0.08"),
    ):
        yield time_row(f"`lda` and {title}, {name}", times["ours"], times[who], most)
        values = [f"{npmi['ours']:.3f}", f"{npmi[who]:.3f}", f"{npmi['ours'] - npmi[who]:+.3f}"]
        yield [f"NPMI of `lda` and {title}, {name}", *values, least]


def by_korpus(documents: list[Record], seed: int) -> list[list[str]]:
    return terms_of(lda(documents, k=K, iterations=ITERATIONS, seed=seed))


def by_tomotopy(texts: list[list[str]], seed: int) -> list[list[str]]:
    model = tomotopy.LDAModel(k=K, seed=seed)
    for text in filter(None, texts):
        model.add_doc(text)
    model.train(ITERATIONS, workers=1)
    return [[term for term, _ in model.get_topic_words(k, 10)] for k in range(K)]


def by_gensim(texts: list[list[str]], seed: int) -> list[list[str]]:
    dictionary = Dictionary(texts)
    bags = [dictionary.doc2bow(text) for text in texts]
    model = LdaModel(bags, K, dictionary, passes=5, random_state=seed)
    return [[term for term, _ in model.show_topic(k, 10)] for k in range(K)]


def embed_rows(scratch: Path, runs: int) -> Iterator[list[str]]:
    for name, documents in itertools.islice(corpora(scratch).items(), 2):
        few = documents[:FEW]
        texts = [record["tokens"] for record in few]
        models = {
            "topics embed": topics_embed(few, k=K),
            "lda": lda(few, k=K, iterations=200),
            "nmf": nmf(few, k=K),
        }
        npmi = {who: coherence([[terms_of(m)]], texts, "c_npmi")[0][0] for who, m in models.items()}
        for who in ("lda", "nmf"):
            values = (npmi["topics embed"], npmi[who], npmi["topics embed"] - npmi[who])
            what = f"NPMI of `topics embed` and `{who}`, {FEW:,} of {name}"
            yield [what, *(f"{value:.3f}" for value in values), ""]


def terms_of(model: Any) -> list[list[str]]:
    rows = list(topic_terms(model))
    return [[row["term"] for row in rows if row["topic"] == k + 1] for k in range(K)]


def lsa_rows(scratch: Path, runs: int) -> Iterator[list[str]]:
    for name, documents in corpora(scratch).items():
        weights = TfidfVectorizer(analyzer=list).fit_transform(r["tokens"] for r in documents)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(timed(partial(lsa, documents))[0])
            svd = TruncatedSVD(100, random_state=0)
            theirs.append(timed(partial(svd.fit_transform, weights))[0])
        yield time_row(f"`lsa` and TruncatedSVD alone, {name}", median(ours), median(theirs), 1.1)


def word2vec_rows(scratch: Path, runs: int) -> Iterator[list[str]]:
    name, documents = next(iter(corpora(scratch).items()))
    texts = [record["tokens"] for record in documents]
    seconds: list[list[float]] = [[], []]
    ours, theirs = [], []
    for seed in range(max(2, runs)):
        took, model = timed(partial(word2vec, documents, seed=seed, jobs=2))
        seconds[0].append(took)
        ours.append((model.terms, model.vectors))
        took, model = timed(partial(Word2Vec, sentences=texts, sg=1, workers=2, seed=seed))
        seconds[1].append(took)
        theirs.append((model.wv.index_to_key, model.wv.vectors))
    what = f"`word2vec -j 2` and Word2Vec(list, workers=2), {name}"
    yield time_row(what, *map(median, seconds), 1 / 1.5)
    among = fmean(overlap(a, b) for a, b in itertools.combinations(theirs, 2))
    between = fmean(overlap(a, b) for a, b in itertools.product(ours, theirs))
    yield [
        "common nearest neighbours with Word2Vec(list), and among those of other seeds",
        f"{between:.3f}",
        f"{among:.3f}",
        f"{between - among:+.3f}",
        "≥ 0",
    ]


Vectors = tuple[list[str], numpy.ndarray]


def overlap(first: Vectors, second: Vectors, terms: int = 1000, top: int = 10) -> float:
    """Mean share of a frequent term's 10 nearest neighbours that both models have."""
    found = []
    for names, vectors in (first, second):
        model = KeyedVectors(vectors.shape[1])
        model.add_vectors(names, vectors)
        model.fill_norms()
        found.append(model)
    near = [
        [{term for term, _ in model.most_similar(each, topn=top)} for each in first[0][:terms]]
        for model in found
    ]
    return fmean(len(a & b) / top for a, b in zip(*near, strict=True))


def memory_rows(scratch: Path, runs: int) -> Iterator[list[str]]:
    source = inputs.content_tokens(scratch, 300_000)
    for command, peer in MEMORY_PEERS.items():
        outputs = ["-m", scratch / "model.safetensors"]
        if command != "word2vec":
            outputs += ["-o", scratch / "topics.csv"]
        ours = run(korpus(command, source, *OURS[command], *outputs), memory=True).megabytes
        theirs = run([sys.executable, "-c", peer, str(source)], memory=True).megabytes
        yield [
            f"memory of `{command}`, 300,000 reviews, and of a script with the engine alone",
            f"{ours:.0f} MB",
            f"{theirs:.0f} MB",
            f"{ours / theirs:.2f} ×",
            "≤ 1.3 ×",
        ]


def time_row(what: str, ours: float, theirs: float, most: float) -> list[str]:
    return [what, f"{ours:.2f} s", f"{theirs:.2f} s", f"{ours / theirs:.2f} ×", f"≤ {most:.2g} ×"]


ROWS = {
    "lda": lda_rows,
    "embed": embed_rows,
    "lsa": lsa_rows,
    "word2vec": word2vec_rows,
    "memory": memory_rows,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.models")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print("| what | korpus | library | ratio or difference | floor |\n|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.rows or ROWS:
            for cells in ROWS[name](Path(scratch), given.runs):
                print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
