"""Dictionary forms of verbs and adjectives (용언), for analyzers that give stems."""

from collections.abc import Iterable, Iterator

from korpus.analyzers.table import Tokens
from korpus.tagsets import CONJUGATED, group_of


def lemmatized(results: Iterable[Tokens], analyzer: str) -> Iterator[Tokens]:
    """Add -다 to stems of verbs, adjectives, auxiliaries and the copula: 가/VV → 가다/VV."""
    for forms, tags in results:
        yield (
            [
                form + "다" if group_of(tag, analyzer) in CONJUGATED else form
                for form, tag in zip(forms, tags, strict=True)
            ],
            tags,
        )
