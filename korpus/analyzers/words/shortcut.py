"""The short way through a word table: for texts in which its words are tokens already."""

from bisect import bisect_left
from collections.abc import Callable
from itertools import takewhile
from typing import NamedTuple

from korpus.analyzers.words.effects import KEPT, TORN
from korpus.analyzers.words.particles import Particles
from korpus.records import Counts

_MOST_KNOWN = 1 << 16


class Touch(NamedTuple):
    """What a table has to do with tokens of one form.

    `key`: under which it is counted. `is_word`: whether it is a word itself. `tag`: the tag that
    the table gives it; None: it keeps its own. `longer`: the words that begin with it, by their
    next character. `is_cut`: whether a word may end inside it. `may_follow`: whether what has a
    tag may follow it directly.
    """

    key: str
    is_word: bool
    tag: str | None
    longer: dict[str, list[str]]
    is_cut: bool
    may_follow: Callable[[str], bool]


class Shortcut(dict[str, Touch | None]):
    """Tells for each form what the table has to do with it, None for most.

    `tags`: the words, with the tags that the table gives. `can_be_cut`: whether a word may end
    inside a token. `is_name`, `is_after`, `is_after_known`: by the tag of a token, whether it may
    be a word, and whether it may follow one, or one that the analyzer knows.
    """

    def __init__(
        self,
        tags: dict[str, str | None],
        can_be_cut: Callable[[str], bool],
        is_name: Callable[[str], bool],
        is_after: Callable[[str], bool],
        is_after_known: Callable[[str], bool],
        particles: Particles,
    ) -> None:
        self._tags = tags
        self._sorted = sorted(tags)
        self._cuttable = {form for form in tags if can_be_cut(form)}
        self._is_name = is_name
        self._is_after, self._is_after_known = is_after, is_after_known
        self._particles = particles
        self._torn: list[str] = []  # words with which new forms begin, to be counted

    def __missing__(self, form: str) -> Touch | None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        longer: dict[str, list[str]] = {}
        first = bisect_left(self._sorted, form)
        for word in takewhile(lambda word: word.startswith(form), self._sorted[first:]):
            if word != form:
                longer.setdefault(word[len(form) :].lstrip()[0], []).append(word)
        shorter = [form[:end] for end in range(1, len(form)) if form[:end] in self._tags]
        is_cut = not self._cuttable.isdisjoint(shorter)
        self._torn += shorter
        is_word = form in self._tags
        after = self._is_after if form in self._cuttable else self._is_after_known
        touch = None
        if is_word or longer or is_cut:
            touch = Touch(KEPT + form, is_word, self._tags.get(form), longer, is_cut, after)
        self[form] = touch
        return touch

    def apply(self, text: str, forms: list[str], tags: list[str], counts: Counts) -> bool:
        """Give the words among the tokens their tags, if no more is to be done to the text.

        False, and nothing is done, where a word may be several tokens or part of one.
        """
        found: list[tuple[int, Touch]] = []
        last = len(forms) - 1
        for at, touch in enumerate(map(self.__getitem__, forms)):
            if touch is None:
                continue
            if touch.is_cut:
                return False
            following = forms[at + 1] if at < last else ""
            if following and touch.longer:
                words = touch.longer.get(following[0])
                if words and any(word in text for word in words):
                    return False
            if not touch.is_word or not self._is_name(tags[at]):
                continue
            if following and not touch.may_follow(tags[at + 1]):
                together = forms[at] + following
                if together in text and self._may_have_particles(text, forms[at], together):
                    return False
            found.append((at, touch))
        if self._torn:
            counts.update(TORN + form for form in self._torn)
            self._torn.clear()
        for at, touch in found:
            counts[touch.key] += 1
            if touch.tag is not None:
                tags[at] = touch.tag
        return True

    def _may_have_particles(self, text: str, form: str, together: str) -> bool:
        """Whether what follows a word directly may be particles all the same."""
        start = text.find(together)
        if text.find(together, start + 1) >= 0:
            return True
        if start and text[start - 1].isalnum():
            return False
        end = start + len(form)
        last = end
        while last < len(text) and text[last].isalnum():
            last += 1
        return self._particles.split(form[-1], text[end:last]) is not None
