"""Go on training vectors that were trained before, for words of a corpus that they do not know."""

import logging
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import KorpusError
from korpus.files.model_files import temporary_folder
from korpus.messages import _, listed, plural
from korpus.models.blas import one_blas_thread
from korpus.models.pretrained import PretrainedVectors
from korpus.models.vector_model import Word, words_of
from korpus.records import Record, tokenized
from korpus.tagsets import group_by_form, group_of, tag_for

if TYPE_CHECKING:
    from pathlib import Path

    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_EPOCHS = 20
_LEFT_OUT = ("number", "punctuation", "symbol")
_SHOWN = 5
_LINE = 10_000  # tokens; gensim cuts longer lines itself


@one_blas_thread
def retrofit(
    model: PretrainedVectors, documents: Iterable[Record], *, min_count: int = 5, seed: int = 0
) -> PretrainedVectors:
    """Learn vectors of words that a model does not know, from a corpus. Needs the whole input.

    Skip-gram with negative sampling (Mikolov et al. 2013) by gensim, in which the vectors of known
    words stay as they are: the new words find their places among them. `min_count`: the fewest
    occurrences of a new word. Numbers and punctuation are left out.

    Columns in: `id`, `tokens`, `tags`. Raises KorpusError if no new word is frequent enough.
    """
    import numpy

    check_least("--min-count", min_count, 1)
    counts: Counter[Word] = Counter()
    with temporary_folder() as folder:
        corpus = folder / "tokens.txt"
        labels: dict[Word, str] = {}
        read = 0
        with corpus.open("w", encoding="ascii") as lines:
            for record in tokenized(documents):
                words = [Word(*word) for word in words_of(record)]
                counts.update(words)
                read += 1
                line = [labels.setdefault(word, str(len(labels))) for word in words]
                for start in range(0, len(line), _LINE):
                    lines.write(" ".join(line[start : start + _LINE]) + "\n")
        known = {word for word in counts if model.knows(word)}
        new = [
            word
            for word, count in counts.items()
            if count >= min_count and word not in known and word.form.strip()
            if group_by_form(word.form) == "emoticon"
            or group_of(word.tag, word.analyzer) not in _LEFT_OUT
        ]
        if not new:
            raise KorpusError(
                _("no new word occurs {min_count} times").format(min_count=min_count),
                _("lower it: --min-count {count}").format(count=max(1, min_count // 2)),
            )
        start_at = dict(zip([*known, *new], model.lookup([*known, *new])[0], strict=True))
        frequency = {labels[word]: counts[word] for word in start_at}
        locked = {labels[word] for word in known}
        start_of = {labels[word]: vector for word, vector in start_at.items()}
        found = _trained(corpus, frequency, start_of, locked, seed)
    rows = numpy.array([found[labels[word]] for word in new])
    usual = numpy.linalg.norm(model.vectors, axis=1).mean()
    rows *= usual / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    total = counts.total()
    logger.info(
        _("%s learned from %s: %s"),
        plural(len(new), "new word"),
        plural(read, "document"),
        listed((word.form for word in sorted(new, key=lambda word: -counts[word])), _SHOWN),
    )
    return PretrainedVectors(
        terms=[*model.terms, *(f"{word.form}/{tag_for(word.tag, 'kiwi')}" for word in new)],
        options=model.options
        | {"retrofit": {"documents": read, "tokens": total, "words": len(new), "epochs": _EPOCHS}},
        provenance=model.provenance,
        vectors=numpy.vstack([model.vectors, rows.astype(numpy.float32)]),
        rows=numpy.append(model.rows, len(model.vectors) + numpy.arange(len(new))),
        probabilities=numpy.append(model.probabilities, [counts[word] / total for word in new]),
    )


def _trained(
    corpus: "Path",
    frequency: dict[str, int],
    start: "dict[str, Array]",
    locked: set[str],
    seed: int,
) -> "dict[str, Array]":
    """The vectors of words after training, in which those of `locked` have not moved."""
    import numpy
    from gensim.models import Word2Vec

    size = len(next(iter(start.values())))
    model = Word2Vec(vector_size=size, min_count=1, sg=1, seed=seed, workers=1)
    model.build_vocab_from_freq(frequency)
    keys = model.wv.index_to_key
    for row, key in enumerate(keys):
        if start[key].any():
            model.wv.vectors[row] = start[key]
    model.wv.vectors_lockf = numpy.array([key not in locked for key in keys], numpy.float32)
    with corpus.open("rb") as lines:
        examples = sum(1 for _line in lines)
    model.train(
        corpus_file=str(corpus),
        total_examples=max(1, examples),
        total_words=sum(frequency.values()),
        epochs=_EPOCHS,
    )
    return dict(zip(keys, model.wv.vectors, strict=True))
