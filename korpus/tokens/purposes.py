"""What a method needs: the parts of speech (품사) that stay for topics, keywords and sentiment."""

from typing import NamedTuple

from korpus.checks import check_choice
from korpus.tagsets import GROUPS


class Purpose(NamedTuple):
    """`groups`: parts of speech that stay. `keep`: entries that stay against all other rules."""

    groups: frozenset[str]
    keep: tuple[str, ...] = ()

    @property
    def drop_pos(self) -> tuple[str, ...]:
        """The parts of speech that go."""
        return tuple(group for group in GROUPS if group not in self.groups)


_NAMES = {"noun", "propernoun", "root", "foreign"}
_CONTENT = {*_NAMES, "verb", "adjective", "unknown"}
# 않다, 못하다, 말다, 없다, 아니다, 안, 못 in every tagset, also joined to a predicate (싶다_않다):
# without them 좋지 않다 counts as 좋다.
_JOINED = ("안_*", "못_*", "*_않다", "*_못하다", "*_말다")
_JOINED_TAGS = ("verb", "adjective", "auxiliary", "copula")
NEGATION = (
    *("않*/auxiliary", "않*/verb", "않*/adjective", "못*/auxiliary", "못*/verb", "못*/adjective"),
    *(
        "말*/auxiliary",
        "마*/auxiliary",
        "맙*/auxiliary",
        "말다/verb",
        "없*/adjective",
        "없*/XS",
    ),
    *("아*/copula", "아니*/adjective", "아닌*/adjective", "아닙*/adjective", "아닐*/adjective"),
    *("아냐*/adjective", "아녜*/adjective", "안/adverb", "못/adverb", "안/prefix", "못/prefix"),
    *("안/Noun", "못/Noun"),
    *(f"{word}/{tag}" for tag in _JOINED_TAGS for word in _JOINED),
)
PURPOSES = {
    "topics": Purpose(frozenset(_CONTENT)),
    "keywords": Purpose(frozenset(_NAMES)),
    "sentiment": Purpose(frozenset(_CONTENT | {"adverb", "interjection", "emoticon"}), NEGATION),
}


def purpose_of(name: str) -> Purpose:
    """The purpose of a name. Raises UsageError for an unknown one."""
    check_choice("--for", name, PURPOSES)
    return PURPOSES[name]
