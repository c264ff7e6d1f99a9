"""Three ways to find candidates for new words (신조어): kiwi's, cohesion, and nouns together."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from korpus.analyzers.table import Tokens
from korpus.analyzers.words.eojeols import Eojeols
from korpus.documents.kiwi import start
from korpus.tagsets import group_of

LONGEST = 10  # characters of a candidate
_KIWI_SCORE = 0.1  # the least; kiwi's default of 0.25 leaves out nearly all
_COHESION = 0.05  # the least
_ENTROPY = 0.5  # the least, in nats
_NPMI = 0.3  # the least
_MOST_NOUNS = 4  # in a compound
_NOUNS = {"NNG", "NNP", "XR", "SL"}
_LATER_NOUNS = {*_NOUNS, "XSN"}
_DERIVED = {"들", "적", "님", "분", "때", "씩"}  # make no new words: 배우들, 감동적
_PREDICATES = {"verb", "adjective", "auxiliary"}
_BEFORE_WORDS = {*_PREDICATES, "particle", "ending", "copula", "determiner"}
_KNOWN_NOUNS = {"noun", "propernoun", "boundnoun", "pronoun"}
_TAILS = {"particle", "ending", "copula"}
_INFLECTED = 0.5  # a stem occurs without a tail at least so often, for each time with it
_LITTLE = 30  # occurrences of a known noun with a particle that prove nothing
_NOUN_LIKE = 0.5  # the least share of particles in what follows
_ENDS = 0.2  # the least share of eojeols in which a compound is not part of something longer
_SURE = 0.7  # nats: a form that ends like an inflected word has to be followed by more than that
# What follows nouns, but hardly verbs.
_PARTICLE_LIST = """
은 는 이 가 을 를 의 에 도 만 로 으로 와 과 랑 이랑 하고 나 이나 에서 에게 에겐
한테 께 께서 보다 처럼 까지 부터 마다 밖에 조차 마저 라도 이라도 대로 만큼 에는 에도
에서는 에서도 으로는 으로도 로는 로도 로서 으로서 로써 으로써 와는 과는 보다는 까지도
만의 만은 이다 입니다 이고 임 인 인데 이며 이라 이라는 이란 이었다 였다
이네 이네요 들 들이 들은 들의 들도 들을 들과 들에게
"""
_PARTICLES = set(_PARTICLE_LIST.split())
_WORD = re.compile("[0-9A-Za-z가-힣]+")
_CERTAIN = {"들", *(particle for particle in _PARTICLES if len(particle) > 1)}
Analyze = Callable[[Iterable[str]], Iterator[Tokens]]
Scores = dict[str, float]


def kiwi_words(texts: Iterable[str], min_count: int) -> Scores:
    """Words that kiwi extracts (`Kiwi.extract_words`), with its score.

    It scores strings by cohesion and branching, and by how much like nouns they are used.
    """
    found = start().extract_words(texts, min_count, LONGEST, _KIWI_SCORE)
    return {
        form: min(1.0, score) for form, score, _count, _noun_score in found if _WORD.fullmatch(form)
    }


def cohesive_words(eojeols: Eojeols, min_count: int) -> Scores:
    """Strings at the start of eojeols that hold together, and where the entropy rises.

    A word ends where what comes next is less certain than one character before (Jin &
    Tanaka-Ishii 2006), so 뉴진스 is a candidate, but not 뉴진 or 뉴진스가. What follows has to be
    particles for the most part, else it is the stem of a verb. The score is cohesion × H / (1 + H).
    """
    found: Scores = {}
    before = first = None
    for length, these in enumerate(eojeols.prefixes(LONGEST), 1):
        if before is None or first is None:
            before = first = these
            continue
        parents = np.searchsorted(before.rows, these.rows, "right") - 1
        firsts = first.counts[np.searchsorted(first.rows, these.rows, "right") - 1]
        cohesions = (these.counts / firsts) ** (1 / (length - 1))
        chosen = (these.counts >= min_count) & (cohesions >= _COHESION)
        chosen &= these.entropies >= _ENTROPY
        if length > 2:  # after one character nearly anything may come
            chosen &= these.entropies > before.entropies[parents]
        scores = cohesions * these.entropies / (1 + these.entropies)
        forms = eojeols.forms(these.rows[chosen], length)
        for form, score in zip(forms, scores[chosen], strict=True):
            if _is_like_a_noun(eojeols, form):
                found[form] = float(score)
        before = these
    return found


def _is_like_a_noun(eojeols: Eojeols, form: str) -> bool:
    particles, _alone, others = _followed(eojeols, form)
    return particles >= _NOUN_LIKE * (particles + others)


def _is_whole(eojeols: Eojeols, form: str) -> bool:
    """False for 에니메이, which is always followed by 션."""
    particles, alone, others = _followed(eojeols, form)
    return particles + alone >= _ENDS * (particles + alone + others)


def _followed(eojeols: Eojeols, form: str) -> tuple[int, int, int]:
    """How often a form is followed by a particle, by nothing, and by something else."""
    particles = alone = others = 0
    for rest, count in eojeols.rests(form):
        if not rest:
            alone += count
        elif rest in _PARTICLES:
            particles += count
        else:
            others += count
    return particles, alone, others


def noun_compounds(eojeols: Eojeols, analyze: Analyze, min_count: int) -> Scores:
    """Nouns that stand together in eojeols more often than by chance: 캠핑+장.

    The score is the normalised pointwise mutual information of two or more nouns (Bouma 2009),
    ln(p(x…z) / (p(x) … p(z))) / (-(n-1) ln p(x…z)), with shares of all nouns that begin
    eojeols or follow such nouns.
    """
    nouns: Counter[str] = Counter()
    compounds: Counter[tuple[str, ...]] = Counter()
    forms, counts = zip(*eojeols.rows(), strict=True) if len(eojeols.keys) else ((), ())
    for (tokens, tags), count in zip(analyze(forms), counts, strict=True):
        allowed = _NOUNS
        together = 0
        for token, tag in zip(tokens, tags, strict=True):
            if tag not in allowed or token in _DERIVED or token in _PARTICLES:
                break
            nouns[token] += count
            together += 1
            allowed = _LATER_NOUNS
        for size in range(2, min(together, _MOST_NOUNS) + 1):
            compounds[tuple(tokens[:size])] += count
    total = nouns.total()
    found: Scores = {}
    for parts, count in compounds.items():
        form = "".join(parts)
        if count < min_count or len(form) > LONGEST:
            continue
        surprise = -math.log(count / total)
        expected = -sum(math.log(nouns[part] / total) for part in parts)
        npmi = (expected - surprise) / ((len(parts) - 1) * surprise)
        if npmi >= _NPMI and _is_whole(eojeols, form):
            found[form] = max(npmi, found.get(form, 0))
    return found


def is_unknown(form: str, analyze: Analyze, eojeols: Eojeols) -> bool:
    """Whether a form may be a word that mecab does not know.

    It is not if mecab gives one token, nor if it is a stem with a particle or an ending (최고가,
    재밌었) that is more frequent without it, nor words without the space between them (좋은영화),
    the second of which is as frequent alone.
    """
    parts, tags = next(analyze([form]))
    if len(parts) < 2 or form[0].isdigit() or form.isascii():
        return False
    groups = [[group_of(part, "mecab") for part in tag.split("+")] for tag in tags]
    if groups[0][0] in _PREDICATES and all(
        group[-1] in _PREDICATES or group[-1] == "ending" for group in groups[1:]
    ):
        return False
    count = eojeols.count(form)
    for at in range(1, len(parts)):
        stem, rest = "".join(parts[:at]), "".join(parts[at:])
        joins_words = groups[at - 1][-1] in _BEFORE_WORDS or groups[at][0] in _PREDICATES
        if joins_words and _elsewhere(eojeols, rest) >= count:
            return False
        is_inflected = all(map(_is_tail, parts[at:], tags[at:], groups[at:]))
        if is_inflected and _elsewhere(eojeols, stem, rest) >= _INFLECTED * count:
            return False
        has_particles = at == 1 and all(group[0] in _TAILS for group in groups[1:])
        if has_particles and count < _LITTLE and groups[0][-1] in _KNOWN_NOUNS:
            return False  # 낮에: mecab knows the noun, and it is too rare to tell otherwise
    # Alone, mecab may split it elsewhere: 주인+공의.
    ends = [end for end in range(1, len(form)) if form[end:] in _PARTICLES]
    if (min(ends, default=0) > 1 or form.endswith("다")) and eojeols.entropy(form) < _SURE:
        return False
    return not any(
        len(next(analyze([form[:end]]))[0]) == 1
        and (
            form[end:] in _CERTAIN
            or (end > 1 and _elsewhere(eojeols, form[:end], form[end:]) >= _INFLECTED * count)
        )
        for end in ends
    )


def _is_tail(part: str, tag: str, groups: list[str]) -> bool:
    """Whether a token after a stem inflects it, or makes no new word of it."""
    return groups[0] in _TAILS or tag.startswith(("XSA", "XSV")) or part in _DERIVED


def _elsewhere(eojeols: Eojeols, stem: str, tail: str = "") -> int:
    """How often a stem occurs without a tail. One syllable has to be a word of its own."""
    if len(stem) > 1:
        return eojeols.count(stem) - (eojeols.count(stem + tail) if tail else 0)
    return sum(
        count
        for rest, count in eojeols.rests(stem)
        if not rest or (rest in _PARTICLES and not (tail and rest.startswith(tail)))
    )
