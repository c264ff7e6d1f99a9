"""Groups of part-of-speech tags (품사) that mean the same for every analyzer.

There are three tagsets: Sejong (mecab, kiwi, komoran, kkma), Open Korean Text (okt) and KAIST
(hannanum). A fused tag such as `VV+EP` belongs to the group of its first part, and kiwi's `VV-I`
to the group of `VV`.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

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
    "symbol": "SY SW SB W_EMOJI",
    "emoticon": "EMO",
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
# `noun` includes proper nouns, and `adverb` conjunctive adverbs (접속부사, MAJ).
WIDER = {"noun": {"noun", "propernoun"}, "adverb": {"adverb", "conjunction"}}
KOREAN = {
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
}
# Groups whose words have a dictionary form ending in -다.
CONJUGATED = {"verb", "adjective", "auxiliary", "copula"}
GROUPS = tuple(SEJONG)
# Analyzers with a tagset other than Sejong.
TAGSET_OF = {"okt": OKT, "hannanum": KAIST}
TAGSETS = tuple(
    {tag for tags in tagset.values() for tag in tags.split()} for tagset in (SEJONG, OKT, KAIST)
)


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


class TagSelection:
    """A set of tags of one analyzer, chosen by groups and tags: `tag in selection`.

    `names`: groups (`noun` or 명사), the analyzer's own tags (`NNG`, `Josa`) or fused tags
    (`VV+EP`). Raises UsageError for a name that the analyzer does not know.
    """

    def __init__(self, names: Iterable[str], analyzer: str | None) -> None:
        self.analyzer = analyzer
        self.names: set[str] = set()
        for given in names:
            name = KOREAN.get(given, given)
            if name in GROUPS:
                self.names |= WIDER.get(name, {name})
            elif base_tag(name) in tag_groups(analyzer):
                self.names.add(name)
            else:
                raise _unknown(name, analyzer)
        self._known: dict[str, bool] = {}

    def __contains__(self, tag: str) -> bool:
        known = self._known.get(tag)
        if known is None:
            names = {tag, base_tag(tag), group_of(tag, self.analyzer)}
            known = self._known[tag] = not self.names.isdisjoint(names)
        return known


def _unknown(name: str, analyzer: str | None) -> UsageError:
    message = _("{analyzer} has no part of speech (품사) {name!r}")
    close = get_close_matches(name, [*GROUPS, *tag_groups(analyzer)], 1)
    if close:
        hint = _("did you mean {name}?").format(name=close[0])
    else:
        hint = _("groups: {groups}; tags: {tags}").format(
            groups=", ".join(GROUPS), tags=" ".join(tag_groups(analyzer))
        )
    return UsageError(message.format(analyzer=analyzer or _("the Sejong tagset"), name=name), hint)
