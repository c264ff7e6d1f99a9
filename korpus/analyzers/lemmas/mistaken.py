"""Forms of verbs and adjectives that analyzers take for other words: 이어/MAG, 매워/NA."""

from collections.abc import Iterator

from korpus.analyzers.lemmas.conjugation import with_eo
from korpus.analyzers.lemmas.irregular import (
    DIGUT,
    SIOS,
    with_biup,
    words,
)
from korpus.analyzers.lemmas.neighbours import BEFORE_EO
from korpus.documents.syllables import ends_in_vowel, final, medial, with_final, with_medial
from korpus.tagsets import CONJUGATED, group_of, tag_for

Tokens = tuple[list[str], list[str], list[str]]  # forms, tags, pieces: see `Pieces`
Verb = tuple[str, list[tuple[str, str]]]  # a stem, and its endings with their tags

MISTAKEN = ("komoran", "kkma", "hannanum")  # these take irregular verbs for other words
_EO = (("", "EC"), ("서", "EC"), ("도", "EC"), ("야", "EC"), ("요", "EF"))
_AS_NOUNS = {"noun", "propernoun", "unknown", "pronoun", "numeral"}
_OBJECT = ("을", "를", "ㄹ")
_ADVERBS = frozenset({"이어"})  # adverbs too, but not after an object
# Pronouns with a particle, but after these objects forms of 날다 and 널다.
_LIKE_PRONOUNS = {
    "나는": ("날", words("하늘 공중 허공 상공 창공")),
    "너는": ("널", words("빨래 빨랫감 이불 옷 담요 수건 고추 시래기 기저귀")),
}
# Nouns of which one is in each text with such a form.
OBJECTS = frozenset(noun for _stem, nouns in _LIKE_PRONOUNS.values() for noun in nouns)
_NEGATED = ("않", "못하")
_JI = {"진": "ㄴ", "질": "ㄹ"}  # 지 with a particle


def _irregular() -> Iterator[tuple[str, Verb]]:
    """The short forms of verbs in ㅅ and ㄷ whose spelling tells which verb it is: 이어, 깨달아."""
    ambiguous = {stem for pair in BEFORE_EO for stem in pair}
    for stem in (*SIOS, *sorted(DIGUT - ambiguous)):
        for letters in with_eo(stem, False):
            vowel, between, rest = letters.partition("ㄹ")
            base = with_final(vowel, between) + rest if between else letters
            for more, tag in _EO:
                yield base + more, (stem, [(base[-1] + more, tag)])  # 아 or 어
            past = with_final(base, "ㅆ")
            yield past + "다", (stem, [(past[-1], "EP"), ("다", "EF")])


_VERBS = dict(_irregular())
_STEMS = {stem for stem, _endings in _VERBS.values()}


def mended(forms: list[str], tags: list[str], pieces: list[str], analyzer: str) -> Tokens:
    """The tokens of a text, with verbs that the analyzer took for nouns or adverbs.

    Only whole words are changed, and those that it has as a verb or adjective already are not.
    For analyzers that know the irregular verbs, only 나는 and 너는 are.
    """
    knows_verbs = analyzer not in MISTAKEN
    starts = [at for at, piece in enumerate(pieces) if piece[:1] == " " or at == 0]
    found: Tokens = ([], [], [])
    for at, end in zip(starts, [*starts[1:], len(forms)], strict=True):
        word = "".join(pieces[at:end]).strip() or "".join(forms[at:end])
        groups = [group_of(tag, analyzer) for tag in tags[at:end]]
        verb: Verb | None = None
        if CONJUGATED.isdisjoint(groups) or groups[0] in _AS_NOUNS:
            objects = forms[max(0, at - 2) : at - 1] if at and forms[at - 1] in _OBJECT else []
            if stem := like_pronoun(word, objects):
                verb = stem, [("는", "ETM")]
            elif not knows_verbs:
                verb = _verb(word, groups, objects) or _negated(word, groups, forms[end : end + 1])
        if verb is None:
            found[0].extend(forms[at:end])
            found[1].extend(tags[at:end])
            found[2].extend(pieces[at:end])
            continue
        stem, endings = verb
        is_adjective = stem not in _STEMS and endings[0][0] != "는"
        found[0].extend([stem, *(form for form, _tag in endings)])
        found[1].append(tag_for("adjective" if is_adjective else "verb", analyzer))
        found[1].extend(tag_for(tag, analyzer) for _form, tag in endings)
        found[2].extend([f" {word}", *[""] * len(endings)])
    return found


def like_pronoun(word: str, objects: list[str]) -> str | None:
    """The stem of 나는 or 너는 after its object, if that tells that it is a verb."""
    stem, nouns = _LIKE_PRONOUNS.get(word, ("", frozenset()))
    return stem if stem and not nouns.isdisjoint(objects) else None


def _verb(word: str, groups: list[str], objects: list[str]) -> Verb | None:
    """The verb that a word is; `objects`: the noun before the particle before it, if it is 을."""
    if verb := _VERBS.get(word):
        is_verb = bool(objects) if word in _ADVERBS else groups[0] in (*_AS_NOUNS, "adverb")
        return verb if is_verb else None
    if groups != ["unknown"]:
        return None
    for more, tag in _EO:
        base = word.removesuffix(more)
        if (
            len(base) > 1
            and word.endswith(more)
            and ends_in_vowel(base)
            and medial(base[-1]) == "ㅝ"
        ):
            stem = with_biup(with_medial(base, "ㅜ"))
            return (stem, [("어" + more, tag)]) if stem and base[-1] == "워" else None
    return None


def _negated(word: str, groups: list[str], following: list[str]) -> Verb | None:
    """좋진 before 않다: the stem, 지 and a particle."""
    particle = _JI.get(word[-1:])
    is_negated = following and following[0].startswith(_NEGATED)
    if not is_negated or particle is None or len(groups) > 1 or not final(word[:-1] or " "):
        return None
    return word[:-1], [("지", "EC"), (particle, "JX")]
