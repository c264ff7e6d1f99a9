"""Join tokens: those of a number, and those of a negated predicate (부정).

좋다 지 않다 → 좋다_않다, 안 좋다 → 안_좋다.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from korpus.analyzers.located import Located
from korpus.analyzers.number_joins import DIGITS, numbers_joined
from korpus.analyzers.spans import Span, align
from korpus.checks import check_choice
from korpus.messages import _, plural
from korpus.records import Counts, split_names
from korpus.tagsets import CONJUGATED, group_of, tag_for

logger = logging.getLogger("korpus")

NEGATION = "negation"
_NUMBER = "number"
_KOREAN = {"부정": NEGATION, "숫자": _NUMBER}
_JOINED = "joined "
_NEGATED = "+NEG"  # ends the tag of a negated predicate
_VERBS = {"않다": "않다", "아니하다": "않다", "못하다": "못하다", "말다": "말다"}
_ADVERBS = {"안", "못"}
_NEGATABLE = ("verb", "adjective")
_NOT_TO_BE = "아니다"
_SIGNS = {*_VERBS, *_ADVERBS, _NOT_TO_BE}
_LIKE_NOUNS = {"가지": "가다"}  # some analyzers take 가지 in 가지 말다 for a noun
_NO_LESS = re.compile(r"못지\s*않")  # 못지않다 is one adjective, and no negation
_JI = re.compile("[지진질짐]")


def join_names(names: str | Sequence[str]) -> tuple[str, ...]:
    """What `--join` names, in the order of the joins. Raises UsageError for an unknown name."""
    given = {_KOREAN.get(name, name) for name in split_names(names)}
    known = (NEGATION, _NUMBER)
    for name in sorted(given):
        check_choice("--join", name, known)
    return tuple(name for name in known if name in given)


@dataclass
class Joins:
    """The joins of the tokens of one analyzer. `names`: see `join_names`."""

    names: tuple[str, ...]
    analyzer: str
    counts: Counts

    def apply(self, text: str, tokens: Located) -> Located:
        """Join tokens of a text. Spans of joined tokens span their parts."""
        if NEGATION in self.names and not _SIGNS.isdisjoint(tokens.forms):
            tokens = self._negations(text, tokens)
        if _NUMBER in self.names and any(map(DIGITS.search, tokens.forms)):
            tokens, number = numbers_joined(text, tokens, self.analyzer)
            self.counts[_JOINED + _NUMBER] += number
        return tokens

    def _negations(self, text: str, tokens: Located) -> Located:
        found = Located([], [])
        spans = tokens.spans
        # okt leaves out the ending 지.
        if not spans and (self.analyzer == "okt" or _NO_LESS.search(text)):
            spans = align(text, tokens.forms)
        spans = spans or [None] * len(tokens.forms)
        for form, tag, span in zip(tokens.forms, tokens.tags, spans, strict=True):
            token = form, tag, span
            group = group_of(tag, self.analyzer)
            first = None
            mark = _NEGATED
            if form == _NOT_TO_BE and group in CONJUGATED:
                first, name = len(found.forms), form
            elif form in _VERBS and (first := self._negated(text, found, span)) is not None:
                name = "_".join([*self._predicates(found, first), _VERBS[form]])
                tag = self._predicate(found, first)[1]
                if _is_no_less(text, found.spans[first], span):
                    name, mark = "못지않다", ""
                if self._is_of_noun(found, first):
                    first -= 2
                    name = "".join(found.forms[first : first + 2]) + name
            elif group in _NEGATABLE and self._is_adverb(found):
                first, name = len(found.forms) - 1, f"{found.forms[-1]}_{form}"
            if first is None:
                _add(found, *token)
                continue
            self.counts[_JOINED + NEGATION] += bool(mark)
            parts = [*found.spans[first:], span]
            _cut(found, first)
            _add(found, name, tag.removesuffix(_NEGATED) + mark, _whole(parts))
        if not tokens.spans:
            found.spans = []
        return found

    def _negated(self, text: str, found: Located, span: Span | None) -> int | None:
        """The position of the predicate before 않다 (좋다 in 좋다 지 는); None without one.

        An auxiliary verb has its main verb before it: 추천하다 고 싶다 지.
        """
        at = len(found.forms) - 1
        if at >= 0 and found.forms[at] in _LIKE_NOUNS:
            return at  # whatever its tag
        while at >= 0 and self._group(found, at) == "particle":
            at -= 1
        if self.analyzer == "okt":
            before = found.spans[at] if at >= 0 else None
            if not (before and span and _JI.search(text, before[0], span[0])):
                return None
        elif at < 0 or found.forms[at] != "지" or self._group(found, at) != "ending":
            return None
        first = self._stem_before(found, at if self.analyzer == "okt" else at - 1)
        while first is not None and self._group(found, first) == "auxiliary":
            main = self._stem_before(found, first - 1)
            if main is None or main == first:
                break
            first = main
        return first

    def _is_of_noun(self, found: Located, at: int) -> bool:
        """Whether a predicate is the 이다 of 현실적이다, which means nothing without its noun."""
        return (
            at > 1
            and found.forms[at - 1 : at + 1] == ["적", "이다"]
            and self._group(found, at - 1) == "suffix"
        )

    def _stem_before(self, found: Located, at: int) -> int | None:
        """The predicate at a place or before the endings there."""
        while at >= 0 and self._group(found, at) == "ending":
            at -= 1
        return at if at >= 0 and self._group(found, at) in CONJUGATED else None

    def _predicates(self, found: Located, first: int) -> list[str]:
        """The dictionary forms from a predicate on: 추천하다, 싶다."""
        last = range(first + 1, len(found.forms))
        others = [found.forms[i] for i in last if self._group(found, i) in CONJUGATED]
        return [self._predicate(found, first)[0], *others]

    def _predicate(self, found: Located, at: int) -> tuple[str, str]:
        form, tag = found.forms[at], found.tags[at]
        if form in _LIKE_NOUNS:
            return _LIKE_NOUNS[form], tag_for("verb", self.analyzer)
        return form, tag

    def _is_adverb(self, found: Located) -> bool:
        """Whether the last token is the adverb 안 or 못, which okt takes for nouns."""
        if not found.forms or found.forms[-1] not in _ADVERBS:
            return False
        group = self._group(found, len(found.forms) - 1)
        return group in ("adverb", "prefix") or (self.analyzer == "okt" and group == "noun")

    def _group(self, found: Located, at: int) -> str:
        return group_of(found.tags[at], self.analyzer)


def _is_no_less(text: str, first: Span | None, last: Span | None) -> bool:
    """Whether a predicate and what negates it are 못지 않다 in the text."""
    return first is not None and last is not None and _NO_LESS.match(text, first[0]) is not None


def _add(found: Located, form: str, tag: str, span: Span | None) -> None:
    found.forms.append(form)
    found.tags.append(tag)
    found.spans.append(span)


def _cut(found: Located, first: int) -> None:
    for values in (found.forms, found.tags, found.spans):
        del values[first:]


def _whole(spans: Sequence[Span | None]) -> Span | None:
    """The span from the first to the last of some."""
    known = [span for span in spans if span]
    return (min(known)[0], max(end for _start, end in known)) if known else None


def log_joined(counts: Counts, names: Sequence[str]) -> None:
    """Log how many joins there were."""
    if NEGATION in names:
        number = plural(counts[_JOINED + NEGATION], "negation")
        logger.info(_("%s, with the tag …+NEG"), number)
    if _NUMBER in names:
        logger.info(_("%s joined"), plural(counts[_JOINED + _NUMBER], "number"))
