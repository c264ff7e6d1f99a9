"""The stage agree: where analyzers differ in what they find in the same documents."""

import logging
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from korpus.analyzers.differences import differences
from korpus.analyzers.morph import morph
from korpus.analyzers.table import ANALYZERS
from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Table,
    as_records,
    readable_again,
    split_names,
)

if TYPE_CHECKING:
    import numpy
    import scipy.sparse

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COLUMNS = [
    *("a", "b", "documents", "tokens_a", "tokens_b", "agreement", "terms_a", "terms_b"),
    *("terms_both", "rank_correlation", "top_shared", "keywords_shared"),
]
_NUMBER = "number of the document"


def agree(
    documents: DocumentSource,
    analyzers: str | Sequence[str] = "mecab,kiwi",
    *,
    column: str | None = None,
    pos: str | Sequence[str] = "noun",
    lemma: bool = False,
    top: int = 50,
    jobs: int = 1,
    java_heap: str = "",
    terms: Callable[[Record], None] | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Table:
    """Compare analyzers: how far they find the same tokens, counts and keywords.

    Reads the documents once per analyzer; those of a generator are held.
    Parameters: `analyzers`, names as a list or as "mecab,kiwi,okt"; `pos`, `lemma`, `jobs`,
    `java_heap`, as of `morph`; `top`, how many of the most frequent terms and of the keywords are
    compared, and how many terms `terms` gets: a function called with a row per term whose counts
    differ most, see `differences`; `rejects`, a function called with each document that an analyzer
    cannot analyse, which is compared for none.

    Columns in: `id`, `text`. Out, a row per pair: `a`, `b`, `documents`; `tokens_a`, `tokens_b`;
    `agreement`, the share of tokens that both find in the same document, 2 Σ min(a, b) / (a + b)
    (Dice 1945); `terms_a`, `terms_b`, `terms_both`, different terms; `rank_correlation`, Spearman's
    ρ of the counts of all terms that either finds; `top_shared`, the share of the `top` most
    frequent terms, and `keywords_shared`, of those with the highest Σ tf · ln(N / df), that both
    have. A value is None where it is not defined.
    Raises UsageError for fewer than two analyzers, or one that is unknown or lacks an option.
    """
    names = split_names(analyzers)
    for name in names:
        check_choice("--analyzers", name, ANALYZERS)
    if len(set(names)) != len(names) or len(names) < 2:
        raise UsageError(
            _("two different analyzers are needed"), _("give their names: mecab,kiwi,okt")
        )
    check_least("--top", top, 1)
    pos = split_names(pos)
    options: dict[str, Any] = {"lemma": lemma, "java_heap": java_heap, "counts": Counts()}
    for name in names:
        morph((), name, pos=pos, **options)  # raises an error for a bad option
    records = readable_again(as_records(documents, column))
    return Table(COLUMNS, partial(_rows, records, names, pos, options, jobs, top, terms, rejects))


@dataclass
class _Found:
    """The tokens of an analyzer as numbers of terms, with the length of each document."""

    codes: "array[int]" = field(default_factory=lambda: array("i"))
    lengths: "array[int]" = field(default_factory=lambda: array("i"))

    def matrix(self, documents: int, terms: int) -> "scipy.sparse.csr_matrix":
        """How often each term is in each document."""
        import numpy as np
        from scipy.sparse import csr_matrix

        ends = np.zeros(documents + 1, np.int64)
        np.cumsum(self.lengths, out=ends[1 : len(self.lengths) + 1])
        ends[len(self.lengths) + 1 :] = len(self.codes)
        ones = np.ones(len(self.codes), np.int32)
        found = csr_matrix((ones, np.array(self.codes, np.int32), ends), (documents, terms))
        found.sum_duplicates()
        return found


def _rows(
    records: Iterable[Record],
    names: list[str],
    pos: list[str],
    options: dict[str, Any],
    jobs: int,
    top: int,
    terms: Callable[[Record], None] | None,
    rejects: Callable[[Record], None] | None,
) -> Iterator[tuple[object, ...]]:
    import numpy as np

    codes: dict[str, int] = {}
    aside: set[int] = set()
    number = 0

    def numbered() -> Iterator[Record]:
        nonlocal number
        for number, record in enumerate(records, 1):
            yield {"id": record["id"], "text": record.get("text"), _NUMBER: number - 1}

    def set_aside(record: Record) -> None:
        if record[_NUMBER] not in aside and rejects:
            rejects({key: value for key, value in record.items() if key != _NUMBER})
        aside.add(record[_NUMBER])

    found = []
    for name in names:
        its = _Found()
        given = set_aside if rejects else None
        for record in morph(numbered(), name, pos=pos, jobs=jobs, rejects=given, **options):
            tokens = record["tokens"]
            its.lengths.extend([0] * (record[_NUMBER] - len(its.lengths)))  # those set aside
            its.codes.extend([codes.setdefault(token, len(codes)) for token in tokens])
            its.lengths.append(len(tokens))
        found.append(its)
    kept = np.ones(number, bool)
    kept[list(aside)] = False
    if aside:
        logger.info(_("%s set aside are compared for no analyzer"), plural(len(aside), "document"))
    listed = np.array(list(codes), object)
    matrices = [its.matrix(number, len(codes))[kept] for its in found]
    counts = np.array([np.asarray(one.sum(axis=0)).ravel() for one in matrices])
    frequent = [_first(row, listed, top) for row in counts]
    keywords = [
        _first(_weights(one, row), listed, top) for one, row in zip(matrices, counts, strict=True)
    ]
    for a, b in combinations(range(len(names)), 2):
        yield (
            *(names[a], names[b], int(kept.sum())),
            *(int(counts[a].sum()), int(counts[b].sum()), _agreement(matrices[a], matrices[b])),
            *(int((counts[each] > 0).sum()) for each in (a, b)),
            int(((counts[a] > 0) & (counts[b] > 0)).sum()),
            _correlation(counts[a], counts[b]),
            _shared(frequent[a], frequent[b]),
            _shared(keywords[a], keywords[b]),
        )
    if terms is not None:
        spread = counts.max(axis=0) - counts.min(axis=0) if codes else np.zeros(0)
        chosen = _first(spread, listed, top)
        places = np.flatnonzero(kept)
        by_term = [one.tocsc() for one in matrices]
        first = {code: int(places[_first_difference(by_term, code)]) for code in chosen}
        wanted = set(first.values())
        texts = {at: record["text"] for at, record in enumerate(records) if at in wanted}
        rows = [
            (str(listed[code]), counts[:, code].tolist(), texts[first[code]]) for code in chosen
        ]
        for row in differences(rows, names, pos, partial(morph, **options)):
            terms(row)


def _weights(matrix: Any, counts: "Array") -> "Array":
    """Σ tf · ln(N / df) of each term."""
    import numpy as np

    df = np.bincount(matrix.indices, minlength=matrix.shape[1])
    weights: Array = counts * np.log(matrix.shape[0] / np.maximum(df, 1))
    return weights


def _first(weights: "Array", terms: "Array", number: int) -> list[int]:
    """The terms with the highest weights above 0, as numbers; equal ones by their letters."""
    import numpy as np

    positive = np.flatnonzero(weights > 0)
    if len(positive) > number:
        least = np.partition(weights[positive], -number)[-number]
        positive = positive[weights[positive] >= least]
    return sorted(positive.tolist(), key=lambda at: (-weights[at], terms[at]))[:number]


def _agreement(a: Any, b: Any) -> float | None:
    total = a.sum() + b.sum()
    return float(2 * a.minimum(b).sum() / total) if total else None


def _correlation(a: "Array", b: "Array") -> float | None:
    """Spearman's ρ over the terms that either has; None if one has the same count for all."""
    from scipy.stats import spearmanr

    either = (a > 0) | (b > 0)
    a, b = a[either], b[either]
    if not len(a) or a.min() == a.max() or b.min() == b.max():
        return None
    return float(spearmanr(a, b).statistic)


def _shared(a: list[int], b: list[int]) -> float | None:
    return len(set(a) & set(b)) / max(len(a), len(b)) if a or b else None


def _first_difference(matrices: list[Any], code: int) -> int:
    """The first document for which the counts of a term differ."""
    import numpy as np

    columns = np.array([one[:, [code]].toarray().ravel() for one in matrices])
    return int(np.argmax((columns != columns[0]).any(axis=0)))
