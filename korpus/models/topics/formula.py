"""Read the formula of a regression: `언론사 + spline(일자) * rating`. A formula runs no code."""

import re
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, NoReturn
from unicodedata import normalize

from korpus.errors import UsageError
from korpus.messages import _

FUNCTIONS = ("spline", "factor", "number", "Q")
_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[^\W\d][\w.]*)|`(?P<quoted>(?:[^`]|``)+)`
    |"(?P<string>[^"]*)"|'(?P<other>[^']*)'|(?P<number>\d+)|(?P<sign>[-+*:(),~^|]))""",
    re.VERBOSE,
)
_LONGEST = 10_000  # characters
_MOST_FACTORS = 4  # of an interaction


class Factor(NamedTuple):
    """A column in a formula: `spline` with its number of columns if given, `factor` with its
    reference level if given, `number`, or as its values are (an empty function)."""

    column: str
    function: str = ""
    argument: str | None = None

    @property
    def label(self) -> str:
        """How tables name it."""
        return f"spline({self.column})" if self.function == "spline" else self.column


Term = tuple[Factor, ...]


@dataclass
class _Reader:
    text: str
    place: int = 0

    def next(self) -> tuple[str, str]:
        """Kind and text of the next token; a kind of "" at the end."""
        if not self.text[self.place :].strip():
            self.place = len(self.text)
            return "", ""
        found = _TOKEN.match(self.text, self.place)
        if found is None:
            self.fail(self.text[self.place :].strip()[0])
        self.place = found.end()
        kind = found.lastgroup or ""
        value = normalize("NFC", found[kind])
        if kind == "quoted":
            return "name", value.replace("``", "`")
        return ("string" if kind == "other" else kind), value

    def peek(self) -> str:
        """The next token if it is a sign, else "", or the kind of token."""
        place = self.place
        kind, value = self.next()
        self.place = place
        return value if kind == "sign" else kind

    def expect(self, sign: str) -> None:
        """Take a sign. Raises UsageError for anything else."""
        kind, value = self.next()
        if (kind, value) != ("sign", sign):
            self.fail(value)

    def fail(self, value: str) -> NoReturn:
        """Raise UsageError for a token that stands where it cannot."""
        message = _("--formula {text!r}: {value!r} cannot stand there")
        if not value:
            message = _("--formula {text!r}: something is missing at its end")
        raise UsageError(
            message.format(text=self.text, value=value),
            _(
                "columns with + between them, a*b for an interaction, spline(x), factor(x); other "
                "names in backquotes: `기사 수`"
            ),
        )


def parse_formula(text: str) -> list[Term]:
    """The terms of a formula, each once: columns first, then interactions by their order.

    `a + b` are terms; `a:b` is an interaction, which needs the terms of its columns; `a*b` is
    `a + b + a:b`. A column is a name, or any name in backquotes or in Q("…"). `spline(x)` or
    `spline(x, 5)`, `factor(x)` or `factor(x, "reference")`, `number(x)`. A `~` may come first.
    Raises UsageError for anything else.
    """
    if len(text) > _LONGEST:
        raise UsageError(_("--formula is longer than {limit} characters").format(limit=_LONGEST))
    reader = _Reader(text)
    if reader.peek() == "~":
        reader.next()
    terms = _sum(reader)
    kind, value = reader.next()
    if kind:
        reader.fail(value)
    found = sorted(dict.fromkeys(terms), key=len)
    _check_columns(found)
    for term in found:
        for factor in term if len(term) > 1 else ():
            if (factor,) not in found:
                shown = ":".join(part.label for part in term)
                raise UsageError(
                    _("--formula: the interaction {term} needs {factor} itself too").format(
                        term=shown, factor=factor.label
                    ),
                    _("write: {example}").format(example=shown.replace(":", " * ")),
                )
    return found


def _sum(reader: _Reader) -> list[Term]:
    terms = _product(reader)
    while reader.peek() == "+":
        reader.next()
        terms += _product(reader)
    return terms


def _product(reader: _Reader) -> list[Term]:
    """Interactions with * between them: each of them, and all that they make."""
    parts = [_interaction(reader)]
    while reader.peek() == "*":
        reader.next()
        parts.append(_interaction(reader))
    if sum(map(len, parts)) > _MOST_FACTORS:
        raise UsageError(
            _("--formula: an interaction has at most {limit} columns").format(limit=_MOST_FACTORS)
        )
    sizes = range(1, len(parts) + 1)
    chosen = (some for size in sizes for some in combinations(parts, size))
    return [tuple(dict.fromkeys(factor for part in some for factor in part)) for some in chosen]


def _interaction(reader: _Reader) -> Term:
    factors = [_factor(reader)]
    while reader.peek() == ":":
        reader.next()
        factors.append(_factor(reader))
    return tuple(dict.fromkeys(factors))


def _factor(reader: _Reader) -> Factor:
    place = reader.place
    kind, name = reader.next()
    if kind != "name":
        reader.fail(name)
    is_quoted = reader.text[place:].lstrip().startswith("`")
    if is_quoted or reader.peek() != "(":
        return Factor(name)
    if name not in FUNCTIONS:
        raise UsageError(
            _("--formula: there is no function {name}").format(name=name),
            _("one of: {names}").format(names=", ".join(FUNCTIONS)),
        )
    reader.expect("(")
    if name == "Q":
        kind, column = reader.next()
        if kind != "string":
            reader.fail(column)
        reader.expect(")")
        return Factor(column)
    inner = _factor(reader)
    if inner.function:
        reader.fail(inner.function)
    argument = None
    if reader.peek() == ",":
        reader.next()
        kind, argument = reader.next()
        if kind != {"spline": "number", "factor": "string"}.get(name):
            reader.fail(argument)
    reader.expect(")")
    return Factor(inner.column, name, argument)


def _check_columns(terms: list[Term]) -> None:
    """Raise UsageError for a column that stands in different ways, as x and spline(x)."""
    ways: dict[str, Factor] = {}
    for factor in (factor for term in terms for factor in term):
        if ways.setdefault(factor.column, factor) != factor:
            raise UsageError(
                _("--formula: column {column} stands in it in two ways").format(
                    column=factor.column
                ),
                _("write it the same way everywhere"),
            )
