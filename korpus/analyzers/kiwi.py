"""Kiwi, through kiwipiepy: many texts per call, analysed by its own threads, in order."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from kiwipiepy import Token

from korpus.analyzers.lemmas.lemma import Pieces, lemmatized
from korpus.analyzers.table import Analysis, Analyzer, Tokens
from korpus.analyzers.words.dictionaries import kiwi_known
from korpus.documents.kiwi import start
from korpus.documents.letters import mend_lone
from korpus.documents.syllables import final
from korpus.tagsets import CONJUGATED, group_of, tag_for

_FIRST_PART, _AFTER_PARTS = "\u1100", "\u1200"  # Kiwi has the ㄴ of 예쁘+ㄴ as part of a syllable
_MANY = 10_000  # forms: to tokenize more takes longer than to read Kiwi's whole dictionary
_letters = lru_cache(maxsize=1 << 10)(mend_lone)


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Kiwi with its default model, for all cores. It always splits fused words (갔다)."""
    kiwi = start()

    def known(forms: list[str]) -> Iterator[str]:
        if len(forms) > _MANY:
            own = _forms(kiwi)
            forms = [form for form in forms if form in own]
        for form, found in zip(forms, kiwi.tokenize(forms), strict=True):
            # Morphemes that Kiwi has not are empty.
            if len(found) == 1 and kiwi.morpheme(found[0].id).form == form:
                yield form

    added = []
    if analysis.words:
        has = kiwi_known(analysis.words, known)
        # A word that Kiwi has keeps the tag that Kiwi gives it.
        added = [
            word
            for word in analysis.words.words
            if word.is_kept_whole and (word.tag or word.score or word.form not in has)
        ]
    for word in added:  # only now: Kiwi builds its model again, in 1.5 s, when it is next asked
        kiwi.add_user_word(word.form, tag_for(word.tag or "propernoun", name), word.score)

    def results(texts: Iterable[list[Token]]) -> Iterator[Tokens]:
        if analysis.lemma:
            return lemmatized(
                map(_with_pieces, texts), name, analysis.split_derived, analysis.words
            )
        return map(_tokens, texts)

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        return results(kiwi.tokenize(texts))

    def nbest(text: str, count: int) -> list[tuple[Tokens, float]]:
        readings: list[tuple[Tokens, float]] = []
        for found, score in kiwi.analyze(text, top_n=count):
            tokens = next(results([found]))
            if all(tokens != known for known, _ in readings):
                readings.append((tokens, score))
        return readings

    def parts(form: str, tag: str) -> Tokens | None:
        text, more = _in_context(form, group_of(tag, name), analysis.lemma)
        whole, split = (kiwi.tokenize(text, split_complex=each) for each in (False, True))
        if len(whole) != 1 + more or whole[0].tag != tag or len(split) <= len(whole):
            return None
        forms, tags = next(results([split]))
        after = len(forms) - more
        return (forms[:after], tags[:after]) if after > 1 else None

    return Analyzer(analyze, nbest=nbest, parts=parts)


def _forms(kiwi: Any) -> set[str]:
    """The forms of all morphemes in Kiwi's dictionary, whose numbers follow each other."""
    forms = set()
    with suppress(ValueError):  # the number is out of range
        for number in itertools.count():
            forms.add(kiwi.morpheme(number).form)
    return forms


def _tokens(found: list[Token]) -> Tokens:
    forms = [token.form for token in found]
    # Not compatible_jamo=True, which takes syllables of old Hangul apart.
    return [_letters(form) if _FIRST_PART <= form < _AFTER_PARTS else form for form in forms], [
        token.tag for token in found
    ]


def _in_context(form: str, group: str, is_lemma: bool) -> tuple[str, int]:
    """A text in which a token is read as such, and how many tokens follow it there."""
    if group in CONJUGATED:
        return (form if is_lemma else form + "다"), 1
    if group in ("noun", "propernoun"):
        return form + ("을" if final(form[-1]) else "를"), 1
    return form, 0


def _with_pieces(found: list[Token]) -> Pieces:
    """Tokens, and of their text only where words begin: Kiwi's stems need no more."""
    pieces, end = [], 0
    for token in found:
        pieces.append(" " * (token.start > end))
        end = max(end, token.start + token.len)
    return *_tokens(found), pieces
