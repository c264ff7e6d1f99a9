"""The short way through a word table: for texts in which its words are tokens already."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from itertools import compress, count, islice
from typing import NamedTuple
from unicodedata import normalize

from korpus.analyzers.words.effects import KEPT, TORN
from korpus.analyzers.words.particles import Particles
from korpus.records import Counts

_MOST_KNOWN = 1 << 16


class Touch(NamedTuple):
    """What a table has to do with tokens of one form.

    `key`: the name of its count; empty if the form is no word of the table. `tag`: the tag that the
    table gives it; None: it keeps its own. `longer`: the words that begin with it, also without
    their spaces, by their next character. `is_cut`: whether a word may end inside it. `may_follow`:
    whether what has a tag may follow it directly; None: whatever the analyzer says follows it.
    """

    key: str
    tag: str | None
    longer: dict[str, list[tuple[str, str]]]
    is_cut: bool
    may_follow: Mapping[str, bool] | None


class Shortcut(dict[str, Touch | None]):
    """Tells for each form what the table has to do with it, None for most.

    `tags`: the words, with the tags that the table gives. `can_be_cut`: whether a word may end
    inside a token. `knows`: whether the analyzer knows a word without the table. `is_name`,
    `is_after`, `is_after_known`: by the tag of a token, whether it may be a word, and whether it
    may follow one, or one that is in the analyzer's dictionary.
    """

    def __init__(
        self,
        tags: dict[str, str | None],
        can_be_cut: Callable[[str], bool],
        knows: Callable[[str], bool],
        is_name: Mapping[str, bool],
        is_after: Mapping[str, bool],
        is_after_known: Mapping[str, bool],
        particles: Particles,
    ) -> None:
        self._tags = tags
        self._sorted = sorted(tags)
        self._cuttable = {form for form in tags if can_be_cut(form)}
        self._knows = knows
        self._is_name = is_name
        self._is_after, self._is_after_known = is_after, is_after_known
        self._particles = particles
        self._torn: list[str] = []  # words with which new forms begin, to be counted

    def __missing__(self, form: str) -> Touch | None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        longer = self._longer(form)
        shorter = [form[:end] for end in range(1, len(form)) if form[:end] in self._tags]
        is_cut = not self._cuttable.isdisjoint(shorter)
        self._torn += shorter
        is_word = form in self._tags
        touch = None
        if is_word or longer or is_cut:
            key = KEPT + form if is_word else ""
            touch = Touch(key, self._tags.get(form), longer, is_cut, self._after(form))
        self[form] = touch
        return touch

    def _longer(self, form: str) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for at in count(bisect_left(self._sorted, form)):
            if at == len(self._sorted) or not self._sorted[at].startswith(form):
                return found
            word = self._sorted[at]
            if word != form:
                letters = word.replace(" ", "")
                found.setdefault(word[len(form) :].lstrip()[0], []).append((word, letters))
        return found

    def _after(self, form: str) -> Mapping[str, bool] | None:
        if form in self._cuttable:
            return self._is_after
        return None if form not in self._tags or self._knows(form) else self._is_after_known

    def apply(self, text: str, forms: list[str], tags: list[str], counts: Counts) -> bool:
        """Give the words among the tokens their tags, if no more is to be done to the text.

        False, and nothing is done, where a word may be several tokens or part of one.
        """
        touches = list(map(self.__getitem__, forms))
        last = len(forms) - 1
        found: list[str] = []
        tagged: list[tuple[int, str]] = []
        for at, touch in compress(enumerate(touches), touches):
            key, given, longer, is_cut, may_follow = touch  # type: ignore[misc]  # none is None
            if is_cut:
                return False
            words = longer.get(forms[at + 1][0]) if longer and at < last else None
            if words and self._may_begin(text, forms, at, words):
                return False
            if not key or not self._is_name[tags[at]]:
                continue
            follows = at == last or may_follow is None or may_follow[tags[at + 1]]
            if not follows and self._may_have_particles(text, forms[at], forms[at + 1]):
                return False
            found.append(key)
            if given is not None:
                tagged.append((at, given))
        for key in found:
            counts[key] += 1
        if self._torn:
            counts.update([TORN + form for form in self._torn])
            self._torn.clear()
        for at, given in tagged:
            tags[at] = given
        return True

    def _may_begin(
        self, text: str, forms: list[str], at: int, words: list[tuple[str, str]]
    ) -> bool:
        """Whether one of some words of several tokens begins with a token and may be kept whole."""
        text = normalize("NFC", text)
        for word, letters in words:
            rest = letters
            for form in islice(forms, at, None):
                if len(rest) <= len(form) or not rest.startswith(form):
                    break
                rest = rest[len(form) :]
            if form.startswith(rest) and word in text:
                if form == rest or word in self._cuttable:
                    return True
                self._torn.append(word)
        return False

    def _may_have_particles(self, text: str, form: str, after: str) -> bool:
        """Whether the token after a word may be particles all the same."""
        text, together = normalize("NFC", text), form + after
        start = text.find(together)
        if start < 0:
            return False
        if text.find(together, start + 1) >= 0:
            return True
        if start and text[start - 1].isalnum():
            return False
        end = start + len(form)
        last = end
        while last < len(text) and text[last].isalnum():
            last += 1
        return self._particles.split(form[-1], text[end:last]) is not None
