"""How like texts are to their references: what is counted per text, and scores of the sums."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from korpus.models.library_internals import match_counts, score_of_counts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

Tokens = list[str]
_SIZES = (1, 2)  # of the n-grams of ROUGE


@dataclass(frozen=True)
class Measure:
    """A measure of texts. `counts`: texts × counts; those of several texts are added up.

    `score`: of sums of counts; NaN if it is not defined. `score_each`: of the counts of one text.
    """

    name: str
    counts: "Array"
    score: "Callable[[Array], float]"
    score_each: "Callable[[Array], float]"


@dataclass(frozen=True)
class Pair:
    """A text and its references, as they are, and as tokens."""

    text: str
    references: list[str]
    tokens: Tokens
    reference_tokens: list[Tokens]


def bleu(pairs: Sequence[Pair]) -> Iterator[Measure]:
    """BLEU (Papineni et al. 2002) of tokens, 0 to 100, by sacrebleu with its defaults.

    Per text, orders of n-grams that it is too short for do not count.
    """
    from sacrebleu.metrics.bleu import BLEU

    corpus, each = (BLEU(tokenize="none", force=True, effective_order=one) for one in (False, True))
    references = [[" ".join(tokens) for tokens in pair.reference_tokens] for pair in pairs]
    counts = match_counts(corpus, [" ".join(p.tokens) for p in pairs], _columns(references))
    yield Measure("bleu", counts, partial(score_of_counts, corpus), partial(score_of_counts, each))


def chrf(pairs: Sequence[Pair]) -> Iterator[Measure]:
    """chrF (Popović 2015) of the characters, 0 to 100, by sacrebleu: orders 1 to 6, β = 2."""
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    references = _columns([pair.references for pair in pairs])
    counts = match_counts(metric, [pair.text for pair in pairs], references)
    score = partial(score_of_counts, metric)
    yield Measure("chrf", counts, score, score)


def _columns(references: list[list[str]]) -> list[list[str | None]]:
    """References per text as sets with one per text; None where a text has fewer than others."""
    most = max(map(len, references))
    return [
        [own[number] if number < len(own) else None for own in references] for number in range(most)
    ]


def signatures(
    names: Collection[str], pairs: Collection[Pair], tokenize: str, analyzer: str
) -> Iterator[str]:
    """What papers report beside BLEU and chrF: sacrebleu's signatures."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    numbers = {len(pair.references) for pair in pairs}
    cut = f"morph-{analyzer}" if tokenize == "morph" else tokenize
    for name, metric in (("bleu", BLEU(tokenize="none")), ("chrf", CHRF())):
        if name in names:
            metric.num_refs = max(numbers) if len(numbers) == 1 else -1
            signature = metric.get_signature()
            if name == "bleu":
                signature.update("tok", cut)
            yield f"{name}: {signature}"


def rouge(pairs: Sequence[Pair]) -> Iterator[Measure]:
    """ROUGE-1, -2 and -L (Lin 2004) of tokens: means of F1, and of precision and recall.

    Of several references the one with the highest F1 counts, as in the package rouge-score.
    """
    import numpy

    found = numpy.array([_rouge(pair) for pair in pairs])
    ones = numpy.ones(len(pairs))
    for number, name in enumerate([f"rouge{n}" for n in _SIZES] + ["rougeL"]):
        for place, part in enumerate(("", "_precision", "_recall")):
            counts = numpy.column_stack([found[:, number, place], ones])
            yield Measure(name + part, counts, _rate, _rate)


def _rouge(pair: Pair) -> list[tuple[float, float, float]]:
    """F1, precision and recall of each kind of ROUGE."""
    own = [_ngrams(pair.tokens, n) for n in _SIZES]
    found = []
    for reference in pair.reference_tokens:
        theirs = [_ngrams(reference, n) for n in _SIZES]
        scores = [
            _f1((one & other).total(), one.total(), other.total())
            for one, other in zip(own, theirs, strict=True)
        ]
        common = _common_subsequence(pair.tokens, reference)
        found.append([*scores, _f1(common, len(pair.tokens), len(reference))])
    return [max(scores, key=lambda score: score[0]) for scores in zip(*found, strict=True)]


def _ngrams(tokens: Tokens, n: int) -> Counter[object]:
    return Counter(tokens if n == 1 else pairwise(tokens))


def _common_subsequence(one: Tokens, other: Tokens) -> int:
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity(one, other)


def _f1(common: int, own: int, theirs: int) -> tuple[float, float, float]:
    """F1, precision and recall; 0 of nothing, as in rouge-score."""
    precision, recall = common / max(own, 1), common / max(theirs, 1)
    total = precision + recall
    return (2 * precision * recall / total if total else 0.0), precision, recall


def wer(pairs: Sequence[Pair]) -> Iterator[Measure]:
    """Word error rate: words put in, left out and replaced, by words of the reference."""
    yield _error_rate("wer", pairs, str.split)


def cer(pairs: Sequence[Pair]) -> Iterator[Measure]:
    """Character error rate, with single spaces between words, and without spaces."""
    yield _error_rate("cer", pairs, lambda text: " ".join(text.split()))
    yield _error_rate("cer_without_spaces", pairs, lambda text: "".join(text.split()))


def _error_rate(name: str, pairs: Sequence[Pair], cut: Callable[[str], Sequence[str]]) -> Measure:
    """Levenshtein distances over lengths of references; the reference with the lowest rate."""
    import numpy
    from rapidfuzz.distance import Levenshtein

    counts = numpy.zeros((len(pairs), 2), numpy.int64)
    for number, pair in enumerate(pairs):
        own = cut(pair.text)
        found = []
        for reference in map(cut, pair.references):
            distance = Levenshtein.distance(own, reference)
            found.append((distance, len(reference)))
        counts[number] = min(found, key=lambda pair: (pair[0] / max(pair[1], 1), pair))
    return Measure(name, counts, _rate, _rate)


def _rate(sums: "Array") -> float:
    return float(sums[0] / sums[1]) if sums[1] else float("nan")


TEXT_MEASURES: dict[str, Callable[[Sequence[Pair]], Iterator[Measure]]] = {
    "bleu": bleu,
    "chrf": chrf,
    "rouge": rouge,
    "wer": wer,
    "cer": cer,
}
OF_TOKENS = frozenset({"bleu", "rouge"})
