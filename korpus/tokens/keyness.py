"""The stage keyness (핵심어): terms that are more frequent in some documents than in others."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from korpus.checks import check_choice, check_least
from korpus.documents.groups import named, shown
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table
from korpus.tokens.freq import headings_of, in_order
from korpus.tokens.references import compared_terms, terms_of_wordfreq
from korpus.tokens.term_counts import Group, Term, TermCounts, check_top, counted

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "reference_count", "share", "reference_share"]
MEASURES = ["g2", "p", "q", "bic", "chi2", "log_ratio", "percent_diff", "odds_ratio", "log_odds"]
_MOST_LOGGED = 20  # groups
SORTS = ("g2", "chi2", "log_ratio", "log_odds", "percent_diff", "odds_ratio")


def keyness(
    documents: Iterable[Record] | TermCounts,
    other: Iterable[Record] | TermCounts | None = None,
    *,
    by: str | None = None,
    target: str | None = None,
    reference: Iterable[Record] | Literal["wordfreq"] | None = None,
    min_count: int = 5,
    sort: str = "g2",
    top: int | None = None,
    order: str | Sequence[str] = (),
) -> Table:
    """Find the terms that set documents apart from others (핵심어). Holds the counts.

    Compares `documents` with the documents `other`; or each group of `by` (see `korpus.freq`), or
    only the group `target`, with all other groups; or with `reference`, a table of frequencies:
    rows with `term`, `count` and, where the tags are those of the documents, `tag`; or with general
    Korean by the package wordfreq, if `reference` is "wordfreq". Then only terms that wordfreq
    knows are compared, without tags, and only their tokens count on both sides; how many terms it
    lacks is logged. `documents` and `other` may also be counts.

    Parameters: `min_count`, only terms with so many occurrences in target and reference together
    (with `reference`, in the documents, whose terms alone are compared with it); `sort`, the
    measure that ranks; `top`, only so many terms that are more frequent in the target, and as many
    that are less frequent, if there is one target; `order`, of the groups, see `korpus.freq`.

    Columns in: `tokens`, `tags`. Out: with `by` the group's column, then `term`, `tag`, `count`,
    `reference_count`, `share`, `reference_share`; `g2` and `chi2`, negative where the term is less
    frequent in the target; `p` of G², `q` (p by Benjamini & Hochberg, of the terms of a group);
    `bic`, the Bayes factor; the effect sizes `log_ratio`, which counts 0.5 occurrences where one
    side lacks the term, and `percent_diff` and `odds_ratio`, which are empty where the reference
    lacks it; `log_odds`, the z-score of the log-odds ratio. Its
    prior has the frequencies of both sides together and weighs as much as the smaller one. See
    `korpus.statistics.keyness` and `association`.
    Raises UsageError for options that do not fit, KorpusError if one side has no tokens.
    """
    check_keyness(
        other is not None,
        by,
        target,
        reference is not None,
        sort=sort,
        top=top,
        min_count=min_count,
    )
    counts = counted(documents, by)
    names: list[Group] = in_order(counts, [by] if by else [], order)
    if by and target is not None:
        if (target,) not in names:
            raise KorpusError(
                _("no document has {column} {value!r}").format(column=by, value=target),
                _("its values are {values}").format(values=named(name for (name,) in names)),
            )
        names = [(target,)]
    all_groups = bool(by) and target is None
    if reference is not None:
        compared = _with_table(counts, reference, min_count)
    elif other is not None:
        both = TermCounts()
        both.update(counts, ("target",))
        both.update(counted(other), ("reference",))
        compared = _Compared.of(both, [("target",)], min_count, named=False)
    else:
        compared = _Compared.of(counts, names, min_count, named=True)
    compared.check(all_groups)
    compared.log()
    headings = headings_of([by] if by else [], [*COLUMNS, *MEASURES])
    return Table([*headings, *COLUMNS, *MEASURES], lambda: compared.rows(sort, top, not all_groups))


def check_keyness(
    other: bool,
    by: str | None,
    target: str | None,
    reference: bool,
    *,
    sort: str,
    top: int | None,
    min_count: int,
) -> None:
    """Raise UsageError for wrong options, before anything is counted."""
    check_top(top)
    check_least("--min-count", min_count, 1, _("1 keeps all"))
    check_choice("--sort", sort, SORTS)
    if other + bool(by) + reference != 1:
        raise UsageError(
            _("keyness compares with one of: a second SOURCE, other groups (--by), --reference"),
            _("such as: {command}").format(command="korpus keyness tokens.jsonl --by rating"),
        )
    if target is not None and not by:
        raise UsageError(
            _("--target names a group, but no --by is given"), _("name a column: --by COLUMN")
        )


class _Side(NamedTuple):
    """A target and its reference: how often each term occurs in both, and all their tokens."""

    counts: "Array"
    others: "Array"
    size: float
    other_size: float

    def measures(self) -> "dict[str, Array]":
        """All columns of numbers, by their names."""
        from korpus.statistics import association, keyness, significance

        pairs = self.counts, self.others, self.size, self.other_size
        total = self.size + self.other_size
        table = self.counts, self.counts + self.others, self.size, total
        g2 = association.g2(*table)
        p = significance.chi2_p(g2)
        strength = min(self.size, self.other_size)
        prior = (self.counts + self.others) * strength / total
        return {
            "count": self.counts,
            "reference_count": self.others,
            "share": self.counts / self.size,
            "reference_share": self.others / self.other_size,
            "g2": g2,
            "p": p,
            "q": significance.q_values(p),
            "bic": keyness.bayes_factor(g2, total),
            "chi2": association.chi2(*table),
            "log_ratio": keyness.log_ratio(*pairs),
            "percent_diff": keyness.percent_diff(*pairs),
            "odds_ratio": keyness.odds_ratio(*pairs),
            "log_odds": keyness.log_odds(*pairs, prior, strength),
        }


@dataclass
class _Compared:
    """Terms and the groups that are compared.

    `numbers`: of the terms, in alphabetical order. `groups`: each with its tokens. `arrays`: the
    counts of a group by term number. `totals`: the same of target and reference together, `size`:
    all tokens of both. `named`: whether rows begin with the group.
    """

    terms: list[Term]
    numbers: "Array"
    groups: dict[Group, float]
    arrays: "Callable[[Group], Array]"
    totals: "Array"
    size: float
    named: bool

    @classmethod
    def of(
        cls, counts: TermCounts, groups: list[Group], min_count: int, *, named: bool
    ) -> "_Compared":
        """Groups of counts, each compared with all others."""
        totals = counts.array(counts.totals())
        return cls(
            counts.terms,
            _kept(counts.terms, totals, min_count),
            {group: counts.counts[group].total() for group in groups},
            lambda group: counts.array(counts.counts[group]),
            totals,
            int(totals.sum()),
            named,
        )

    def check(self, all_groups: bool) -> None:
        """Leave out groups without tokens. Raises KorpusError if there is nothing to compare."""
        if all_groups:
            empty = [group for group, size in self.groups.items() if not size]
            for group in empty:
                logger.info(_("%s has no tokens: left out"), shown(group[0]))
                del self.groups[group]
            if len(self.groups) < 2:
                raise KorpusError(
                    _("there is nothing to compare: all tokens are in one group"),
                    _("choose a column with several values, or give a reference"),
                )
        for size in self.groups.values():
            for side, tokens in ((_("target"), size), (_("reference"), self.size - size)):
                if not tokens:
                    raise KorpusError(
                        _("the {side} has no tokens: there is nothing to compare").format(side=side)
                    )

    def log(self) -> None:
        """Log the sizes."""
        if len(self.groups) > _MOST_LOGGED:
            logger.info(
                _("%s, %s compared"),
                plural(len(self.groups), "group"),
                plural(len(self.numbers), "term"),
            )
            return
        for group, size in self.groups.items():
            logger.info(
                _("%s%s; reference: %s; %s compared"),
                f"{shown(group[0])}: " if self.named else "",
                plural(round(size), "token"),
                plural(round(self.size - size), "token"),
                plural(len(self.numbers), "term"),
            )

    def rows(self, sort: str, top: int | None, both: bool) -> Iterator[Row]:
        """The terms of each group from the most to the least typical; `top` of them, or of `both`
        ends.
        """
        import numpy

        terms = [self.terms[number] for number in self.numbers.tolist()]
        totals = self.totals[self.numbers]
        for group, size in self.groups.items():
            counts = self.arrays(group)[self.numbers]
            found = _Side(counts, totals - counts, size, self.size - size).measures()
            key = numpy.nan_to_num(found[sort], nan=numpy.inf)
            order = numpy.lexsort((-found["g2"], -key))  # stable: ties stay in the order of terms
            if top is not None:
                more = found["log_ratio"][order] > 0
                less = order[~more][-top:] if both else order[:0]
                order = numpy.concatenate([order[more][:top], less])
            columns = [
                [None if value != value else value for value in column[order].tolist()]
                for column in found.values()
            ]
            for number, *row in zip(order.tolist(), *columns, strict=True):
                yield (*(group if self.named else ()), *terms[number], *row)


def _with_table(
    counts: TermCounts, reference: Iterable[Record] | Literal["wordfreq"], min_count: int
) -> _Compared:
    """The terms of documents, compared with a table of frequencies or with wordfreq."""
    if isinstance(reference, str):
        terms, ours, theirs, size = terms_of_wordfreq(counts)
    else:
        terms, ours, theirs, size = compared_terms(counts, reference)
    return _Compared(
        terms,
        _kept(terms, ours, min_count),
        {(): int(ours.sum())},
        lambda _group: ours,
        ours + theirs,
        int(ours.sum()) + size,
        named=False,
    )


def _kept(terms: list[Term], counts: "Array", min_count: int) -> "Array":
    """The numbers of terms with so many occurrences, in alphabetical order. Logs the others."""
    import numpy

    kept = numpy.flatnonzero(counts >= min_count).tolist()
    if left_out := int((counts > 0).sum()) - len(kept):
        logger.info(_("--min-count %d: %s left out"), min_count, plural(left_out, "term"))
    return numpy.array(sorted(kept, key=terms.__getitem__), dtype=numpy.int64)
