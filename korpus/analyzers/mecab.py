"""mecab-ko, through the binding of python-mecab-ko (plain MeCab ignores spaces).

The binding's `Tagger.parse(text)` returns one string in a format of our choice. That is several
times faster than a Python object per morpheme, with the same result.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from korpus.analyzers.lemmas.lemma import Pieces, lemmatized
from korpus.analyzers.private import mecab_paths, mecab_tagger
from korpus.analyzers.table import Analysis, Analyzer, Tokens
from korpus.analyzers.words.dictionaries import mecab_dictionary
from korpus.documents.letters import mend_lone

_PLAIN = r"%m\t%f[0]\t"
_KNOWN = "0"  # the statuses of a word in the dictionary: one, this
_WITH_PARTS = r"%M\t%f[0]\t%f[4]\t%f[7]\t"  # %M: the form with the space before it
_COMPOUND_TAGS = ("NNG", "NNP")
_COMPOUND_TYPES = ("Compound", "Preanalysis")
_FIELDS = 4  # of _WITH_PARTS
_NBEST_TRIES = 20  # paths tried per reading, as many paths have the same forms and tags


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load mecab-ko with its dictionary."""
    parts = analysis.lemma or analysis.split_inflect
    knows: Callable[[str], bool] | None = None
    dictionary = None
    if analysis.words:
        statuses = mecab_tagger("%s").parse

        def is_known(form: str) -> bool:
            return bool(statuses(form) == _KNOWN)

        knows = cache(is_known)
        dictionary = mecab_dictionary(analysis.words, is_known)
    tagger = mecab_tagger(_WITH_PARTS if parts else _PLAIN, dictionary)
    parse: Callable[[str], str] = tagger.parse

    def parsed(texts: Iterable[str]) -> Iterable[str]:
        """What MeCab says of texts: with a word table of all of them, before the table's turn.

        If MeCab and the table took turns at each text, they would drive each other out of the
        processor's cache. Strings take little of it.
        """
        if analysis.words:
            texts = list(texts)
            with suppress(Exception):  # raised again where its text comes
                return list(map(parse, texts))
        return map(parse, texts)

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        if not parts:
            return (_tokens(_fields(one)) for one in parsed(texts))
        return finished(_split_inflected(one.split("\t")) for one in parsed(texts))

    def finished(results: Iterable[Pieces]) -> Iterator[Tokens]:
        if analysis.lemma:
            return lemmatized(results, name, analysis.split_derived, analysis.words)
        return ((forms, tags) for forms, tags, _pieces in results)

    def nbest(text: str, count: int) -> list[tuple[Tokens, float]]:
        readings: list[tuple[Tokens, float]] = []
        for fields in _paths(tagger, text, count * _NBEST_TRIES):
            if parts:
                tokens = next(finished([_split_inflected(fields)]))
            else:
                tokens = _tokens_of_parts(fields)
            if all(tokens != known for known, _ in readings):
                # The binding has no cost for paths after the first: the score is minus the rank.
                readings.append((tokens, float(-len(readings))))
            if len(readings) == count:
                break
        return readings

    def compound(form: str, tag: str) -> Tokens | None:
        return _compound(tagger, form, tag) if tag in _COMPOUND_TAGS else None

    return Analyzer(analyze, nbest=nbest, keeps_text=not parts, parts=compound, knows=knows)


def _fields(parsed: str) -> list[str]:
    """The fields of all tokens. Some entries of the dictionary end with a blank: 캘리 ."""
    if " " in parsed:
        return [field.strip() for field in parsed.split("\t")]
    return parsed.split("\t")


def _tokens(fields: list[str]) -> Tokens:
    del fields[-1]  # empty, after the last tab
    return fields[::2], fields[1::2]


def _tokens_of_parts(fields: list[str]) -> Tokens:
    del fields[-1]
    return [form.strip() for form in fields[::4]], fields[1::4]


def _split_inflected(fields: list[str]) -> Pieces:
    """Split fused tokens: 갔/VV+EP has type Inflect and expression `가/VV/*+았/EP/*`."""
    pieces, tags, types = fields[0:-1:4], fields[1::4], fields[2::4]
    forms = [piece.strip() for piece in pieces]
    fused = [i for i, type in enumerate(types) if type == "Inflect"]
    for i in reversed(fused):
        expression = fields[4 * i + 3]
        if _worth_splitting(forms[i], tags[i], expression):
            forms[i : i + 1], tags[i : i + 1], rest = _parts(expression)
            pieces[i + 1 : i + 1] = rest
    return forms, tags, pieces


@lru_cache(maxsize=1 << 14)
def _parts(expression: str) -> Pieces:
    """Forms and tags in an expression, and no text for all but the first."""
    parts = [part.rsplit("/", 2) for part in mend_lone(expression).split("+")]
    return [part[0] for part in parts], [part[1] for part in parts], [""] * (len(parts) - 1)


def _compound(tagger: Any, form: str, tag: str) -> Tokens | None:
    """The parts of a noun in the dictionary, in an expression like `한국/NNG/*+은행/NNG/*`."""
    for fields in _paths(tagger, form, _NBEST_TRIES):
        if len(fields) == _FIELDS + 1 and fields[1] == tag:
            if fields[2] not in _COMPOUND_TYPES:
                return None
            forms, tags, _pieces = _parts(fields[3])
            return forms[:], tags[:]
    return None


def _worth_splitting(form: str, tag: str, expression: str) -> bool:
    """Whether to replace a token of type Inflect by its expression.

    With a single tag, the expression may be the regular stem (낫 for 나/VA), but also another
    spelling (몰론 for 물론, 재밌 for 재미있). Spelling is not changed here.
    """
    if "+" in tag:
        return True
    return tag.startswith("V") and len(expression.split("/")[0]) == len(form)


def _paths(tagger: Any, text: str, most: int) -> Iterator[list[str]]:
    """The best paths, at most `most`, each as the fields of _WITH_PARTS."""
    for path in islice(mecab_paths(tagger, text), most):
        fields: list[str] = []
        for surface, feature in path:
            features = feature.split(",")
            fields += (surface, features[0], features[4], features[7])
        yield [*fields, ""]
