"""The n best readings of a document."""

from korpus.analyzers.fold import fold as fold_forms
from korpus.analyzers.joins import Joins
from korpus.analyzers.located import Located
from korpus.analyzers.table import Analyzer
from korpus.records import Record
from korpus.tagsets import TagSelection


def readings(
    tagger: Analyzer,
    lines: list[str],
    count: int,
    wanted: TagSelection | None,
    joins: Joins | None,
    fold: bool,
) -> list[Record]:
    """The best readings of a document: its lines are joined, as readings cannot be."""
    assert tagger.nbest is not None
    text = " ".join(lines)
    found = []
    for (forms, tags), score in tagger.nbest(text, count) if lines else []:
        if joins:
            tokens = joins.apply(text, Located(forms, tags))
            forms, tags = tokens.forms, tokens.tags
        if fold:
            forms = fold_forms(forms)
        if wanted:
            forms, tags = wanted.pick(forms, tags)
        found.append({"tokens": forms, "tags": tags, "score": score})
    return found
