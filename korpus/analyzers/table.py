"""The table of analyzers. To add one: a file beside this one with `load`, and a line here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from korpus.errors import KorpusError, UsageError

# The forms and the tags of one text, of equal length.
Tokens = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Analysis:
    """How to analyse: the options that an analyzer may or may not offer."""

    lemma: bool = False
    norm: bool = False
    split_inflect: bool = False


@dataclass(frozen=True)
class Analyzer:
    """A loaded analyzer, ready to run.

    `analyze` takes lines that the gate let through and gives the tokens of each, in order.
    `nbest`, where there is one, gives the best different readings of a line and their scores.
    `batch` is how many characters it wants at a time: few for a slow one, many for a fast one.
    """

    analyze: Callable[[Iterable[str]], Iterator[Tokens]]
    batch: int = 1 << 16
    nbest: Callable[[str, int], list[tuple[Tokens, float]]] | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the table: module, package, what to say of it, and the options it offers."""

    module: str
    package: str
    about: str
    options: frozenset[str]


_SPLITS = frozenset({"lemma", "split_inflect"})

ANALYZERS = {
    "mecab": Entry(
        "mecab", "python-mecab-ko", "mecab-ko: instant and fast (the default)", _SPLITS | {"nbest"}
    ),
    "kiwi": Entry("kiwi", "kiwipiepy", "Kiwi: the most accurate", _SPLITS | {"nbest"}),
    "okt": Entry(
        "okt", "konlpy", "Open Korean Text: for social media", frozenset({"lemma", "norm"})
    ),
    "komoran": Entry("komoran", "konlpy", "KOMORAN", _SPLITS),
    "hannanum": Entry("hannanum", "konlpy", "Hannanum (KAIST)", _SPLITS),
    "kkma": Entry("kkma", "konlpy", "Kkma (SNU): fine-grained and slow", _SPLITS),
    "space": Entry("plain", "korpus", "split at white space", frozenset()),
    "char": Entry("plain", "korpus", "split into characters", frozenset()),
}


def load(name: str, analysis: Analysis | None = None) -> Analyzer:
    """Load an analyzer by name.

    Raises UsageError for an unknown name or an option it does not offer, KorpusError where it
    cannot start.
    """
    analysis = analysis or Analysis()
    if name not in ANALYZERS:
        raise UsageError(f"unknown analyzer {name!r}", f"one of: {', '.join(ANALYZERS)}")
    for option in ("lemma", "norm", "split_inflect"):
        if getattr(analysis, option):
            check_option(name, option)
    try:
        module = import_module(f"korpus.analyzers.{ANALYZERS[name].module}")
        analyzer: Analyzer = module.load(name, analysis)
    except KorpusError:
        raise
    except Exception as error:  # what a missing model or a broken install raises differs by binding
        reason = " ".join(str(error).split()) or type(error).__name__
        raise KorpusError(
            f"analyzer {name} cannot start: {reason}", "run: korpus doctor"
        ) from error
    return analyzer


def check_option(name: str, option: str) -> None:
    """Raises UsageError where an analyzer does not offer an option."""
    if option not in ANALYZERS[name].options:
        able = [other for other, entry in ANALYZERS.items() if option in entry.options]
        raise UsageError(
            f"analyzer {name} has no --{option.replace('_', '-')}",
            f"these have: {', '.join(able)}",
        )
