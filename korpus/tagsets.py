"""Groups of part-of-speech tags (품사) that mean the same for every analyzer.

There are four tagsets: Sejong (mecab, kiwi, komoran, kkma), Open Korean Text (okt), KAIST
(hannanum) and UPOS, the tags of Universal Dependencies (CoNLL-U, stanza), whose words are eojeol. A
fused tag such as `VV+EP` belongs to the group of its first part, and kiwi's `VV-I` to the group of
`VV`. Numbers and emoticons are known by their form too, as most tagsets have no tag for them: ㅋㅋ
is IC, SW, NA or NC, and 10 is NR or NN.
"""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import compress
from operator import call

from korpus.errors import UsageError
from korpus.messages import _

SEJONG = {
    "noun": "NNG NF",
    "propernoun": "NNP",
    "boundnoun": "NNB NNBC NNM",
    "pronoun": "NP",
    "numeral": "NR",
    "verb": "VV NV",
    "adjective": "VA",
    "auxiliary": "VX VXV VXA",
    "copula": "VCP VCN",
    "determiner": "MM MDT MDN",
    "adverb": "MAG",
    "conjunction": "MAJ MAC",
    "interjection": "IC",
    "particle": "JKS JKC JKG JKO JKB JKM JKV JKI JKQ JX JC",
    "ending": "EP EPH EPT EPP EF EFN EFQ EFO EFA EFI EFR EC ECE ECD ECS ETM ETN ETD",
    "prefix": "XPN XPV",
    "suffix": "XSN XSV XSA XSM",
    "root": "XR",
    "foreign": "SL OL SH OH",
    "number": "SN ON",
    "punctuation": "SF SP SS SSO SSC SC SE SO",
    "symbol": "SY SW SB",
    "emoticon": "EMO W_EMOJI",
    "web": "W_URL W_EMAIL W_HASHTAG W_MENTION W_SERIAL",
    "unknown": "UNKNOWN UN NA Z_CODA Z_SIOT USER0 USER1 USER2 USER3 USER4",
}
OKT = {
    "noun": "Noun",
    "propernoun": "ProperNoun",
    "verb": "Verb",
    "adjective": "Adjective",
    "determiner": "Determiner Modifier",
    "adverb": "Adverb",
    "conjunction": "Conjunction",
    "interjection": "Exclamation",
    "particle": "Josa",
    "ending": "Eomi PreEomi",
    "prefix": "NounPrefix VerbPrefix",
    "suffix": "Suffix",
    "foreign": "Alpha Foreign",
    "number": "Number",
    "punctuation": "Punctuation",
    "emoticon": "KoreanParticle",
    "web": "Hashtag ScreenName Email URL CashTag",
    "unknown": "Unknown",
}
KAIST = {
    "noun": "NC",
    "propernoun": "NQ",
    "boundnoun": "NB",
    "pronoun": "NP",
    "numeral": "NN",
    "verb": "PV",
    "adjective": "PA",
    "auxiliary": "PX",
    "copula": "JP",
    "determiner": "MM",
    "adverb": "MA",
    "interjection": "II",
    "particle": "JC JX",
    "ending": "EP EC EF ET",
    "prefix": "XP",
    "suffix": "XS",
    "foreign": "F",
    "punctuation": "SP SF SL SR SD SE",
    "symbol": "SU SY S",
}
# fmt: off
UPOS = {
    "noun": "NOUN", "propernoun": "PROPN", "pronoun": "PRON", "numeral": "NUM", "verb": "VERB",
    "adjective": "ADJ", "auxiliary": "AUX", "determiner": "DET", "adverb": "ADV",
    "conjunction": "CCONJ SCONJ", "interjection": "INTJ", "particle": "ADP PART",
    "punctuation": "PUNCT", "symbol": "SYM", "unknown": "X",
}
# fmt: on
# `noun` includes proper nouns, and `adverb` conjunctive adverbs (접속부사, MAJ). `term` (용어): all
# that names a thing, for topics and keywords.
TERM = "term"
WIDER = {
    "noun": {"noun", "propernoun"},
    "adverb": {"adverb", "conjunction"},
    TERM: {"noun", "propernoun", "foreign", "root"},
}
KOREAN = {
    "용어": TERM,
    "명사": "noun",
    "고유명사": "propernoun",
    "의존명사": "boundnoun",
    "대명사": "pronoun",
    "수사": "numeral",
    "동사": "verb",
    "형용사": "adjective",
    "보조용언": "auxiliary",
    "지정사": "copula",
    "관형사": "determiner",
    "부사": "adverb",
    "접속부사": "conjunction",
    "감탄사": "interjection",
    "조사": "particle",
    "어미": "ending",
    "접두사": "prefix",
    "접미사": "suffix",
    "어근": "root",
    "외국어": "foreign",
    "숫자": "number",
    "이모티콘": "emoticon",
}
# Groups whose words have a dictionary form ending in -다.
CONJUGATED = {"verb", "adjective", "auxiliary", "copula"}
GROUPS = tuple(SEJONG)
# What `--pos` and lists of stopwords take: groups, and wider ones.
CHOICES = (*GROUPS, TERM)
# Groups that a token belongs to by its form, and those whose tags are right whatever the form: ㄴ
# is a particle or an ending.
BY_FORM = ("number", "emoticon")
_WHATEVER_FORM = {
    *("particle", "ending", "prefix", "suffix", "copula", "verb", "adjective", "auxiliary"),
    *BY_FORM,
}
_NUMBER = re.compile(r"\d+(?:[.,:/~-]\d+)*%?")
# Single letters (ㅋㅋ, ㅠㅠ, ㅇㅇ), ^^, ;; or emoji with nothing but signs; or :) and T_T.
_EMOTICON = re.compile(
    r"(?=.*(?:[ㄱ-ㅎㅏ-ㅣ\U0001f000-\U0001faff\u2639-\u263b♡♥❤]|\^.?\^|;;))[ㄱ-ㅎㅏ-ㅣ\W_]+"
    r"|[:;=]['-]?[()DPp]+|[TOo>]_+[TOo<]"
)
_NONE: list[str] = []
NEVER: Callable[[str], int] = _NONE.count  # the fastest function that is false for any token
_CACHE_SIZE = 1 << 16  # decisions kept per tag, so that memory does not grow with the input
_FIRST_SYLLABLE, _AFTER_SYLLABLES = "가", "\ud7a4"
# Analyzers with a tagset other than Sejong.
TAGSET_OF = {"okt": OKT, "hannanum": KAIST, "conllu": UPOS, "stanza": UPOS}
_TAGSETS = (SEJONG, OKT, KAIST, UPOS)
TAGSETS = tuple({tag for tags in tagset.values() for tag in tags.split()} for tagset in _TAGSETS)


@cache
def tag_groups(analyzer: str | None) -> dict[str, str]:
    """Tag → group for an analyzer's tagset (Sejong if the analyzer is unknown)."""
    tagset = TAGSET_OF.get(analyzer or "", SEJONG)
    return {tag: group for group, tags in tagset.items() for tag in tags.split()}


def base_tag(tag: str) -> str:
    """The first part of a fused tag, without kiwi's suffix: `VV+EP` and `VV-I` give `VV`."""
    return tag.partition("+")[0].partition("-")[0]


@cache
def group_of(tag: str, analyzer: str | None) -> str:
    """The group of a tag; 'unknown' if the tag is not in the analyzer's tagset."""
    return tag_groups(analyzer).get(base_tag(tag), "unknown")


def group_by_form(form: str) -> str | None:
    """The group of a number (10, 3.5) or an emoticon (ㅋㅋ, ^^, emoji) by its form, else None."""
    if _FIRST_SYLLABLE <= form < _AFTER_SYLLABLES:  # most tokens
        return None
    if _NUMBER.fullmatch(form):
        return "number"
    return "emoticon" if _EMOTICON.fullmatch(form) else None


@cache
def groups_of(tag: str, analyzer: str | None) -> tuple[str, ...]:
    """The groups that tokens of a tag may be in: that of the tag, and those known by form."""
    group = group_of(tag, analyzer)
    return (group,) if group in _WHATEVER_FORM else (group, *BY_FORM)


def group_named(name: str) -> str | None:
    """The group that a name of a group (noun, 명사) or a tag of any analyzer means, else None."""
    name = KOREAN.get(name, name)
    if name in GROUPS:
        return name
    for tagset in _TAGSETS:
        for group, tags in tagset.items():
            if base_tag(name) in tags.split():
                return group
    return None


@cache
def tag_for(name: str, analyzer: str) -> str:
    """The tag that an analyzer has for a group or for a tag of another analyzer."""
    tagset = TAGSET_OF.get(analyzer, SEJONG)
    if base_tag(name) in tag_groups(analyzer):
        return name
    group = group_named(name)
    return tagset.get(group or "noun", tagset["noun"]).split()[0]


class TagSelection:
    """Parts of speech of one analyzer, chosen by groups and tags.

    `names`: groups (`noun` or 명사), the analyzer's own tags (`NNG`, `Josa`) or fused tags
    (`VV+EP`). Raises UsageError for a name that the analyzer does not know.
    """

    def __init__(self, names: Iterable[str], analyzer: str | None) -> None:
        self.analyzer = analyzer
        self.names: set[str] = set()
        for given in names:
            name = KOREAN.get(given, given)
            if name in CHOICES:
                self.names |= WIDER.get(name, {name})
            elif base_tag(name) in tag_groups(analyzer):
                self.names.add(name)
            else:
                raise _unknown(name, analyzer)
        self._stays = _TagAnswers(self)

    def selects(self, tag: str, group: str) -> bool:
        """Whether tokens of a tag that are in a group are selected."""
        return not self.names.isdisjoint((tag, base_tag(tag), group))

    @cached_property
    def foreign_left_out(self) -> list[str]:
        """The tags of foreign words, if nouns are selected and these are not; else none."""
        tags = tag_groups(self.analyzer)
        foreign = [tag for tag, group in tags.items() if group == "foreign"]
        return [tag for tag in foreign if "noun" in self.names and not self.selects(tag, "foreign")]

    def has(self, form: str, tag: str) -> bool:
        """Whether a token is selected."""
        return bool(self._stays[tag](form))

    def pick(self, forms: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
        """Forms and tags of the tokens that are selected."""
        stay = list(map(call, map(self._stays.__getitem__, tags), forms))
        return list(compress(forms, stay)), list(compress(tags, stay))


class _TagAnswers(dict[str, Callable[[str], bool | int]]):
    """For each tag, the function that decides whether a selection has a token."""

    def __init__(self, selection: TagSelection) -> None:
        self.selection = selection

    def __missing__(self, tag: str) -> Callable[[str], bool | int]:
        selects, analyzer = self.selection.selects, self.selection.analyzer
        own = group_of(tag, analyzer)
        answers = {selects(tag, group) for group in groups_of(tag, analyzer)}
        if len(answers) > 1:
            by_form = FormDecisions(lambda form: selects(tag, group_by_form(form) or own))
            self[tag] = by_form.__getitem__
        else:
            self[tag] = len if True in answers else NEVER  # every token has a length
        return self[tag]


class FormDecisions(dict[str, bool]):
    """Whether a token of one tag stays: decided once per form, then looked up."""

    def __init__(self, stays: Callable[[str], bool]) -> None:
        self.stays = stays

    def __missing__(self, form: str) -> bool:
        if type(form) is not str:
            raise TypeError
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[form] = stays = self.stays(form)
        return stays


def _unknown(name: str, analyzer: str | None) -> UsageError:
    message = _("{analyzer} has no part of speech (품사) {name!r}")
    close = get_close_matches(name, [*CHOICES, *tag_groups(analyzer)], 1)
    if close:
        hint = _("did you mean {name}?").format(name=close[0])
    else:
        hint = _("groups: {groups}; tags: {tags}").format(
            groups=", ".join(CHOICES), tags=" ".join(tag_groups(analyzer))
        )
    return UsageError(message.format(analyzer=analyzer or _("the Sejong tagset"), name=name), hint)
