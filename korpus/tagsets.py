"""Groups of part-of-speech tags (품사) that mean the same for every analyzer.

Three tagsets are in use: Sejong's (mecab, kiwi, komoran, kkma), Open Korean Text's (okt) and
KAIST's (hannanum). A fused tag such as `VV+EP` belongs to the group of its first
part, and kiwi's `VV-I` to that of `VV`.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from korpus.errors import UsageError

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
# A proper noun is a noun, and MAJ is a 접속 부사: asking for the wider group gets both.
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
# Words of these groups have a dictionary form in -다.
CONJUGATED = {"verb", "adjective", "auxiliary", "copula"}
GROUPS = tuple(SEJONG)
# The analyzers that do not use Sejong tags.
TAGSET_OF = {"okt": OKT, "hannanum": KAIST}
TAGSETS = tuple(
    {tag for tags in tagset.values() for tag in tags.split()} for tagset in (SEJONG, OKT, KAIST)
)


@cache
def tag_groups(analyzer: str | None) -> dict[str, str]:
    """Tag → group for the tagset of an analyzer (Sejong's where the analyzer is not known)."""
    tagset = TAGSET_OF.get(analyzer or "", SEJONG)
    return {tag: group for group, tags in tagset.items() for tag in tags.split()}


def base_tag(tag: str) -> str:
    """The tag that decides the group: the first part of a fused tag, without kiwi's suffix."""
    return tag.partition("+")[0].partition("-")[0]


@cache
def group_of(tag: str, analyzer: str | None) -> str:
    """The group of a tag; a tag that is not in the analyzer's tagset is 'unknown'."""
    return tag_groups(analyzer).get(base_tag(tag), "unknown")


class TagSelection:
    """The tags of one analyzer that belong to some groups and native tags: `tag in selection`.

    `names`: groups (`noun` or 명사), native tags (`NNG`, `Josa`) or fused tags (`VV+EP`).
    Raises UsageError for a name that the analyzer has not.
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
                close = get_close_matches(name, [*GROUPS, *tag_groups(analyzer)], 1)
                raise UsageError(
                    f"{analyzer or 'the Sejong tagset'} has no part of speech (품사) {name!r}",
                    f"did you mean {close[0]}?"
                    if close
                    else f"groups: {', '.join(GROUPS)}; tags: {' '.join(tag_groups(analyzer))}",
                )
        self._known: dict[str, bool] = {}

    def __contains__(self, tag: str) -> bool:
        known = self._known.get(tag)
        if known is None:
            names = {tag, base_tag(tag), group_of(tag, self.analyzer)}
            known = self._known[tag] = not self.names.isdisjoint(names)
        return known
