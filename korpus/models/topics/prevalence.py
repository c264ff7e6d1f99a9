"""The columns that the shares of stm depend on: of the fitted documents, and of new ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from korpus.documents.conditions import Column
from korpus.documents.kept import Cell
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.topics.design import Design, Variable, make_design
from korpus.models.topics.formula import Term, parse_formula
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def formula_columns(formula: str | None) -> list[str]:
    """The columns of a formula, each once. Raises UsageError if it cannot be read."""
    return list(dict.fromkeys(f.column for term in terms_of(formula) for f in term))


def terms_of(formula: str | None) -> list[Term]:
    """The terms of a formula; none without one."""
    return [] if formula is None else parse_formula(formula)


@dataclass
class Prevalence:
    """A formula, and what each of its columns is: numbers, dates, or which groups."""

    formula: str | None
    variables: dict[str, Variable]

    @classmethod
    def of(cls, formula: str | None, matrix: DocumentTermMatrix) -> tuple[Self, Design]:
        """That of documents, and its design; see `make_design`."""
        import numpy

        # `id` is not among the columns
        ids: list[Cell] = [*matrix.ids]
        columns = {name: matrix.columns.get(name, ids) for name in formula_columns(formula)}
        everything = numpy.ones(len(matrix.ids), dtype=bool)
        design = make_design(columns, terms_of(formula), everything)
        return cls(formula, design.variables), design

    def matrix(self, records: Iterable[Iterable[Cell]]) -> "tuple[Array, Array]":
        """The design of new documents, and which documents have known values in all columns.

        `records`: their cells, in the order of `variables`. The design is of those only.
        """
        import numpy

        rows = [list(cells) for cells in records]
        read = {
            name: replace(variable, values=variable.read([cells[place] for cells in rows]))
            for place, (name, variable) in enumerate(self.variables.items())
        }
        known = numpy.ones(len(rows), dtype=bool)
        for variable in read.values():
            known &= ~numpy.isnan(variable.values)
        return Design(known, read, terms_of(self.formula)).matrix(), known

    def cells(self, record: Record) -> list[Cell]:
        """The cells of a document, None for a column that it has not."""
        return [Column(name).value(record) for name in self.variables]

    @property
    def width(self) -> int:
        """The number of columns of its design."""
        import numpy

        return len(Design(numpy.zeros(0, dtype=bool), self.variables, terms_of(self.formula)).names)

    def as_json(self) -> dict[str, Any]:
        """What a model file says of it."""
        return {
            "formula": self.formula,
            "variables": {
                name: {
                    "levels": variable.levels,
                    "start": variable.start and variable.start.isoformat(),
                    "knots": None if variable.knots is None else variable.knots.tolist(),
                }
                for name, variable in self.variables.items()
            },
        }

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> Self:
        """That of a model file. Raises KeyError, TypeError or ValueError if it is damaged."""
        import numpy

        formula = given["formula"]
        try:
            factors = {f.column: f for term in terms_of(formula) for f in term}
        except KorpusError as error:
            raise ValueError(str(error)) from error
        if set(factors) != set(given["variables"]):
            raise ValueError(_("its formula and columns do not agree"))
        found = {}
        for name, factor in factors.items():
            of = given["variables"][name]
            knots = of["knots"] and numpy.array(of["knots"], dtype=float)
            start = of["start"] and date.fromisoformat(of["start"])
            found[name] = Variable(factor, numpy.zeros(0), list(of["levels"]), start, knots)
        return cls(formula, found)
