"""The design matrix of a formula: columns of documents as numbers, groups, dates and splines."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

from korpus.documents.comparisons import as_text, is_missing, number
from korpus.documents.cuts import natural
from korpus.documents.kept import Cell, Columns
from korpus.documents.periods import Period, of_digits, period, period_at_start
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.models.topics.formula import Factor, Term
from korpus.statistics.regression import dependent_column, spline_basis, spline_knots

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

INTERCEPT = "intercept"
_YEAR = 365.2425  # days
_MOST_LEVELS = 200
_SPLINE, _LEAST_SPLINE = 10, 3  # columns of a spline
_SHOWN = 8  # levels in a message


@dataclass
class Variable:
    """A column as numbers: codes of its `levels`, the first of them the reference; years since
    `start`; or its own numbers (neither). NaN where it says nothing."""

    factor: Factor
    values: "Array"
    levels: list[str] = field(default_factory=list)
    start: date | None = None
    knots: "Array | None" = None

    @property
    def names(self) -> list[str]:
        """The names of its columns in the design."""
        if self.levels:
            return [f"{self.factor.column}: {level}" for level in self.levels[1:]]
        if self.knots is None:
            return [self.factor.label]
        return [f"{self.factor.label} {n}" for n in range(1, len(self.knots) - 4)]

    def columns(self, values: "Array") -> "Array":
        """Some of its values as columns of the design: a column per level but the first."""
        import numpy

        if self.levels:
            levels = numpy.arange(1, len(self.levels))
            found: Array = (values[:, None] == levels).astype(float)
            return found
        return values[:, None] if self.knots is None else spline_basis(values, self.knots)

    def shown(self, value: float) -> str | float:
        """A value as tables show it: the level, the day, or the number."""
        if self.levels:
            return self.levels[int(value)]
        if self.start is not None:
            return (self.start + timedelta(days=round(value * _YEAR))).isoformat()
        return value

    def read(self, cells: "list[Cell]") -> "Array":
        """The values of other documents; NaN where they say nothing, or what is not known here."""
        import numpy

        codes = {level: float(code) for code, level in enumerate(self.levels)}

        def value(cell: Cell) -> float:
            text = (as_text(cell) or "").strip()
            if self.levels:
                return codes.get(text, numpy.nan)
            if self.start is None:
                return (numbers_in([text]) or [numpy.nan])[0]
            days = days_in([text])
            return (days[0] - self.start).days / _YEAR if days else numpy.nan

        found = numpy.array([value(cell) for cell in cells], dtype=float)
        return found if self.knots is None else found.clip(self.knots[0], self.knots[-1])


@dataclass
class Design:
    """The columns of a formula, for the documents that have all of them.

    `used`: bool per document. `variables`: by column. `terms`: of the formula.
    """

    used: "Array"
    variables: dict[str, Variable]
    terms: list[Term]

    @property
    def names(self) -> list[str]:
        """The names of the columns; the intercept is the first."""
        return [INTERCEPT, *(name for _term, names in self._named() for name in names)]

    @property
    def slices(self) -> dict[str, slice]:
        """The columns of each term of the formula."""
        found, start = {}, 1
        for term, names in self._named():
            found[label(term)] = slice(start, start + len(names))
            start += len(names)
        return found

    def matrix(self, replaced: Mapping[str, float] = MappingProxyType({})) -> "Array":
        """Documents × columns. `replaced`: variables that have one value in all documents."""
        import numpy

        count = int(self.used.sum())
        blocks = {}
        for column, variable in self.variables.items():
            values = variable.values[self.used]
            if column in replaced:
                values = numpy.full(count, replaced[column])
            blocks[column] = variable.columns(values)
        products = (reduce(_crossed, (blocks[f.column] for f in term)) for term in self.terms)
        return numpy.hstack([numpy.ones((count, 1)), *products])

    def _named(self) -> Iterator[tuple[Term, list[str]]]:
        for term in self.terms:
            parts = [self.variables[factor.column].names for factor in term]
            yield term, reduce(lambda a, b: [f"{x} × {y}" for x in a for y in b], parts)


def label(term: Term) -> str:
    """How tables name a term of the formula."""
    return " × ".join(factor.label for factor in term)


def make_design(columns: Columns, terms: list[Term], usable: "Array") -> Design:
    """The design of a formula. `usable`: which documents have topics. Logs what each column is.

    A column is of dates if all its values are, of numbers if all are, else of groups; spline and
    number need numbers or dates. Documents where a column says nothing are left out and logged.
    Raises KorpusError for a column that does not fit, and if its effects cannot be told apart.
    """
    import numpy

    factors = list(dict.fromkeys(factor for term in terms for factor in term))
    used = usable.copy()
    for factor in factors:
        known = numpy.array([not is_missing(cell) for cell in columns[factor.column]], dtype=bool)
        if missing := int((usable & ~known).sum()):
            documents = plural(missing, "document")
            logger.info(_("%s without %s left out"), documents, factor.column)
        used &= known
    if not used.any():
        raise KorpusError(_("no document has topics and all columns of the formula"))
    variables = {f.column: _variable(f, columns[f.column], used) for f in factors}
    design = Design(used, variables, terms)
    count, width = int(used.sum()), len(design.names)
    if count <= width + 1:
        raise KorpusError(
            _("{documents} are too few for {count} coefficients").format(
                documents=plural(count, "document"), count=width
            ),
            _("leave terms out, or give splines fewer columns: spline(x, 4)"),
        )
    if (bad := dependent_column(design.matrix())) is not None:
        raise KorpusError(
            _("the effect of {name!r} cannot be told apart from those before it").format(
                name=design.names[bad]
            ),
            _("leave out a column that follows from others, or a group with too few documents"),
        )
    return design


def _crossed(first: "Array", second: "Array") -> "Array":
    """The products of each column of one with each of the other."""
    found: Array = first[:, :, None] * second[:, None, :]
    return found.reshape(len(first), -1)


def _variable(factor: Factor, cells: list[Cell], used: "Array") -> Variable:
    import numpy

    texts = [as_text(cell) or "" for cell in cells]
    known = [text.strip() for text, is_used in zip(texts, used, strict=True) if is_used]
    values = numpy.full(len(cells), numpy.nan)
    days = None if factor.function in ("factor", "number") else days_in(known)
    numbers = None if factor.function == "factor" or days else numbers_in(known)
    if days:
        start = min(days)
        values[used] = [(day - start).days / _YEAR for day in days]
        variable = Variable(factor, values, start=start)
        logger.info(_("%s: dates from %s to %s, per year"), factor.column, start, max(days))
    elif numbers:
        values[used] = numbers
        variable = Variable(factor, values)
        logger.info(_("%s: numbers from %g to %g"), factor.column, min(numbers), max(numbers))
    elif factor.function in ("spline", "number"):
        other = next(text for text in known if number(text) is None)
        raise KorpusError(
            _("{column} {value!r} is not a number").format(column=factor.column, value=other),
            _("{function} needs numbers or dates").format(function=factor.label),
        )
    else:
        variable = Variable(factor, values, levels=_levels(factor, known))
        codes = {level: code for code, level in enumerate(variable.levels)}
        values[used] = [codes[text] for text in known]
        logger.info(
            _("%s: %s, compared with %s"),
            factor.column,
            plural(len(codes), "group"),
            variable.levels[0],
        )
    different = len(numpy.unique(values[used]))
    if different < 2:
        raise KorpusError(_("{column} has one value only").format(column=factor.column))
    if factor.function == "spline":
        variable.knots = _knots(factor, values[used], different)
    return variable


def _knots(factor: Factor, values: "Array", different: int) -> "Array":
    df = int(factor.argument or min(_SPLINE, different - 1))
    if not _LEAST_SPLINE <= df < different:
        raise KorpusError(
            _("{term}: {df} columns for {count} different values").format(
                term=factor.label, df=df, count=different
            ),
            _("a spline has 3 columns or more, and fewer than values; else leave spline out"),
        )
    return spline_knots(values, df)


def _levels(factor: Factor, known: list[str]) -> list[str]:
    """The groups, the reference first; by default that is the first in order."""
    levels = sorted(set(known), key=natural)
    if len(levels) > _MOST_LEVELS:
        raise KorpusError(
            _("{column} has {count} different values, too many for groups").format(
                column=factor.column, count=f"{len(levels):,}"
            ),
            _("choose a column with at most {limit}, or number(x) for numbers").format(
                limit=_MOST_LEVELS
            ),
        )
    if factor.argument is not None:
        if factor.argument not in levels:
            raise KorpusError(
                _("{column} has no value {value!r}").format(
                    column=factor.column, value=factor.argument
                ),
                _("its values are {values}").format(values=listed(levels, _SHOWN)),
            )
        levels.remove(factor.argument)
        levels.insert(0, factor.argument)
    return levels


def numbers_in(texts: list[str]) -> list[float] | None:
    """The texts as numbers; None if one of them is not a number."""
    found = [number(text) for text in texts]
    return None if None in found else [float(value) for value in found if value is not None]


def days_in(texts: list[str]) -> list[date] | None:
    """The texts as days; None if one is no date, or is a number that could be a year or a month."""
    found: list[date] = []
    for text in texts:
        parts: Period | None = of_digits(text) or period(text) or period_at_start(text)
        if parts is None or (number(text) is not None and len(parts) < 3):
            return None
        found.append(date(parts[0], *(*parts[1:], 1, 1)[:2]))
    return found
