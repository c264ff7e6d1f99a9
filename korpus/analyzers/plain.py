"""Analyzers without a dictionary: `space` splits at white space, `char` into characters."""

from collections.abc import Iterable, Iterator

from korpus.analyzers.table import Analysis, Analyzer, Tokens

SPACE, CHAR = UNTAGGED = ("space", "char")


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load `space` or `char`. All tags are empty."""

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            forms = text.split() if name == SPACE else list("".join(text.split()))
            yield forms, [""] * len(forms)

    return Analyzer(analyze, keeps_text=True)
