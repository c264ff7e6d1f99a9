"""What a word costs in mecab's dictionary: enough less than its pieces, and no more."""

from collections.abc import Sequence

from korpus.analyzers.private import mecab_tagger
from korpus.documents.syllables import ends_in_vowel

# Names and nouns that mecab knows, by whether they end in a vowel, and what they cost there.
_KNOWN = {
    ("NNP", True): ("네이버", 2953),
    ("NNP", False): ("아산", 3583),
    ("NNG", True): ("영화", 279),
    ("NNG", False): ("사람", 123),
}
_PARTICLES = {True: ("는", "다", "보다"), False: ("은", "이다", "보다")}
_LESS = 2000  # than its pieces, as other words around it make a difference
_LIMIT = 20_000  # mecab's costs have 16 bits
STRONG = -5000  # for words that are split all the same: it may also split words they are part of


def mecab_costs(words: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The costs of words that mecab does not know, each a form and NNP or NNG.

    A word is compared with one that mecab knows, both before the same particles: the difference
    between the costs of the best paths is that between the pieces and the known word.
    """
    parse = mecab_tagger("", end_format="%pc").parse
    costs = {}
    for (tag, ends), (known, known_cost) in _KNOWN.items():
        forms = [form for form, its in words if its == tag and ends_in_vowel(form) == ends]
        differences = []
        for particle in _PARTICLES[ends]:
            path = int(parse(known + particle))
            paths = map(parse, [form + particle for form in forms])
            differences.append([int(one) - path for one in paths])
        for form, least in zip(forms, map(min, *differences), strict=True):
            costs[form, tag] = max(-_LIMIT, min(_LIMIT, least + known_cost - _LESS))
    return costs
