"""Hannanum, through konlpy, with its 22 tags (its 9 do not separate verbs and adjectives)."""

from collections.abc import Iterator
from unicodedata import normalize

from korpus.analyzers import jvm
from korpus.analyzers.konlpy_taggers import Morphemes, in_words, konlpy_analyzer
from korpus.analyzers.private import hannanum_words
from korpus.analyzers.table import Analysis, Analyzer
from korpus.documents.letters import as_letters
from korpus.tagsets import group_of

_NAME = "hannanum"
_SIGNS = {"punctuation", "symbol"}
# Tokens of these are in the text as they are. Others may be stems and contractions: 가+아 for 가.
_UNCHANGED = {*_SIGNS, "noun", "propernoun", "foreign"}


class TextChanged(Exception):
    """Hannanum's morphemes are not those of the text."""


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Hannanum on the JVM."""
    jvm.start(analysis.java_heap)
    from konlpy.tag import Hannanum

    words = hannanum_words(Hannanum())

    def pos(text: str) -> Morphemes:
        return [pair for _word, pairs in restored(text) for pair in pairs]

    def with_pieces(text: str) -> Morphemes:
        return in_words(restored(text))

    def restored(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for word, forms, tags in words(text):
            yield word, _restored(word, list(zip(forms, tags, strict=True)))

    return konlpy_analyzer(name, analysis, with_pieces if analysis.lemma else pos)


def _restored(word: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The morphemes of a word with the forms that it has.

    Hannanum writes the old Hangul of ᄒᆞᆫ글 as ^ㅎᆞㄴ글, and adds a full stop to some words. Raises
    TextChanged if the form of a morpheme cannot be told from the others.
    """
    if all(_is_in(word, form, tag) for form, tag in pairs):
        return pairs
    pairs = [
        pair for pair in pairs if _is_in(word, *pair) or group_of(pair[1], _NAME) not in _SIGNS
    ]
    wrong = [at for at, pair in enumerate(pairs) if not _is_in(word, *pair)]
    for at in wrong:
        before, after = (
            "".join(form for form, _ in some) for some in (pairs[:at], pairs[at + 1 :])
        )
        form = word.removeprefix(before).removesuffix(after)
        if len(wrong) > 1 or len(before) + len(form) + len(after) != len(word) or not form:
            raise TextChanged(f"{word} → {' '.join(form for form, _ in pairs)}")
        pairs[at] = (form, pairs[at][1])
    return pairs


def _is_in(word: str, form: str, tag: str) -> bool:
    """Whether a morpheme is in its word, at least letter by letter, if it has to be."""
    if form in word or group_of(tag, _NAME) not in _UNCHANGED:
        return True
    return _spelt(form) in _spelt(word)


def _spelt(text: str) -> str:
    return as_letters(normalize("NFD", text))
