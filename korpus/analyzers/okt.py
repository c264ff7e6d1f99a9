"""Open Korean Text, through konlpy. It has its own normaliser (--norm) and stemmer (--lemma)."""

from collections.abc import Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.table import Analysis, Analyzer, Tokens


def load(name: str, analysis: Analysis) -> Analyzer:
    """Okt on the JVM."""
    jvm.start()
    from konlpy.tag import Okt

    okt = Okt()

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            pairs = okt.pos(text, norm=analysis.norm, stem=analysis.lemma)
            yield [form for form, _ in pairs], [tag for _, tag in pairs]

    return Analyzer(analyze)
