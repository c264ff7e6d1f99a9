"""Open Korean Text, through konlpy, with its own normaliser (--norm) and stemmer (--lemma)."""

from collections.abc import Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer, Tokens

_SEPARATOR = "\x01"  # in no token, as the gate removes control characters


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Okt on the JVM. The tokens of a text come from Java as one string, for speed."""
    jvm.start(analysis.java_heap)
    import jpype
    from konlpy.tag import Okt

    tokenize = java_object(Okt()).tokenize
    norm, stem = jpype.java.lang.Boolean(analysis.norm), jpype.java.lang.Boolean(analysis.lemma)
    join = jpype.java.lang.String.join

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            joined = str(join(_SEPARATOR, tokenize(text, norm, stem)))
            parts = [token.rpartition("/") for token in joined.split(_SEPARATOR)] if joined else []
            yield [form for form, _, _ in parts], [tag for _, _, tag in parts]

    return Analyzer(analyze, keeps_text=not (analysis.norm or analysis.lemma))
