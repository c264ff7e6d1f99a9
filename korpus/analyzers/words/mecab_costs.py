"""What a word costs in mecab's dictionary: enough less than its pieces, and no more."""

from functools import cached_property
from typing import Any

from korpus.analyzers.private import mecab_tagger
from korpus.documents.syllables import final

# Names and nouns that mecab knows, without and with a final consonant, and what they cost there.
_KNOWN = {
    ("NNP", False): ("네이버", 2953),
    ("NNP", True): ("아산", 3583),
    ("NNG", False): ("영화", 279),
    ("NNG", True): ("사람", 123),
}
_PARTICLES = {False: ("는", "다", "보다"), True: ("은", "이다", "보다")}
_LESS = 2000  # than its pieces, as other words around it make a difference
_LIMIT = 20_000  # mecab's costs have 16 bits
STRONG = -5000  # for words that are split all the same: it may also split words they are part of


class Costs:
    """Finds the costs of words.

    A word is compared with one that mecab knows, both before the same particles: the difference
    between the costs of the best paths is that between the pieces and the known word.
    """

    def __init__(self) -> None:
        self._costs: dict[str, int] = {}

    @cached_property
    def _tagger(self) -> Any:
        return mecab_tagger("", end_format="%pc")

    def of(self, form: str, tag: str) -> int:
        """The cost of a word with the tag NNP or NNG."""
        has_final = bool(final(form[-1]))
        known, cost = _KNOWN[tag, has_final]
        least = min(
            self._path(form + particle) - self._path_of_known(known + particle)
            for particle in _PARTICLES[has_final]
        )
        return max(-_LIMIT, min(_LIMIT, least + cost - _LESS))

    def _path_of_known(self, text: str) -> int:
        if text not in self._costs:
            self._costs[text] = self._path(text)
        return self._costs[text]

    def _path(self, text: str) -> int:
        return int(self._tagger.parse(text))
