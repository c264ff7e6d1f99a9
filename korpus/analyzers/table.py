"""The table of analyzers. To add one: a file in this folder with `load`, and a line here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version

from korpus.analyzers.subwords import SUBWORD, Subwords
from korpus.analyzers.words.table import WordTable
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.signals import signals_delayed

# Forms and tags of one text, lists of equal length.
Tokens = tuple[list[str], list[str]]
# Form and tag of a token → the tokens that it is made of, None if it is no compound.
Parts = Callable[[str, str], Tokens | None]


@dataclass(frozen=True)
class Analysis:
    """Options of an analysis. Not every analyzer has all of them."""

    lemma: bool = False
    norm: bool = False
    split_inflect: bool = False
    java_heap: str = ""
    split_derived: bool = False
    words: WordTable | None = None
    subwords: Subwords | None = None


@dataclass(frozen=True)
class Analyzer:
    """A loaded analyzer.

    `analyze` takes lines cleaned by the gate and yields the tokens of each, in order, before it
    takes the next, unless the table says that it looks `ahead`. `nbest`, if
    the analyzer has it, gives the best distinct analyses of a line with their scores, best first.
    `keeps_text`: whether the forms joined are the line without its spaces. `parts`: what its
    dictionary says of compounds (합성어), if it says something. `knows`, if it
    can tell: whether a word is in its own dictionary, and not only in the word table.
    """

    analyze: Callable[[Iterable[str]], Iterator[Tokens]]
    nbest: Callable[[str, int], list[tuple[Tokens, float]]] | None = None
    keeps_text: bool = False
    parts: Parts | None = None
    knows: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the table.

    `module`, `package`: the file here, the package that is installed. `options`: those it has.
    `batch`: characters per batch, about 0.1 s of work. `longest`: maximum characters per call, and
    `run`: without a space; beyond these its time explodes. `workers`: whether several processes
    are faster (kiwi has its own threads). `warm_up`: batches before loading it in more processes
    pays. `retire`: batches before a worker is replaced, since Java's memory grows; this takes at
    least a quarter of an hour. `glues`: whether it makes one word of syllables and single letters
    beside them (감동ㅠㅠ), which are therefore split before. `ahead`: whether it takes more lines
    before it gives the tokens of the first. `takes_words`: whether it has the words of a word table
    in its own dictionary.
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
    glues: bool = False
    ahead: bool = False
    takes_words: bool = False


# Dictionaries in packages of their own.
_DICTIONARIES = {"mecab": ["python-mecab-ko-dic"], "kiwi": ["kiwipiepy_model"]}
_SPLITS = frozenset({"pos", "lemma", "split_inflect", "join"})
_ON_JAVA = _SPLITS | {"java_heap"}

ANALYZERS = {
    "mecab": Entry(
        "mecab",
        "python-mecab-ko",
        _SPLITS | {"nbest", "compound"},
        1 << 15,
        warm_up=2,
        glues=True,
        takes_words=True,
    ),
    "kiwi": Entry(
        "kiwi",
        "kiwipiepy",
        _SPLITS | {"nbest", "compound"},
        1 << 17,
        workers=False,
        ahead=True,
        takes_words=True,
    ),
    "okt": Entry(
        "okt",
        "konlpy",
        frozenset({"pos", "lemma", "join", "norm", "java_heap"}),
        1 << 12,
        longest=2000,
        run=150,
        retire=5000,
    ),
    "komoran": Entry(
        "komoran",
        "konlpy",
        _ON_JAVA,
        1 << 13,
        longest=2000,
        retire=5000,
        glues=True,
        takes_words=True,
    ),
    "hannanum": Entry(
        "hannanum", "konlpy", _ON_JAVA, 1 << 11, longest=2000, run=150, retire=5000, glues=True
    ),
    "kkma": Entry(
        "kkma", "konlpy", _ON_JAVA | {"compound"}, 1 << 9, longest=500, run=100, retire=2000
    ),
    "space": Entry("plain", "korpus", frozenset(), 1 << 18, workers=False),
    "char": Entry("plain", "korpus", frozenset(), 1 << 18, workers=False),
}
# Also one that is nothing without a tokenizer, which the user gives. Its name in documents goes on
# with a digest of that.
_ALL = ANALYZERS | {SUBWORD: Entry(SUBWORD, "tokenizers", frozenset(), 1 << 16)}


def load(name: str, analysis: Analysis | None = None) -> Analyzer:
    """Load an analyzer by name.

    Raises UsageError for an unknown name or an option it does not have, KorpusError if it cannot
    start.
    """
    analysis = analysis or Analysis()
    check(name, analysis)
    try:
        with signals_delayed():
            module = import_module(f"korpus.analyzers.{entry(name).module}")
        analyzer: Analyzer = module.load(name, analysis)
        list(analyzer.analyze(["가"]))  # some finish loading with the first text
    except KorpusError:
        raise
    except Exception as error:  # for a missing model, each binding has its own
        reason = " ".join(str(error).split()) or type(error).__name__
        message = _("analyzer {name} cannot start: {reason}").format(name=name, reason=reason)
        hint = _("run: korpus doctor")
        if "OutOfMemoryError" in reason:
            hint = _("give Java more memory: --java-heap 2g")
        raise KorpusError(message, hint) from error
    return analyzer


def entry(name: str) -> Entry:
    """The line of the table for an analyzer. Raises UsageError for an unknown name."""
    if not is_analyzer(name):
        raise UsageError(
            _("unknown analyzer {name!r}").format(name=name),
            _("one of: {names}").format(names=", ".join([*ANALYZERS, "subword:tokenizer.json"])),
        )
    return _ALL[name.partition(":")[0]]


def is_analyzer(name: str) -> bool:
    """Whether an analyzer has this name, which documents may have in `analyzer`."""
    return name in ANALYZERS or name.partition(":")[0] == SUBWORD


def versions(name: str) -> dict[str, str]:
    """The versions of the packages that determine an analyzer's output."""
    return {package: version(package) for package in packages(name)}


def packages(name: str) -> list[str]:
    """The packages that determine an analyzer's output; none for an unknown name."""
    return [entry(name).package, *_DICTIONARIES.get(name, ())] if is_analyzer(name) else []


def check(name: str, analysis: Analysis) -> None:
    """Raises UsageError for an unknown analyzer or an option it does not have."""
    entry(name)
    if (analysis.subwords.name if analysis.subwords else None) != (
        name if name.startswith(SUBWORD) else None
    ):
        raise UsageError(
            _("{name} needs a tokenizer of subwords").format(name=name),
            _("such as -a subword:tokenizer.json; korpus subword train makes it"),
        )
    for option in ("lemma", "norm", "split_inflect", "java_heap"):
        if getattr(analysis, option):
            check_option(name, option)


def check_option(name: str, option: str) -> None:
    """Raises UsageError if an analyzer does not have an option."""
    if option not in entry(name).options:
        able = [other for other, entry in ANALYZERS.items() if option in entry.options]
        message = _("analyzer {name} has no {option}")
        raise UsageError(
            message.format(name=name, option="--" + option.replace("_", "-")),
            _("these have it: {names}").format(names=", ".join(able)),
        )
