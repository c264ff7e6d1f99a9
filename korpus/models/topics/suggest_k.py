"""Which number of topics to suggest, or why none."""

import logging
from statistics import stdev

from korpus.messages import _, plural
from korpus.records import Row

logger = logging.getLogger("korpus")

_LEAST_DOCUMENTS = 10  # per topic
_LEAST_RANGE = 0.01  # of NPMI; smaller differences do not show in the words
_LEAST_STABLE = 0.5
_LEVEL = 0.05  # of p, below which numbers of topics differ


def log_suggestion(rows: list[Row], npmi: list[list[float]], documents: int) -> None:
    """Log the suggested number of topics, or why no number is good.

    None is suggested where topics have no coherence; where every NPMI is below 0; where no number
    leaves 10 of the fitted documents per topic (other numbers are not suggested either); and where
    the curve is flat: the NPMI of all numbers is within 0.01, or they do not differ more than runs
    with other seeds do (F test of one-way analysis of variance, p above 0.05) and such runs do not
    agree on the topics either (stability below 0.5 for the number with the highest NPMI).

    `rows`: those of `choose_k`. `npmi`: of each run of each row. `documents`: how many were fitted.
    """
    usable = [place for place, row in enumerate(rows) if documents >= _LEAST_DOCUMENTS * row[0]]
    values = [row[1] for row in rows]
    if any(value is None for value in values):
        logger.info(_("no suggestion: topics of a single term have no coherence"))
    elif all(value < 0 for value in values):
        logger.warning(
            _(
                "no suggestion: no number of topics is good, as every NPMI is below 0 (are the "
                "documents too few or too short?)"
            )
        )
    elif not usable:
        logger.warning(
            _("no suggestion: the corpus is too small, %s are fewer than %d for each of %s"),
            plural(documents, "document"),
            _LEAST_DOCUMENTS,
            plural(rows[0][0], "topic"),
        )
    elif len(rows) > 2 and (reason := _flat(rows, npmi)):
        logger.warning(_("no suggestion: no number of topics is better than others, %s"), reason)
    else:
        if len(usable) < len(rows):
            logger.info(
                _("not suggested, with fewer than %d documents per topic: k of %d and more"),
                _LEAST_DOCUMENTS,
                rows[len(usable)][0],
            )
        runs = len(npmi[0])
        errors = [stdev(npmi[place]) / runs**0.5 if runs > 1 else 0.0 for place in usable]
        k, reason = suggested([rows[place] for place in usable], errors)
        logger.info(_("suggested: -k %d, %s"), k, reason)


def _flat(rows: list[Row], npmi: list[list[float]]) -> str | None:
    """How the curve is flat; None if it is not."""
    from scipy.stats import f_oneway

    values = [row[1] for row in rows]
    if max(values) - min(values) < _LEAST_RANGE:
        return _("as NPMI only goes from {low} to {high}").format(
            low=f"{min(values):.3f}", high=f"{max(values):.3f}"
        )
    stability = rows[values.index(max(values))][5]
    if stability is not None and stability < _LEAST_STABLE:
        p = float(f_oneway(*npmi).pvalue)
        if p > _LEVEL:
            return _(
                "as runs with other seeds differ as much as they do (F test: p = {p}; stability "
                "{stability})"
            ).format(p=f"{p:.2f}", stability=f"{stability:.2f}")
    return None


def suggested(rows: list[Row], errors: list[float]) -> tuple[int, str]:
    """The suggested number of topics, and the reason.

    Of the numbers whose NPMI is within one standard error of the highest, the most stable one; the
    smallest among ties. `rows`: those of `choose_k`. `errors`: standard error of each row's NPMI
    over the runs.
    """
    best = max(range(len(rows)), key=lambda index: round(rows[index][1], 6))
    close = [row for row in rows if row[1] >= rows[best][1] - errors[best] - 1e-6]
    chosen = max(close, key=lambda row: (round(row[5] or 0, 6), round(row[1], 6)))
    reasons = [_("NPMI {npmi} is the highest").format(npmi=f"{rows[best][1]:.3f}")]
    if chosen is not rows[best]:
        reasons = [
            _(
                "the most stable ({stability}) of those within one standard error of the best: "
                "NPMI {npmi}; {best_npmi} ± {error} for {best_k}"
            ).format(
                stability=f"{chosen[5] or 0:.2f}",
                npmi=f"{chosen[1]:.3f}",
                best_npmi=f"{rows[best][1]:.3f}",
                error=f"{errors[best]:.3f}",
                best_k=rows[best][0],
            )
        ]
    if len(rows) > 1 and chosen is rows[0] and chosen[0] > 2:
        reasons.append(_("no smaller number was tried"))
    if len(rows) > 1 and chosen is rows[-1]:
        reasons.append(_("no larger number was tried"))
    return chosen[0], "; ".join(reasons)
