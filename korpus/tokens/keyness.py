"""The stage keyness (핵심어): terms that are more frequent in some documents than in others."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table
from korpus.tokens.freq import headings_of, in_order
from korpus.tokens.references import compared
from korpus.tokens.term_counts import Group, Term, TermCounts, check_top, counted

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "reference_count", "share", "reference_share"]
MEASURES = ["g2", "p", "q", "bic", "chi2", "log_ratio", "percent_diff", "odds_ratio", "log_odds"]
SORTS = ("g2", "chi2", "log_ratio", "log_odds", "percent_diff", "odds_ratio")


def keyness(
    documents: Iterable[Record] | TermCounts,
    other: Iterable[Record] | TermCounts | None = None,
    *,
    by: str | None = None,
    target: str | None = None,
    reference: Iterable[Record] | None = None,
    min_count: int = 5,
    sort: str = "g2",
    top: int | None = None,
) -> Table:
    """Find the terms that set documents apart from others (핵심어). Holds the counts.

    Compares `documents` with the documents `other`; or each group of `by` (see `korpus.freq`), or
    only the group `target`, with all other groups; or with `reference`, a table of frequencies:
    rows with `term`, `count` and, where the tags are those of the documents, `tag`. All three may
    also be counts.

    Parameters: `min_count`, only terms with so many occurrences in target and reference together
    (with a table, in the documents; only terms of the documents are compared with it); `sort`, the
    measure that ranks; `top`, only so many terms that are more frequent in the target, and as many
    that are less frequent, if there is one target.

    Columns in: `tokens`, `tags`. Out: with `by` the group's column, then `term`, `tag`, `count`,
    `reference_count`, `share`, `reference_share`; `g2` and `chi2`, negative where the term is less
    frequent in the target; `p` of G², `q` (p by Benjamini & Hochberg, of the terms of a group);
    `bic`, the Bayes factor; the effect sizes `log_ratio`, `percent_diff`, `odds_ratio`, which are
    empty where the reference lacks the term; `log_odds`, the z-score of the log-odds ratio. Its
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
    names: list[Group] = in_order(counts, [by] if by else [])
    if by and target is not None:
        if (target,) not in names:
            raise KorpusError(
                _("no document has {column} {value!r}").format(column=by, value=target),
                _("its values are {values}").format(values=", ".join(name for (name,) in names)),
            )
        names = [(target,)]
    sides = _sides(counts, names, other, target, reference, min_count)
    if not sides:
        raise KorpusError(
            _("there is nothing to compare: all tokens are in one group"),
            _("choose a column with several values, or give a reference"),
        )
    headings = headings_of([by] if by else [], [*COLUMNS, *MEASURES])
    both = not by or target is not None
    for side in sides:
        side.log()
    return Table(
        [*headings, *COLUMNS, *MEASURES],
        lambda: (row for side in sides for row in side.rows(sort, top, both)),
    )


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
            _("--target is a group, and there are none"), _("name a column: --by COLUMN")
        )


@dataclass
class _Side:
    """A target and its reference. `counts`, `others`: of the terms; `size`, `other_size`: all."""

    group: Group
    terms: list[Term]
    counts: "Array"
    others: "Array"
    size: float
    other_size: float

    def log(self) -> None:
        """Log the sizes."""
        logger.info(
            _("%s%s; reference: %s; %s compared"),
            f"{self.group[0] or _('no value')}: " if self.group else "",
            plural(int(self.size), "token"),
            plural(round(self.other_size), "token"),
            plural(len(self.terms), "term"),
        )

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

    def rows(self, sort: str, top: int | None, both: bool) -> Iterator[Row]:
        """The terms from the most to the least typical; `top` of them, or of `both` ends."""
        import numpy

        found = self.measures()
        key = numpy.nan_to_num(found[sort], nan=numpy.inf)
        ranks = numpy.empty(len(self.terms), dtype=numpy.int64)
        ranks[sorted(range(len(self.terms)), key=self.terms.__getitem__)] = numpy.arange(len(ranks))
        order = numpy.lexsort((ranks, -found["g2"], -key))
        if top is not None:
            more = found["log_ratio"][order] > 0
            less = order[~more][-top:] if both else order[:0]
            order = numpy.concatenate([order[more][:top], less])
        values = [
            [None if value != value else value for value in column[order].tolist()]
            for column in found.values()
        ]
        for number, *row in zip(order.tolist(), *values, strict=True):
            yield (*self.group, *self.terms[number], *row)


def _sides(
    counts: TermCounts,
    names: list[Group],
    other: Iterable[Record] | TermCounts | None,
    target: str | None,
    reference: Iterable[Record] | None,
    min_count: int,
) -> list[_Side]:
    if reference is not None:
        terms, ours, theirs, whole = compared(counts, reference)
        kept = _kept(ours, min_count)
        return [_pair((), terms, ours, theirs, int(ours.sum()), whole, kept)]
    second, all_groups = counts, other is None and target is None
    if other is not None:
        second, names = TermCounts(), [("target",)]
        second.update(counts, ("target",))
        second.update(counted(other), ("reference",))
    totals = second.array(second.totals())
    kept, total = _kept(totals, min_count), int(totals.sum())
    sides: list[_Side] = []
    for name in names:
        found = second.array(second.counts[name])
        size = int(found.sum())
        if not size and all_groups:
            logger.info(_("%s has no tokens: left out"), name[0] or _("no value"))
        elif size < total or not all_groups:
            group = name if other is None else ()
            others = totals - found
            sides.append(_pair(group, second.terms, found, others, size, total - size, kept))
    return sides


def _kept(totals: "Array", min_count: int) -> "Array":
    """Which terms have so many occurrences. Logs the others."""
    kept: Array = totals >= min_count
    if left_out := int((~kept & (totals > 0)).sum()):
        logger.info(_("--min-count %d: %s left out"), min_count, plural(left_out, "term"))
    return kept


def _pair(
    group: Group,
    terms: list[Term],
    counts: "Array",
    others: "Array",
    size: float,
    other_size: float,
    kept: "Array",
) -> _Side:
    """A target and its reference with the terms that are kept. Raises KorpusError for no tokens."""
    import numpy

    for side, total in ((_("target"), size), (_("reference"), other_size)):
        if not total:
            raise KorpusError(
                _("the {side} has no tokens: there is nothing to compare").format(side=side)
            )
    numbers = numpy.flatnonzero(kept)
    shown = [terms[number] for number in numbers.tolist()]
    return _Side(group, shown, counts[numbers], others[numbers], size, other_size)
