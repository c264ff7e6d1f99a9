"""Coding rules (코딩 규칙), an idea of KH Coder: a file of concepts, each a condition on documents.

A condition stands on the line of its name, as in *가격 가격 | 비싸다, or on the lines below.

rules      = {"*" name condition}                     # starts a comment
condition  = alternative {("|" | new line) alternative}
alternative = part {"&" part}
part       = "!" part | "(" condition ")" | word | phrase | near | text | "<*" name ">"
word       = 가격  비싸*  가격/NNG  */NNP  배/noun
phrase     = word "+" word {"+" word}                 one after the other
near       = ("near" | "seq") "(" word "-" word {"-" word} ")" ["[" number "]"]
text       = a string of the text in quotes: '가성비'
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn
from unicodedata import normalize

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.tokens.coding.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Named,
    Near,
    NotThis,
    Phrase,
    Text,
    Word,
)
from korpus.tokens.stopword_lists import split_entry

_DISTANCE = 10  # tokens, unless a rule says another
_MOST_LEVELS = 50  # of parentheses and "!"
_CONCEPT = re.compile(r"[*＊](?P<name>[^\s*/|&!()<>]+)(?=\s|$)")
_QUOTES = {"'": "'", '"': '"', "‘": "’", "“": "”"}
_QUOTED = "|".join(f"{a}[^{b}]*{b}" for a, b in _QUOTES.items())
_TOKEN = re.compile(
    rf"""(?P<mark>[()] | \|\|? | &&? | !) | (?P<quoted>{_QUOTED}) | <[*＊](?P<named>[^\s<>]+)>
    | (?P<near>(?:near|seq)\([^()]*\)(?:\[\d+\])?) | (?P<word>[^\s()|&!<>'"‘’“”]+)
    | (?P<other>\S)""",
    re.VERBOSE,
)
_NEAR = re.compile(r"(?P<kind>near|seq)\((?P<words>[^()]*)\)(?:\[(?P<distance>\d+)\])?")
# The plus of a fused tag (VV+EP) does not join words.
_PLUS = re.compile(r"(?<!/[A-Z])(?<!/[A-Z]{2})(?<!/[A-Z]{3})\+|\+(?![A-Z])")
_OPERATORS = {"||": "|", "&&": "&", "or": "|", "and": "&", "not": "!"}


class CodingRules:
    """Concepts by name, and the words that their conditions ask for.

    `words`: the entries `word` or `word/TAG`, each with its word and tag.
    """

    def __init__(self, text: str) -> None:
        self.concepts: dict[str, Condition] = {}
        self.words: dict[str, tuple[str, str]] = {}
        for name, condition in _Parser(self, normalize("NFC", text)).concepts():
            self.concepts[name] = condition

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.text,)

    text: str = ""


class _Token(NamedTuple):
    kind: str  # mark, quoted, named, near, word, other, end
    text: str
    line: int


class _Parser:
    """Reads rules from the top to the bottom; `next` is the current token."""

    def __init__(self, rules: CodingRules, text: str) -> None:
        rules.text = text
        self.rules = rules
        self.levels = 0
        self.tokens: Iterator[_Token] = iter(())
        self.next = self.last = _Token("end", "", 0)

    def concepts(self) -> Iterator[tuple[str, Condition]]:
        """The concepts in their order. Raises KorpusError where the rules cannot be read."""
        found: list[tuple[str, list[tuple[int, str]]]] = []
        for number, line in enumerate(self.rules.text.splitlines(), 1):
            rule = re.split(r"(?:^|\s)#", line)[0]
            head = _CONCEPT.match(rule)
            if head is not None:
                if head["name"] in (name for name, _lines in found):
                    self._fail(
                        number, _("there is already a concept {name!r}").format(name=head["name"])
                    )
                found.append((head["name"], []))
                rule = rule[head.end() :]
            if rule.strip() and not found:
                self._fail(
                    number,
                    _("there is no concept yet"),
                    _("a concept starts with * and its name: *가격"),
                )
            if found:
                found[-1][1].append((number, rule))
        for name, lines in found:
            yield name, self._condition(name, lines)
        if not found:
            raise KorpusError(
                _("the rules have no concept"), _("a concept starts with * and its name: *가격")
            )

    def _condition(self, name: str, lines: list[tuple[int, str]]) -> Condition:
        self.tokens = (token for number, line in lines for token in _tokens(line, number))
        self.next = _Token("end", "", lines[0][0])
        self.take()
        if self.next.kind == "end":
            self._fail(lines[0][0], _("the concept {name!r} has no condition").format(name=name))
        found = self.any_of()
        if self.next.kind != "end":
            reason = _("{text!r} is not expected here").format(text=self.next.text)
            hint = _("put | or & between two words; a phrase is 배송+빠르다")
            self._fail(self.next.line, reason, hint)
        return found

    def take(self) -> _Token:
        """Consume and return the current token."""
        self.last = self.next
        self.next = next(self.tokens, _Token("end", "", self.last.line))
        return self.last

    def any_of(self) -> Condition:
        """Alternatives; those on lines of their own need no sign."""
        parts = [self.all_of()]
        while self.next.text == "|" or (
            self.next.kind != "end"
            and self.next.text not in ")&"
            and self.next.line > self.last.line
        ):
            if self.next.text == "|":
                self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(parts)

    def all_of(self) -> Condition:
        """Parts that all have to hold."""
        parts = [self.part()]
        while self.next.text == "&":
            self.take()
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def part(self) -> Condition:
        """A word, phrase or the like, or a condition in parentheses."""
        token = self.take()
        if token.text == "!" or token.text == "(":
            self.levels += 1
            if self.levels > _MOST_LEVELS:
                self._fail(
                    token.line, _("more than {limit} levels of ( and !").format(limit=_MOST_LEVELS)
                )
            found = NotThis(self.part()) if token.text == "!" else self.any_of()
            if token.text == "(" and self.take().text != ")":
                self._fail(self.last.line, _("a parenthesis is not closed"))
            self.levels -= 1
            return found
        if token.kind == "quoted":
            return Text(token.text[1:-1])
        if token.kind == "near":
            return self._near(token)
        if token.kind == "named":
            if token.text not in self.rules.concepts:
                self._fail(
                    token.line, _("no concept {name!r} above this line").format(name=token.text)
                )
            return Named(token.text)
        if token.kind == "word":
            words = self._words(_PLUS.split(token.text), token)
            return Word(words[0]) if len(words) == 1 else Phrase(words)
        if token.kind == "end":
            self._fail(token.line, _("the condition ends too early"))
        self._fail(token.line, _("{text!r} is not expected here").format(text=token.text))

    def _near(self, token: _Token) -> Condition:
        found = _NEAR.fullmatch(token.text)
        assert found is not None
        words = self._words(found["words"].split("-"), token)
        if len(words) < 2:
            self._fail(token.line, _("{text!r} needs two words").format(text=token.text),
                       _("such as near(배송-늦다)[5]"))  # fmt: skip
        distance, least = int(found["distance"] or _DISTANCE), len(words) - 1
        if found["distance"] and distance < least:
            reason = _("{text!r} cannot be met").format(text=token.text)
            hint = _("[1] is side by side; {count} words need [{least}] or more")
            self._fail(token.line, reason, hint.format(count=len(words), least=least))
        return Near(words, max(distance, least), found["kind"] == "seq")

    def _words(self, words: list[str], token: _Token) -> list[str]:
        for word in words:
            entry = word.strip()
            if not entry:
                is_phrase = token.kind == "word" and "+" in token.text
                hint = _("a word with signs needs quotes, which search the text: 'C++'")
                self._fail(
                    token.line,
                    _("{text!r} lacks a word").format(text=token.text),
                    hint if is_phrase else None,
                )
            self.rules.words[entry] = split_entry(entry)
        return [word.strip() for word in words]

    def _fail(self, line: int, reason: str, hint: str | None = None) -> NoReturn:
        raise KorpusError(
            _("coding rules, line {line}: {reason}").format(line=line, reason=reason), hint
        )


def _tokens(line: str, number: int) -> Iterator[_Token]:
    for found in _TOKEN.finditer(line):
        kind = found.lastgroup or ""
        text = found[kind]
        if (kind == "word" and text in _OPERATORS) or kind == "mark":
            kind, text = "mark", _OPERATORS.get(text, text)
        yield _Token(kind, text, number)
