"""Language models as ARPA files, the format of SRILM, KenLM and others."""

import re
from collections.abc import Iterable, Iterator
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


def _read(lines: Iterable[str]) -> NgramModel:
    import numpy

    note, sizes, rows = _parsed(lines)
    if not rows or list(map(len, rows)) != sizes:
        raise ValueError(_("its numbers of n-grams do not agree"))
    known = {words[0]: number for number, (_log, words, _weight) in enumerate(rows[0])}
    decoded = _unescaped if note else str  # other programs escape nothing
    pairs = sorted((decoded(word), word) for word in known if word not in _MARKS)
    terms = [term for term, _word in pairs]
    number = {word: place for place, (_term, word) in enumerate(pairs)}
    number |= {mark: place for place, mark in enumerate(_MARKS, start=len(terms))}
    base = len(number)
    for mark in _MARKS:
        if mark not in known:
            rows[0].append((_ZERO, [mark], 0.0))
    codes: list[Array] = []
    probabilities, backoffs = [], []
    for size, its_rows in enumerate(rows, start=1):
        words = numpy.array([[number[word] for word in its] for _log, its, _weight in its_rows])
        words = words.reshape(len(its_rows), size).astype(numpy.int64)
        found = words[:, 0]
        for place in range(1, size):
            if place > 1:
                found = find(codes[place - 1], found)
            if len(found) and found.min() < 0:
                missing = " ".join(its_rows[int(found.argmin())][1][:place])
                raise ValueError(_("no n-gram {words}").format(words=missing))
            found = found * base + words[:, place]
        order = numpy.argsort(found, kind="stable")
        if (numpy.diff(found[order]) <= 0).any():
            raise ValueError(_("an n-gram twice"))
        codes.append(found[order])
        probabilities.append(_powers([row[0] for row in its_rows])[order])
        backoffs.append(_powers([row[2] for row in its_rows])[order])
    header = _header(note, len(sizes))
    model = NgramModel(
        terms=terms,
        options=header.pop("options"),
        provenance=header,  # type: ignore[arg-type]
        **fields_of(Backoff(codes, probabilities, backoffs[:-1])),
    )
    return NgramModel.restored(model.header(), model.arrays())


_Rows = list[tuple[float, list[str], float]]


def _parsed(lines: Iterable[str]) -> tuple[str, list[int], list[_Rows]]:
    """The header of the model, the numbers of n-grams, and their rows by length."""
    note, sizes = "", []
    rows: list[_Rows] = []
    for line in map(str.strip, lines):
        if not rows and line.startswith(_NOTE):
            note = line.removeprefix(_NOTE)
        elif not rows and line.startswith("ngram "):
            sizes.append(int(line.partition("=")[2]))
        elif found := _SECTION.fullmatch(line):
            rows.append([])
            if int(found[1]) != len(rows):
                raise ValueError(line)
        elif line == "\\end\\":
            return note, sizes, rows
        elif line and rows:
            log, *words = line.split()
            weight = float(words.pop()) if len(words) > len(rows) else 0.0
            if len(words) != len(rows):
                raise ValueError(line)
            rows[-1].append((float(log), words, weight))
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


def _powers(logs: list[float]) -> "Array":
    import numpy

    values = numpy.array(logs, float)
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
