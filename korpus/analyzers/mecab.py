"""mecab-ko, through the binding of python-mecab-ko (plain MeCab ignores spaces).

The binding's `Tagger.parse(text)` returns one string in a format of our choice. That is several
times faster than a Python object per morpheme, with the same result.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from korpus.analyzers.lemma import lemmatized
from korpus.analyzers.private import mecab_paths, mecab_tagger
from korpus.analyzers.table import Analysis, Analyzer, Tokens
from korpus.analyzers.user_dictionaries import mecab_dictionary
from korpus.documents.letters import mend_lone

_PLAIN = r"%m\t%f[0]\t"
_WITH_PARTS = r"%m\t%f[0]\t%f[4]\t%f[7]\t"
# Some stems lose their ㄹ before ㄴ, ㅂ, ㅅ, and mecab gives them without it: 만드/VV 는/ETM. Stems
# in 드 or 도 always are such stems. Of all others in 300,000 film reviews, only these are not also
# the stem of another verb (they occur before -는, never before -고, -지, -다).
_LOST_RIEUL_ENDS = ("드", "도")
_LOST_RIEUL = {
    *("아", "우", "거", "여", "터", "노", "머무", "비트", "내미", "들이미"),
    *("치미", "허무", "뒹구", "내모", "휩쓰", "베푸", "못사", "이끄", "잡아끄"),
}
_RIEUL = ord("들") - ord("드")
_NBEST_TRIES = 20  # paths tried per reading, as many paths have the same forms and tags


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load mecab-ko with its dictionary."""
    parts = analysis.lemma or analysis.split_inflect
    tagger = mecab_tagger(_WITH_PARTS if parts else _PLAIN, _dictionary(analysis))
    parse: Callable[[str], str] = tagger.parse
    read = _split_inflected if parts else _tokens

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        results = (read(_fields(parse(text))) for text in texts)
        return lemmas(results) if analysis.lemma else results

    def lemmas(results: Iterable[Tokens]) -> Iterator[Tokens]:
        return lemmatized(map(_with_rieul, results), name)

    def nbest(text: str, count: int) -> list[tuple[Tokens, float]]:
        readings: list[tuple[Tokens, float]] = []
        for fields in _paths(tagger, text, count * _NBEST_TRIES):
            tokens = _split_inflected(fields) if parts else _tokens_of_parts(fields)
            if analysis.lemma:
                tokens = next(lemmas([tokens]))
            if all(tokens != known for known, _ in readings):
                # The binding has no cost for paths after the first: the score is minus the rank.
                readings.append((tokens, float(-len(readings))))
            if len(readings) == count:
                break
        return readings

    return Analyzer(analyze, nbest=nbest, keeps_text=not parts)


def _dictionary(analysis: Analysis) -> Path | None:
    if analysis.words is None:
        return None
    plain = mecab_tagger(_PLAIN)
    return mecab_dictionary(
        analysis.words, lambda form: len(_tokens(_fields(plain.parse(form)))[0])
    )


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
    return fields[::4], fields[1::4]


def _split_inflected(fields: list[str]) -> Tokens:
    """Split fused tokens: 갔/VV+EP has type Inflect and expression `가/VV/*+았/EP/*`."""
    forms: list[str] = []
    tags: list[str] = []
    for i in range(0, len(fields) - 1, 4):
        form, tag, type, expression = fields[i : i + 4]
        if type != "Inflect" or not _worth_splitting(form, tag, expression):
            forms.append(form)
            tags.append(tag)
            continue
        parts = _parts(expression)
        forms += parts[0]
        tags += parts[1]
    return forms, tags


@lru_cache(maxsize=1 << 14)
def _parts(expression: str) -> Tokens:
    """Forms and tags in an expression."""
    parts = [part.rsplit("/", 2) for part in mend_lone(expression).split("+")]
    return [part[0] for part in parts], [part[1] for part in parts]


def _worth_splitting(form: str, tag: str, expression: str) -> bool:
    """Whether to replace a token of type Inflect by its expression.

    With a single tag, the expression may be the regular stem (낫 for 나/VA), but also another
    spelling (몰론 for 물론, 재밌 for 재미있). Spelling is not changed here.
    """
    if "+" in tag:
        return True
    return tag.startswith("V") and len(expression.split("/")[0]) == len(form)


def _with_rieul(tokens: Tokens) -> Tokens:
    """Restore the ㄹ that a stem lost: 만드/VV → 만들/VV."""
    forms, tags = tokens
    return [
        form[:-1] + chr(ord(form[-1]) + _RIEUL)
        if tag in ("VV", "VA") and (form in _LOST_RIEUL or form.endswith(_LOST_RIEUL_ENDS))
        else form
        for form, tag in zip(forms, tags, strict=True)
    ], tags


def _paths(tagger: Any, text: str, most: int) -> Iterator[list[str]]:
    """The best paths, at most `most`, each as the fields of _WITH_PARTS."""
    for path in islice(mecab_paths(tagger, text), most):
        fields: list[str] = []
        for surface, feature in path:
            features = feature.split(",")
            fields += (surface.strip(), features[0], features[4], features[7])
        yield [*fields, ""]
