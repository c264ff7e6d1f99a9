"""How alike words are spelt, by their letters (jamo)."""

from collections.abc import Iterator, Sequence

from korpus.analyzers.spans import letters

_LEAST = 0.65  # similarity of two spellings
_MOST_CHANGES = 2  # letters


def alike(words: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """The pairs of words that are spelt nearly alike: their positions, and their similarity.

    This is 1 - d / n, where d is the Levenshtein distance of the letters and n their number in the
    longer word. Case makes no difference.
    """
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    spelt = [letters(word.casefold()) for word in words]
    lengths = np.array([max(1, len(word)) for word in spelt])
    changes = cdist(
        spelt,
        spelt,
        scorer=Levenshtein.distance,
        score_cutoff=_MOST_CHANGES,
        dtype=np.uint8,
        workers=1,
    )
    similarities = 1 - changes / np.maximum(lengths[:, None], lengths)
    near = np.triu((changes <= _MOST_CHANGES) & (similarities >= _LEAST), 1)
    for one, other in np.argwhere(near).tolist():
        yield one, other, round(float(similarities[one, other]), 4)
