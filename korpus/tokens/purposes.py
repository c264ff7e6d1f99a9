"""What a method needs: the parts of speech (품사) that stay for topics, keywords and sentiment."""

from typing import NamedTuple

from korpus.errors import UsageError
from korpus.messages import _
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
# 않다, 못하다, 아니다, 없다, 안, 못, 말다: without them 좋지 않다 counts as 좋다.
_NEGATION = (
    *("않*/auxiliary", "못하*/auxiliary", "못했*/auxiliary", "못한*/auxiliary", "못해*/auxiliary"),
    *("말/auxiliary", "않*/verb", "않*/adjective", "아니*/copula", "아닌*/copula", "아닙*/copula"),
    *("아니*/adjective", "아닌*/adjective", "아닙*/adjective", "안/adverb", "못/adverb"),
    "못/prefix",
)
PURPOSES = {
    "topics": Purpose(frozenset(_CONTENT)),
    "keywords": Purpose(frozenset(_NAMES)),
    "sentiment": Purpose(frozenset(_CONTENT | {"adverb", "interjection", "emoticon"}), _NEGATION),
}


def purpose_of(name: str) -> Purpose:
    """The purpose of a name. Raises UsageError for an unknown one."""
    if name not in PURPOSES:
        raise UsageError(
            _("{option} {value} is unknown").format(option="--for", value=name),
            _("one of: {names}").format(names=", ".join(PURPOSES)),
        )
    return PURPOSES[name]
