"""A small language for conditions on rows: `rating >= 8 and (date < 2020 or text ~ 배송)`.

    condition  = alternative {"or" alternative}
    alternative = part {"and" part}
    part       = "not" part | "(" condition ")" | test
    test       = column operator value | column ["not"] "in" "(" value {"," value} ")"
    operator   = "=" "==" "!=" "<>" "<" "<=" ">" ">=" "~" "!~"

Left of an operator is a column, right of it a value. Either may be quoted; a value needs quotes if
it has spaces or other signs.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from korpus.documents.conditions import All, Column, Condition, Either, Not, Test
from korpus.errors import UsageError
from korpus.messages import _

_MOST_LEVELS = 50  # of parentheses and "not"
_LONGEST_SHOWN = 200  # characters
_QUOTES = {"'": "'", '"': '"', "`": "`", "‘": "’", "“": "”"}
_QUOTED = "|".join(f"{a}(?:[^{b}]|{b}{b})*{b}" for a, b in _QUOTES.items())
_TOKEN = re.compile(
    rf"""\s*(?: (?P<operator>!=|<>|==|<=|>=|!~|[=<>~≠≤≥]) | (?P<mark>[(),])
    | (?P<quoted>{_QUOTED}) | (?P<word>[^\s(),=<>~≠≤≥!'"`‘’“”]+) | (?P<other>\S) )""",
    re.VERBOSE,
)
_REGEX = re.compile(r"\s*(?P<regex>/(?:[^/\\]|\\.)*/i?)(?=[\s)]|$)")
# How each operator is written with those of `comparison`, and whether it is denied.
_OPERATORS = {
    **{name: (name, False) for name in ("=", "<", "<=", ">", ">=", "~")},
    **{"==": ("=", False), "≤": ("<=", False), "≥": (">=", False)},
    **{"!=": ("=", True), "<>": ("=", True), "≠": ("=", True), "!~": ("~", True)},
}
_WORDS = ("and", "or", "not", "in")


class _Token(NamedTuple):
    kind: str  # operator, mark, quoted, word, regex, other, end
    text: str
    start: int

    @property
    def word(self) -> str:
        """The word of the language that it is; else empty."""
        lowered = self.text.lower()
        return lowered if self.kind == "word" and lowered in _WORDS else ""


def parse(expression: str) -> Condition:
    """The condition that an expression means. Raises UsageError where it cannot be read."""
    parser = _Parser(expression)
    node = parser.any_of()
    if parser.next.kind != "end":
        parser.fail(_("expected and, or, or the end"), _("text with spaces needs quotes: '…'"))
    return node


class _Parser:
    """Reads an expression from left to right; `next` is the current token."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.levels = 0
        self.next = self._read(0)

    def _read(self, at: int, pattern: re.Pattern[str] = _TOKEN) -> _Token:
        found = pattern.match(self.expression, at)
        if found is None or found.lastgroup is None:
            return _Token("end", "", len(self.expression.rstrip()))
        return _Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))

    def take(self) -> _Token:
        """Consume and return the current token."""
        token = self.next
        self.next = self._read(token.start + len(token.text))
        return token

    def fail(self, expected: str, hint: str) -> NoReturn:
        """Raises UsageError at the current token."""
        rest = self.expression[self.next.start :].strip()
        raise UsageError(
            _("cannot read {expression!r} at {rest!r} (character {number}): {expected}").format(
                expression=_cut(self.expression),
                rest=_cut(rest),
                number=self.next.start + 1,
                expected=expected,
            )
            if rest
            else _("{expression!r} is not complete: {expected}").format(
                expression=_cut(self.expression), expected=expected
            ),
            hint,
        )

    def any_of(self) -> Condition:
        """Conditions joined by "or"."""
        return self._joined("or", self.all_of, Either)

    def all_of(self) -> Condition:
        """Conditions joined by "and"."""
        return self._joined("and", self.part, All)

    def _joined(
        self, word: str, part: Callable[[], Condition], join: Callable[[list[Condition]], Condition]
    ) -> Condition:
        parts = [part()]
        while self.next.word == word:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else join(parts)

    def part(self) -> Condition:
        """A test, a denial or a condition in parentheses."""
        is_open = self.next.text == "(" and self.next.kind == "mark"
        if not is_open and self.next.word != "not":
            return self.test()
        self.levels += 1
        if self.levels > _MOST_LEVELS:
            self.fail(_("too many parentheses"), _("split the expression in two commands"))
        self.take()
        if is_open:
            node = self.any_of()
            self.mark(")")
        else:
            node = Not(self.part())
        self.levels -= 1
        return node

    def test(self) -> Condition:
        """A column compared with values."""
        if self.next.kind not in ("word", "quoted") or self.next.word:
            self.fail(_("expected the name of a column"), _example())
        column = Column(_plain(self.take()))
        if self.next.word in ("not", "in"):
            return self.membership(column)
        if self.next.kind != "operator":
            self.fail(
                _("expected one of {operators}").format(operators=" ".join(_OPERATORS)),
                _("a name with spaces or signs needs quotes: `{name}` …").format(name=column.name),
            )
        operator, is_denied = _OPERATORS[self.next.text]
        token = self.take()
        if operator == "~":
            regex = self._read(token.start + len(token.text), _REGEX)
            if regex.kind == "regex":
                operator, self.next = "/", regex
        value = _plain(token := self.value())
        if not value and operator != "=":
            self.next = token
            self.fail(_("the value is empty"), _("= '' finds rows without a value, != '' others"))
        test = Test(column, operator, [value])
        return Not(test) if is_denied else test

    def membership(self, column: Column) -> Condition:
        """What follows a column before "in" or "not in"."""
        is_denied = self.next.word == "not"
        if is_denied:
            self.take()
        if self.next.word != "in":
            self.fail(_("expected in"), _example())
        self.take()
        self.mark("(")
        values = [_plain(self.value())]
        while self.next.text == "," and self.next.kind == "mark":
            self.take()
            values.append(_plain(self.value()))
        self.mark(")")
        test = Test(column, "=", values)
        return Not(test) if is_denied else test

    def value(self) -> _Token:
        """The value that comes."""
        if self.next.kind not in ("word", "quoted", "regex") or self.next.word:
            self.fail(
                _("expected a value"),
                _("{words} as values need quotes: '…'").format(words=", ".join(_WORDS)),
            )
        return self.take()

    def mark(self, mark: str) -> None:
        """Take a parenthesis."""
        if self.next.kind != "mark" or self.next.text != mark:
            self.fail(_("expected {mark}").format(mark=mark), _example())
        self.take()


def _example() -> str:
    return _("such as: {example}").format(example="rating >= 8 and category in (영화, 여행)")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _plain(token: _Token) -> str:
    """The text of a word or of a quoted name or value, in which a doubled quote is one."""
    if token.kind != "quoted":
        return token.text
    closing = _QUOTES[token.text[0]]
    return token.text[1:-1].replace(closing * 2, closing)
