"""The stage word2vec: train word vectors (Mikolov et al. 2013), with fastText for any word.

fastText (Bojanowski et al. 2017) adds up the vectors of a word's character n-grams. Here these are
n-grams of jamo (자모), as Park et al. (ACL 2018, Subword-level Word Vector Representations for
Korean) found to work better: 갔 and 가 share no syllable, but two jamo.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.elsewhere import elsewhere
from korpus.errors import KorpusError
from korpus.files.model_files import temporary_folder
from korpus.messages import _, plural
from korpus.models.library_internals import used_ngrams
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.models.word2vec_model import BUCKETS, NGRAM_LENGTHS, WordVectors, jamo, on_one_line
from korpus.records import Record
from korpus.tokens import Part, document_term_matrix, parts_of

if TYPE_CHECKING:
    from gensim.models import Word2Vec

logger = logging.getLogger("korpus")

METHODS = ("skip-gram", "cbow")
# With fewer tokens even frequent words hardly move from their random start in the default epochs.
_ENOUGH = 100_000
# Tokens per line: gensim's threads start at lines, and it cuts longer ones itself.
_LINE_LENGTH = 10_000


@elsewhere
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
    report: Report | None = None,
) -> WordVectors:
    """Train word vectors with gensim. Needs the whole input; holds its counts.

    The tokens go through a temporary file, which gensim's threads read without waiting for Python.
    `method`: skip-gram or cbow. `fasttext`: also train jamo n-grams, for unseen words.
    `vector_size`: dimensions of a vector. `window`: context window, terms per side. `min_count`:
    minimum occurrences of a term. `epochs`: training epochs. `negative`: negative samples per
    example. `jobs`: threads; with more than 1 the result differs from run to run.
    `report`: called after each epoch with epochs done and their total.

    Columns in: `id`, `tokens`. Raises UsageError for an option out of range, KorpusError if no
    term is frequent enough.
    """
    numbers = {
        "vector_size": vector_size,
        "window": window,
        "min_count": min_count,
        "epochs": epochs,
        "negative": negative,
        "jobs": jobs,
    }
    check_word2vec(method, numbers)
    import numpy

    label = jamo if fasttext else on_one_line
    with temporary_folder() as folder:
        corpus = folder / "tokens.txt"
        matrix = document_term_matrix(_written(parts_of(documents), corpus, label))
        frequency: Counter[str] = Counter()
        names: dict[str, str] = {}
        for term, count in zip(matrix.terms, matrix.term_frequency.tolist(), strict=True):
            if term.strip():
                frequency[label(term)] += count
                names.setdefault(label(term), term)
        provenance = matrix.provenance()
        del matrix  # free its memory for gensim
        check_frequency(frequency, min_count)
        model = _trained(corpus, frequency, numbers, method, fasttext, seed, report)
    log_few(provenance["tokens"])
    options: Options = {
        "method": method,
        "fasttext": fasttext,
        **numbers,
        "learning_rate": [model.alpha, model.min_alpha],
        "subsampling": model.sample,
        "seed": seed,
    }
    if fasttext:
        options |= {"ngram_lengths": list(NGRAM_LENGTHS), "buckets": BUCKETS}
    keys = model.wv.index_to_key
    ngrams = used_ngrams(model.wv) if fasttext else None
    return WordVectors(
        terms=[names[key] for key in keys],
        options=options,
        provenance=provenance,
        vectors=model.wv.vectors,
        counts=numpy.array([frequency[key] for key in keys], dtype=numpy.int64),
        ngrams=ngrams,
        ngram_vectors=None if ngrams is None else model.wv.vectors_ngrams[ngrams],
    )


def check_word2vec(method: str, numbers: dict[str, int]) -> None:
    """Raises UsageError for an unknown method, or an option with a number below 1."""
    check_choice("--method", method, METHODS)
    for name, number in numbers.items():
        check_least(f"--{name.replace('_', '-')}", number, 1)


def check_frequency(frequency: Counter[str], min_count: int) -> None:
    """Raises KorpusError if no term is frequent enough."""
    highest = max(frequency.values(), default=0)
    if highest < min_count:
        raise KorpusError(
            _("no term occurs {min_count} times; the most frequent one occurs {count}").format(
                min_count=min_count, count=highest
            ),
            _("lower it: --min-count {count}").format(count=max(1, highest // 2)),
        )


def log_few(tokens: int) -> None:
    """Say that there are few tokens to learn from."""
    if tokens < _ENOUGH:
        logger.info(_("only %s: neighbours will be noisy"), plural(tokens, "token"))


def _trained(
    corpus: Path,
    frequency: Counter[str],
    numbers: dict[str, int],
    method: str,
    fasttext: bool,
    seed: int,
    report: Report | None,
) -> "Word2Vec":
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
        shortest, longest = NGRAM_LENGTHS
        model = FastText(**options, min_n=shortest, max_n=longest, bucket=BUCKETS)
    else:
        model = Word2Vec(**options)
    model.build_vocab_from_freq(dict(frequency))
    with corpus.open("rb") as lines:
        examples = sum(1 for _line in lines)
    model.train(
        corpus_file=str(corpus),
        # Each thread lowers the learning rate by its own share of the lines of this number.
        total_examples=max(1, examples // numbers["jobs"]),
        total_words=sum(frequency.values()),
        epochs=numbers["epochs"],
        callbacks=[EachEpoch()],
    )
    return model


def _written(parts: Iterable[Part], corpus: Path, label: Callable[[str], str]) -> Iterator[Part]:
    """Pass parts on, and write each document's tokens on a line; long documents on several."""
    with corpus.open("wb") as lines:
        for part in parts:
            labels = [label(term) for term in part.terms]  # empty for a blank token
            words = list(map(labels.__getitem__, part.numbers))
            for start, end in pairwise(accumulate(part.lengths, initial=0)):
                for first in range(start, end, _LINE_LENGTH):
                    line = " ".join(words[first : min(first + _LINE_LENGTH, end)])
                    lines.write(line.encode("utf-8", "replace") + b"\n")
            yield part
