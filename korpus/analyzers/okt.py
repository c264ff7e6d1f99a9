"""Open Korean Text, through konlpy, with its own normaliser (--norm); --lemma mends its stemmer."""

import re
from collections.abc import Iterable, Iterator

from korpus.analyzers import jvm
from korpus.analyzers.lemmas.okt import Lemmas, OktToken
from korpus.analyzers.private import java_object
from korpus.analyzers.table import Analysis, Analyzer, Tokens

_SEPARATOR = "\x01"  # in no token, as the gate removes control characters
_TOKEN = re.compile(r"(.*)\((\w+)(?:\(([^()]*)\))?: \d+, \d+\)", re.DOTALL)


def load(name: str, analysis: Analysis) -> Analyzer:
    """Load Okt on the JVM. The tokens of a text come from Java as one string, for speed."""
    jvm.start(analysis.java_heap)
    if analysis.lemma:
        return _with_lemmas(analysis)
    import jpype
    from konlpy.tag import Okt

    tokenize = java_object(Okt()).tokenize
    norm, stem = jpype.java.lang.Boolean(analysis.norm), jpype.java.lang.Boolean(False)
    join = jpype.java.lang.String.join

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            joined = str(join(_SEPARATOR, tokenize(text, norm, stem)))
            parts = [token.rpartition("/") for token in joined.split(_SEPARATOR)] if joined else []
            yield [form for form, _, _ in parts], [tag for _, _, tag in parts]

    return Analyzer(analyze, keeps_text=not analysis.norm)


def _with_lemmas(analysis: Analysis) -> Analyzer:
    """Okt with its stems and spaces, which konlpy does not give together."""
    import jpype

    okt = jpype.JClass("org.openkoreantext.processor.OpenKoreanTextProcessorJava")
    provider = jpype.JClass("org.openkoreantext.processor.util.KoreanDictionaryProvider$")
    dictionary = getattr(provider, "MODULE$")

    def stems(part: str) -> list[str]:
        lines = dictionary.readFileByLineFromResources(f"{part}/{part}.txt")
        return str(lines.mkString(" ")).split()

    lemmas = Lemmas(stems("verb"), stems("adjective"), analysis.split_derived)

    def tokens(text: str) -> Iterator[OktToken]:
        space = " "
        for shown in str(okt.tokenize(text).mkString(_SEPARATOR)).split(_SEPARATOR):
            if found := _TOKEN.fullmatch(shown):
                form, tag, lemma = found.groups()
                if tag == "Space":
                    space = " "
                    continue
                is_known = tag != "Noun" or form[-1] != "*"
                form = form if is_known else form[:-1]
                yield OktToken(form, tag, lemma or form, space + form, is_known)
                space = ""

    def analyze(texts: Iterable[str]) -> Iterator[Tokens]:
        for text in texts:
            given = str(okt.normalize(text)) if analysis.norm else text
            yield lemmas.of(list(tokens(given)))

    return Analyzer(analyze)
