"""Seed words of topics: `경제: 물가 금리 환율`, a topic per line."""

import logging
import re
from collections.abc import Mapping, Sequence
from unicodedata import normalize

from korpus.errors import KorpusError
from korpus.messages import _, listed, plural

logger = logging.getLogger("korpus")

Seeds = dict[str, list[str]]

_LINE = re.compile(r"\s*([^:：]*?)\s*[:：]\s*(.*?)\s*")
_MOST = 10  # words in messages
_EXAMPLE = "경제: 물가 금리 환율"


def seeds_of(given: str | Mapping[str, Sequence[str]]) -> Seeds:
    """The seed words of each topic, from the text of a file or from a mapping.

    In a text: a topic per line, its name, a colon, and words with spaces or commas between them.
    Empty lines and lines that start with # are skipped. Raises KorpusError for a line of another
    form, a name without words or that is a number or given twice, and a word of two topics.
    """
    pairs = _pairs(given) if isinstance(given, str) else list(given.items())
    seeds: Seeds = {}
    topic_of: dict[str, str] = {}
    for raw, raw_words in pairs:
        name = normalize("NFC", raw)
        words = list(dict.fromkeys(normalize("NFC", word) for word in raw_words))
        if name.isdigit():
            raise KorpusError(
                _("seed words: {name!r} is a number, as topics without a name have").format(
                    name=name
                ),
                _("name the topic, such as: {example}").format(example=_EXAMPLE),
            )
        if name in seeds:
            raise KorpusError(
                _("seed words: the topic {name!r} is given twice").format(name=name),
                _("write all its words in one line"),
            )
        if not words:
            raise KorpusError(
                _("seed words: the topic {name!r} has no words").format(name=name),
                _("such as: {example}").format(example=_EXAMPLE),
            )
        for word in words:
            if word in topic_of:
                raise KorpusError(
                    _("seed words: {word!r} is a word of two topics, {one} and {other}").format(
                        word=word, one=topic_of[word], other=name
                    ),
                    _("leave it out of one"),
                )
            topic_of[word] = name
        seeds[name] = words
    if not seeds:
        raise KorpusError(
            _("seed words: there is no topic"), _("such as: {example}").format(example=_EXAMPLE)
        )
    return seeds


def check_known(seeds: Seeds, terms: list[str]) -> None:
    """Log seed words that are not among the terms; KorpusError if a topic has no other."""
    known = set(terms)
    unknown = [word for words in seeds.values() for word in words if word not in known]
    for name, words in seeds.items():
        if known.isdisjoint(words):
            raise KorpusError(
                _("no seed word of the topic {name!r} occurs: {words}").format(
                    name=name, words=listed(words, _MOST)
                ),
                _("seed words are tokens as korpus morph makes them, and --min-df keeps them"),
            )
    if unknown:
        logger.warning(
            _("%s of %d not among the terms: %s"),
            plural(len(unknown), "seed word"),
            sum(map(len, seeds.values())),
            listed(unknown, _MOST),
        )


def _pairs(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or not match[1]:
            raise KorpusError(
                _("seed words, line {number}: {line!r} is not a name, a colon and words").format(
                    number=number, line=line.strip()[:40]
                ),
                _("such as: {example}").format(example=_EXAMPLE),
            )
        found.append((match[1], match[2].replace(",", " ").split()))
    return found
