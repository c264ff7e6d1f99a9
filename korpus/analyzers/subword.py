"""The analyzer `subword`: pieces of words by a tokenizer that was trained on a corpus."""

from collections.abc import Iterable, Iterator

from korpus.analyzers.table import Analysis, Analyzer, Tokens


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load a tokenizer. Forms are as in the text; pieces that go on a word have the tag ##."""
    subwords = analysis.subwords
    assert subwords is not None

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            found = subwords.pieces(text)
            yield found.forms, found.tags

    return Analyzer(analyze)
