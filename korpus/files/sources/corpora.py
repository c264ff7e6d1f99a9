"""konlpy's own corpora: `kolaw`, the constitution; `kobill`, ten bills (both public domain)."""

from korpus.errors import UsageError
from korpus.messages import _

CORPORA = ("kobill", "kolaw")


def corpus_files(corpus: str) -> list[tuple[str, str]]:
    """(path, file name) of each text of a corpus, by name. Raises UsageError for another name."""
    if corpus not in CORPORA:
        raise UsageError(
            _("unknown corpus {name!r}").format(name=corpus),
            _("one of: {names}").format(names=", ".join(CORPORA)),
        )
    from konlpy.corpus import CorpusLoader

    loader = CorpusLoader(corpus)
    return [
        (loader.abspath(name), name) for name in sorted(loader.fileids()) if name.endswith(".txt")
    ]
