"""The stage word2vec: a vector for each term (Mikolov et al. 2013), by fastText for any word.

fastText (Bojanowski et al. 2017) adds up the vectors of a word's character n-grams. Here they are
n-grams of jamo (자모), as Park et al. (ACL 2018, Subword-level Word Vector Representations for
Korean) found better: 갔 and 가 share no syllable, but two jamo.
"""

import logging
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from korpus.errors import KorpusError, UsageError
from korpus.messages import plural
from korpus.records import Record
from korpus.tokens import Part, document_term_matrix, parts_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

METHODS = ("skip-gram", "cbow")
# Tokens below which even frequent words hardly leave their random start in the default epochs.
_ENOUGH = 100_000
# Tokens a line: gensim's threads start at lines, and it cuts longer ones itself.
_LINE = 10_000
# Jamo n-grams: from one syllable to about two, hashed to so many vectors while training.
_NGRAMS, _BUCKETS = (3, 6), 500_000


@dataclass
class WordVectors:
    """Vectors of words (단어 임베딩).

    `terms`: the vocabulary, the most frequent first. `vectors`: float32, terms × d. `counts`:
    int64, how often each term occurs. `ngrams`: with fastText `ngrams`, the n-grams (by hash) that
    were trained, and `ngram_vectors`, n-grams × d. `options`: as given. `provenance`: see
    `DocumentTermMatrix.provenance`.
    """

    terms: list[str]
    vectors: "Array"
    counts: "Array"
    ngrams: "dict[str, Array]"
    options: dict[str, Any]
    provenance: dict[str, Any]
    kind: ClassVar[str] = "word2vec"

    def header(self) -> dict[str, Any]:
        """What a model file says of this model."""
        return {"options": self.options, **self.provenance, "vocabulary": self.terms}

    def arrays(self) -> "dict[str, Array]":
        """What a model file holds."""
        return {"vectors": self.vectors, "counts": self.counts, **self.ngrams}

    def unseen(self, word: str) -> "Array | None":
        """The vector of a word that is not a term, by its n-grams; None where there is none."""
        if not self.ngrams:
            return None
        import numpy
        from gensim.models.fasttext import ft_ngram_hashes

        known = self.ngrams["ngrams"]
        wanted = numpy.array(ft_ngram_hashes(_jamo(word), *_NGRAMS, _BUCKETS), dtype=known.dtype)
        places = numpy.searchsorted(known, wanted).clip(max=len(known) - 1)
        places = places[known[places] == wanted]
        if not len(places):
            return None
        vector: Array = self.ngrams["ngram_vectors"][places].mean(axis=0)
        return vector


def word2vec(
    documents: Iterable[Record] | Iterable[Part],
    *,
    method: str = "skip-gram",
    fasttext: bool = False,
    vector_size: int = 100,
    window: int = 5,
    min_count: int = 5,
    epochs: int = 5,
    negative: int = 5,
    seed: int = 0,
    jobs: int = 1,
    report: Callable[[int, int], None] | None = None,
) -> WordVectors:
    """Train vectors of terms with gensim. Needs the whole input; holds its counts.

    The tokens go through a temporary file, for gensim's threads do not wait for Python there.
    `method`: skip-gram or cbow. `fasttext`: also train jamo n-grams, for words not seen.
    `vector_size`: numbers in each vector. `window`: terms on each side. `min_count`: rarer terms
    are left out.
    `epochs`: passes over the documents. `negative`: noise terms for each example.
    `jobs`: threads; with more than 1 the result differs from run to run.
    `report`: called after each epoch with epochs done and in all.

    Columns in: `id`, `tokens`. Raises UsageError for an option out of range, KorpusError where no
    term is frequent enough.
    """
    if method not in METHODS:
        raise UsageError(f"--method {method} is unknown", f"one of: {', '.join(METHODS)}")
    numbers = {
        "vector_size": vector_size,
        "window": window,
        "min_count": min_count,
        "epochs": epochs,
    }
    numbers |= {"negative": negative, "jobs": jobs}
    for name, number in numbers.items():
        if number < 1:
            raise UsageError(f"--{name.replace('_', '-')} {number} is less than 1")
    import numpy

    label = _jamo if fasttext else _joined
    with tempfile.TemporaryDirectory(prefix="korpus-") as folder:
        corpus = Path(folder) / "tokens.txt"
        matrix = document_term_matrix(_written(parts_of(documents), corpus, label))
        frequency: Counter[str] = Counter()
        names: dict[str, str] = {}
        for term, count in zip(matrix.terms, matrix.term_frequency.tolist(), strict=True):
            if term.strip():
                frequency[label(term)] += count
                names.setdefault(label(term), term)
        provenance = matrix.provenance()
        del matrix  # so that its memory is gensim's
        greatest = max(frequency.values(), default=0)
        if greatest < min_count:
            raise KorpusError(
                f"no term occurs {min_count} times; the most frequent {greatest}",
                f"lower it: --min-count {max(1, greatest // 2)}",
            )
        model = _trained(corpus, frequency, numbers, method, fasttext, seed, report)
    if provenance["tokens"] < _ENOUGH:
        logger.info("only %s: neighbours will be noisy", plural(provenance["tokens"], "token"))
    terms = [names[key] for key in model.wv.index_to_key]
    options = {"method": method, "fasttext": fasttext, **numbers, "seed": seed}
    counts = [frequency[key] for key in model.wv.index_to_key]
    return WordVectors(
        terms,
        model.wv.vectors,
        numpy.array(counts, dtype=numpy.int64),
        _trained_ngrams(model.wv) if fasttext else {},
        options,
        provenance,
    )


def _trained(
    corpus: Path,
    frequency: Counter[str],
    numbers: dict[str, int],
    method: str,
    fasttext: bool,
    seed: int,
    report: Callable[[int, int], None] | None,
) -> Any:
    from gensim.models import FastText, Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec

    class EachEpoch(CallbackAny2Vec):  # type: ignore[misc]
        done = 0

        def on_epoch_end(self, model: object) -> None:
            self.done += 1
            if report:
                report(self.done, numbers["epochs"])

    options = {
        "vector_size": numbers["vector_size"],
        "window": numbers["window"],
        "min_count": numbers["min_count"],
        "negative": numbers["negative"],
        "sg": int(method == "skip-gram"),
        "seed": seed,
        "workers": numbers["jobs"],
    }
    if fasttext:
        model = FastText(**options, min_n=_NGRAMS[0], max_n=_NGRAMS[1], bucket=_BUCKETS)
    else:
        model = Word2Vec(**options)
    model.build_vocab_from_freq(dict(frequency))
    with corpus.open("rb") as lines:
        examples = sum(1 for _ in lines)
    model.train(
        corpus_file=str(corpus),
        # Each thread lowers the learning rate by its own lines' share of this number.
        total_examples=max(1, examples // numbers["jobs"]),
        total_words=sum(frequency.values()),
        epochs=numbers["epochs"],
        callbacks=[EachEpoch()],
    )
    return model


def _trained_ngrams(vectors: Any) -> "dict[str, Array]":
    import numpy

    used = numpy.unique(numpy.concatenate([numpy.asarray(b) for b in vectors.buckets_word]))
    used = used.astype(numpy.int64)
    return {"ngrams": used, "ngram_vectors": vectors.vectors_ngrams[used]}


def _written(parts: Iterable[Part], corpus: Path, label: Callable[[str], str]) -> Iterator[Part]:
    """Pass parts on, and write each document's tokens on a line (a long one's on several)."""
    with corpus.open("wb") as lines:
        for part in parts:
            labels = [label(term) for term in part.terms]  # nothing for a blank token
            words = list(map(labels.__getitem__, part.numbers))
            for start, end in pairwise(accumulate(part.lengths, initial=0)):
                for place in range(start, end, _LINE):
                    line = " ".join(words[place : min(place + _LINE, end)])
                    lines.write(line.encode("utf-8", "replace") + b"\n")
            yield part


def _joined(token: str) -> str:
    """A token without white space, which would end it in a line of tokens."""
    return token if token.isalnum() else "_".join(token.split())


def _jamo(token: str) -> str:
    """A token with its syllables taken apart: 갔 is ㄱ ㅏ ㅆ."""
    return unicodedata.normalize("NFD", _joined(token)).encode("utf-8", "replace").decode()
