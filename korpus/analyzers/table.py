"""The table of analyzers. To add one: a file beside this one with `load`, and a line here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version

from korpus.errors import KorpusError, UsageError
from korpus.signals import signals_delayed

# The forms and the tags of one text, of equal length.
Tokens = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Analysis:
    """How to analyse: the options that an analyzer may or may not offer."""

    lemma: bool = False
    norm: bool = False
    split_inflect: bool = False
    java_heap: str = ""


@dataclass(frozen=True)
class Analyzer:
    """A loaded analyzer, ready to run.

    `analyze` takes lines that the gate let through and gives the tokens of each, in order.
    `nbest`, where there is one, gives the best different readings of a line and their scores.
    `keeps_text`: whether the forms are the line, but for its blanks.
    """

    analyze: Callable[[Iterable[str]], Iterator[Tokens]]
    nbest: Callable[[str, int], list[tuple[Tokens, float]]] | None = None
    keeps_text: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the table.

    `module`, `package`: where it is. `options`: those it offers.
    `batch`: how many characters it takes at a time, about a tenth of a second's work. `longest`:
    how many it takes in one call, and `run`: without a blank between them, before its time grows
    out of hand. `workers`: whether it gains from several worker processes; kiwi runs threads of
    its own. `warm_up`: how many batches one process does before it pays to load it in others.
    `retire`: after how many batches its worker makes room for a new one, as Java's
    memory grows; it takes a quarter of an hour and more.
    """

    module: str
    package: str
    options: frozenset[str]
    batch: int
    longest: int = 1 << 13
    run: int | None = None
    workers: bool = True
    warm_up: int = 16
    retire: int | None = None


# Those that are packages of their own.
_DICTIONARIES = {"mecab": ["python-mecab-ko-dic"], "kiwi": ["kiwipiepy_model"]}
_SPLITS = frozenset({"pos", "lemma", "split_inflect"})
_ON_JAVA = _SPLITS | {"java_heap"}

ANALYZERS = {
    "mecab": Entry("mecab", "python-mecab-ko", _SPLITS | {"nbest"}, 1 << 15, warm_up=2),
    "kiwi": Entry("kiwi", "kiwipiepy", _SPLITS | {"nbest"}, 1 << 17, workers=False),
    "okt": Entry(
        "okt",
        "konlpy",
        frozenset({"pos", "lemma", "norm", "java_heap"}),
        1 << 12,
        longest=2000,
        run=150,
        retire=5000,
    ),
    "komoran": Entry("komoran", "konlpy", _ON_JAVA, 1 << 13, longest=2000, retire=5000),
    "hannanum": Entry("hannanum", "konlpy", _ON_JAVA, 1 << 11, longest=2000, run=150, retire=5000),
    "kkma": Entry("kkma", "konlpy", _ON_JAVA, 1 << 9, longest=500, run=100, retire=2000),
    "space": Entry("plain", "korpus", frozenset(), 1 << 18, workers=False),
    "char": Entry("plain", "korpus", frozenset(), 1 << 18, workers=False),
}


def load(name: str, analysis: Analysis | None = None) -> Analyzer:
    """Load an analyzer by name.

    Raises UsageError for an unknown name or an option it does not offer, KorpusError where it
    cannot start.
    """
    analysis = analysis or Analysis()
    check(name, analysis)
    try:
        with signals_delayed():
            module = import_module(f"korpus.analyzers.{ANALYZERS[name].module}")
        analyzer: Analyzer = module.load(name, analysis)
        list(analyzer.analyze(["가"]))  # some load the rest with the first text
    except KorpusError:
        raise
    except Exception as error:  # what a missing model or a broken install raises differs by binding
        reason = " ".join(str(error).split()) or type(error).__name__
        raise KorpusError(
            f"analyzer {name} cannot start: {reason}", "run: korpus doctor"
        ) from error
    return analyzer


def entry(name: str) -> Entry:
    """The line of the table for an analyzer. Raises UsageError where there is none."""
    if name not in ANALYZERS:
        raise UsageError(f"unknown analyzer {name!r}", f"one of: {', '.join(ANALYZERS)}")
    return ANALYZERS[name]


def versions(name: str) -> dict[str, str]:
    """The versions of what decides what an analyzer gives."""
    packages = [ANALYZERS[name].package, *_DICTIONARIES.get(name, ())]
    return {package: version(package) for package in packages}


def check(name: str, analysis: Analysis) -> None:
    """Raises UsageError for an unknown analyzer or an option it does not offer."""
    entry(name)
    for option in ("lemma", "norm", "split_inflect", "java_heap"):
        if getattr(analysis, option):
            check_option(name, option)


def check_option(name: str, option: str) -> None:
    """Raises UsageError where an analyzer does not offer an option."""
    if option not in ANALYZERS[name].options:
        able = [other for other, entry in ANALYZERS.items() if option in entry.options]
        raise UsageError(
            f"analyzer {name} has no --{option.replace('_', '-')}",
            f"these have: {', '.join(able)}",
        )
