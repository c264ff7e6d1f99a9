"""The n best readings of a document."""

from korpus.analyzers.shaping import Shaping
from korpus.analyzers.table import Analyzer
from korpus.records import Record


def readings(tagger: Analyzer, lines: list[str], count: int, shaping: Shaping) -> list[Record]:
    """The best readings of a document: its lines are joined, as readings cannot be."""
    assert tagger.nbest is not None
    text = " ".join(lines)
    found = []
    for (forms, tags), score in tagger.nbest(text, count) if lines else []:
        tokens = shaping.chosen(shaping.apply(text, forms, tags))
        found.append({"tokens": tokens.forms, "tags": tokens.tags, "score": score})
    return found
