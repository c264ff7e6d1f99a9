"""Language models as ARPA files, the format of SRILM, KenLM and others."""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

import orjson

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.lm.language_model import END, START, UNKNOWN
from korpus.models.lm.ngram_model import NgramModel, fields_of
from korpus.models.lm.sequences import WORD
from korpus.statistics.backoff import Backoff
from korpus.statistics.ngram_counts import find

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_MARKS = (END, UNKNOWN, START)
_NOTE = "# korpus "  # before the header of the model; other programs skip lines that begin with #
_ZERO = -99.0  # the logarithm of 0
_ESCAPED = re.compile(r"[\s\\]")
_ESCAPE = re.compile(r"\\(x[0-9a-f]+;|.)")
_SECTION = re.compile(r"\\(\d+)-grams:")


def as_arpa(model: NgramModel) -> Iterator[str]:
    """The lines of an ARPA file. Spaces and backslashes in units are escaped.

    The first line holds the header of the model, so that `from_arpa` gives it back whole.
    """
    header = {name: value for name, value in model.header().items() if name != "vocabulary"}
    yield _NOTE + orjson.dumps(header).decode()
    yield "\\data\\"
    ngrams, base = model.ngrams, model.ngrams.base
    for size, codes in enumerate(ngrams.codes, start=1):
        yield f"ngram {size}={len(codes)}"
    words = [*map(_escaped, model.terms), *_MARKS]
    names = words
    for level, codes in enumerate(ngrams.codes):
        if level:
            pairs = zip((codes // base).tolist(), (codes % base).tolist(), strict=True)
            names = [f"{names[before]} {words[last]}" for before, last in pairs]
        yield ""
        yield f"\\{level + 1}-grams:"
        logs = _logs(ngrams.probabilities[level])
        backoffs: Iterable[float | None] = repeat(None)
        if level < len(ngrams.backoffs):
            backoffs = _logs(ngrams.backoffs[level])
        for log, name, backoff in zip(logs, names, backoffs, strict=False):
            weight = "" if not backoff else f"\t{backoff:.12g}"
            yield f"{log:.12g}\t{name}{weight}"
    yield ""
    yield "\\end\\"


def from_arpa(lines: Iterable[str], name: str = "ARPA") -> NgramModel:
    """The model of an ARPA file. That of another program is one of words.

    `name`: of the file, for errors. Raises KorpusError for lines that are not such a file.
    """
    try:
        return _read(lines)
    except (ValueError, LookupError, TypeError) as error:
        raise KorpusError(
            _("{path}: not an ARPA file, or damaged ({error})").format(path=name, error=error),
            _("train a model: korpus lm train tokens.jsonl --arpa lm.arpa"),
        ) from None


@dataclass
class _Section:
    """The n-grams of one length: logarithms, weights, and words as numbers, row after row."""

    logs: "array[float]" = field(default_factory=lambda: array("d"))
    weights: "array[float]" = field(default_factory=lambda: array("d"))
    words: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, log: str, weight: str, words: Iterable[int]) -> None:
        """Add an n-gram."""
        self.logs.append(float(log))
        self.weights.append(float(weight))
        self.words.extend(words)


def _read(lines: Iterable[str]) -> NgramModel:
    import numpy

    note, sizes, sections, number = _parsed(lines)
    if not sections or [len(each.logs) for each in sections] != sizes:
        raise ValueError(_("its numbers of n-grams do not agree"))
    for mark in _MARKS:
        if mark not in number:
            number[mark] = len(number)
            sections[0].add(str(_ZERO), "0", [number[mark]])
    decoded = _unescaped if note else str  # other programs escape nothing
    pairs = sorted((decoded(word), word) for word in number if word not in _MARKS)
    words = [*(word for _term, word in pairs), *_MARKS]
    rank = numpy.empty(len(words), numpy.int64)
    rank[[number[word] for word in words]] = numpy.arange(len(words))
    ngrams = Backoff([], [], [])
    for size, section in enumerate(sections, start=1):
        grams = rank[numpy.asarray(section.words)].reshape(-1, size)
        found = _codes(grams, ngrams.codes, words)
        order = numpy.argsort(found, kind="stable")
        if (numpy.diff(found[order]) <= 0).any():
            raise ValueError(_("an n-gram twice"))
        ngrams.codes.append(found[order])
        ngrams.probabilities.append(_powers(section.logs)[order])
        ngrams.backoffs.append(_powers(section.weights)[order])
    ngrams.backoffs.pop()
    header = _header(note, len(sizes))
    model = NgramModel(
        terms=[term for term, _word in pairs],
        options=header.pop("options"),
        provenance=header,  # type: ignore[arg-type]
        **fields_of(ngrams),
    )
    return NgramModel.restored(model.header(), model.arrays())


def _codes(grams: "Array", shorter: "list[Array]", words: list[str]) -> "Array":
    """The codes of n-grams, given as rows of words. Raises ValueError if a shorter one is missing.

    `shorter`: the codes of all shorter n-grams, by length.
    """
    found: Array = grams[:, 0]
    for place in range(1, grams.shape[1]):
        if place > 1:
            found = find(shorter[place - 1], found)
        if len(found) and found.min() < 0:
            missing = " ".join(words[word] for word in grams[int(found.argmin()), :place])
            raise ValueError(_("no n-gram {words}").format(words=missing))
        found = found * len(words) + grams[:, place]
    return found


def _parsed(lines: Iterable[str]) -> tuple[str, list[int], list[_Section], dict[str, int]]:
    """The header of the model, the numbers of n-grams, these by length, and words by number."""
    note, sizes = "", list[int]()
    sections: list[_Section] = []
    number: dict[str, int] = {}
    for line in map(str.strip, lines):
        if line == "\\end\\":
            return note, sizes, sections, number
        if found := _SECTION.fullmatch(line):
            sections.append(_Section())
            if int(found[1]) != len(sections):
                raise ValueError(line)
        elif sections and line:
            log, *words = line.split()
            weight = words.pop() if len(words) > len(sections) else "0"
            if len(words) != len(sections):
                raise ValueError(line)
            if len(sections) == 1 and number.setdefault(words[0], len(number)) < len(number) - 1:
                raise ValueError(_("an n-gram twice"))
            sections[-1].add(log, weight, map(number.__getitem__, words))
        elif line.startswith(_NOTE):
            note = line.removeprefix(_NOTE)
        elif line.startswith("ngram "):
            sizes.append(int(line.partition("=")[2]))
    raise ValueError(_("its end is missing"))


def _header(note: str, order: int) -> dict[str, Any]:
    """Options and provenance of a model, as far as the file says them."""
    if note:
        header = orjson.loads(note)
        if not isinstance(header, dict):
            raise TypeError(note)
        return header
    return {
        "options": {"unit": WORD, "order": order, "smoothing": "ARPA"},
        "analyzer": None,
        "analysis": None,
        "documents": 0,
        "tokens": 0,
        "digest": "",
    }


def _logs(values: "Array") -> list[float]:
    import numpy

    with numpy.errstate(divide="ignore"):
        found: list[float] = numpy.maximum(numpy.log10(values), _ZERO).tolist()
    return found


def _powers(logs: "array[float]") -> "Array":
    import numpy

    values = numpy.asarray(logs)
    found: Array = numpy.where(values <= _ZERO, 0.0, 10.0**values)
    return found


def _escaped(term: str) -> str:
    if term in _MARKS:
        return f"\\{term}"
    return _ESCAPED.sub(lambda found: f"\\x{ord(found[0]):x};", term)


def _unescaped(word: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1][1:-1], 16)) if found[1].endswith(";") else found[1], word
    )
