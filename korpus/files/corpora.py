"""konlpy's own corpora: `kolaw`, the constitution; `kobill`, ten bills (both public domain)."""

from korpus.errors import UsageError

CORPORA = ("kobill", "kolaw")


def corpus_files(corpus: str) -> list[tuple[str, str]]:
    """(path, file name) of each text of a corpus, by name. Raises UsageError for another name."""
    if corpus not in CORPORA:
        raise UsageError(f"unknown corpus {corpus!r}", f"one of: {', '.join(CORPORA)}")
    from konlpy.corpus import CorpusLoader

    loader = CorpusLoader(corpus)
    return [
        (loader.abspath(name), name) for name in sorted(loader.fileids()) if name.endswith(".txt")
    ]
