"""Lexicons of feelings: words with a polarity, read from a file or learned from ratings."""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from korpus.documents.comparisons import as_text
from korpus.documents.groups import Groups
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.records import DocumentSource, Record, Table, tokenized
from korpus.tagsets import group_of

# Words whose polarity depends on no subject.
POSITIVE = "좋다 훌륭하다 훌륭 재미있다 재밌다 행복하다 행복 아름답다 최고 감동 추천 즐겁다 멋지다"
POSITIVE += " 완벽 완벽하다 만족 만족하다 친절하다 친절 편하다 뛰어나다"
NEGATIVE = "나쁘다 싫다 재미없다 지루하다 지루 최악 실망 실망하다 쓰레기 아깝다 별로 짜증 엉망"
NEGATIVE += " 후회 후회하다 불만 불친절하다 불친절 불편하다 형편없다"
NEGATED = "+NEG"  # ends the tag of a negated predicate
CONTENT = {"noun", "verb", "adjective", "adverb", "root", "foreign", "interjection", "emoticon"}
LEAST = 5  # documents that a word is in, for a lexicon to be learned
_PARTS = ("안_", "못_"), ("_않다", "_못하다", "_말다")
_NAMED = {"positive": 1.0, "긍정": 1.0, "negative": -1.0, "부정": -1.0, "neutral": 0.0, "중립": 0.0}
_SHOWN = 5  # words in messages

logger = logging.getLogger("korpus")


@dataclass(frozen=True)
class Lexicon:
    """The polarity of words, above 0 for good feelings. A word may be given as word/TAG."""

    words: dict[str, float]

    def polarity(self, token: str, tag: str) -> float:
        """The polarity of a token; of a negated predicate that of the predicate, turned round."""
        found = self._plain(token, tag)
        if found is None and tag.endswith(NEGATED):
            stem = self._plain(predicate(token), tag.removesuffix(NEGATED))
            found = None if stem is None else -stem
        return found or 0.0

    def _plain(self, token: str, tag: str) -> float | None:
        found = self.words.get(token)
        return self.words.get(f"{token}/{tag}") if found is None else found

    def table(self) -> Table:
        """The words, the best first: `word`, `polarity`."""
        rows = sorted(self.words.items(), key=lambda item: (-item[1], item[0]))
        return Table(["word", "polarity"], lambda: rows)


def predicate(token: str) -> str:
    """The predicate in a negated one: 좋다 of 좋다_않다 and of 안_좋다."""
    for before in _PARTS[0]:
        token = token.removeprefix(before)
    for after in _PARTS[1]:
        token = token.removesuffix(after)
    return token


def read_lexicon(source: str | Iterable[Record]) -> Lexicon:
    """A lexicon from lines of word, tab, polarity, as KNU's, or from rows of a table.

    The word is in the first column; columns without a polarity are ignored.
    The polarity is the last column that is a number, positive or negative in words, or 긍정, 부정.
    A first line without one is a header. Of a word that comes again the last polarity counts.
    Raises KorpusError for another line without a polarity.
    """
    found: dict[str, float] = {}
    changed: dict[str, None] = {}
    if isinstance(source, str):
        lines = source.removeprefix("\ufeff").splitlines()
    else:
        lines = ["\t".join(as_text(cell) or "" for cell in row.values()) for row in source]
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ",")]
        if not any(cells):
            continue
        value = next((v for v in map(_number, reversed(cells[1:])) if v is not None), None)
        if value is not None and cells[0]:
            word = normalize("NFC", cells[0])
            if found.get(word, value) != value:
                changed[word] = None
            found[word] = value
        elif number > 1:
            raise KorpusError(
                _("line {number} of the lexicon has no word with a polarity: {line}").format(
                    number=number, line=line[:40]
                ),
                _("expected: 좋다<TAB>1"),
            )
    if not found:
        raise KorpusError(_("the lexicon has no words"), _("expected: 좋다<TAB>1"))
    if changed:
        logger.warning(
            _("%s of the lexicon with several polarities, the last counts: %s"),
            plural(len(changed), "word"),
            listed(changed, _SHOWN),
        )
    if phrases := [word for word in found if " " in word]:
        logger.info(
            _("%s of the lexicon with a space, which is no single token: not found (%s)"),
            plural(len(phrases), "word"),
            listed(phrases, _SHOWN),
        )
    return Lexicon(found)


def _number(cell: str) -> float | None:
    if cell.lower() in _NAMED:
        return _NAMED[cell.lower()]
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


def learned(documents: DocumentSource, column: str) -> Lexicon:
    """Learn a lexicon from ratings: the correlation of each word with them. Needs the whole input.

    The polarity is the mean of the ratings of documents with the word, less the mean of all, in
    standard errors of that mean, divided by 10 and kept within ±3; words below 2 errors get none.
    """
    words = RatedWords(column)
    words.add(documents)
    return words.lexicon()


class RatedWords:
    """The ratings of the documents that each word is in; what `learned` learns from."""

    def __init__(self, column: str) -> None:
        self.column = column
        self._group = Groups(column, text_of=str)
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._counts: Counter[str] = Counter()
        self._ratings: list[float] = []
        self._without: list[str] = []

    def add(self, documents: DocumentSource) -> None:
        """Add documents with their ratings. Streams."""
        for record in tokenized(documents):
            name = self._group.name(record)
            rating = _number(name)
            if rating is None:
                self._without.append(name)
                continue
            self._ratings.append(rating)
            for term in dict.fromkeys(terms_of(record)):
                self._counts[term] += 1
                self._sums[term] += rating

    def lexicon(self) -> Lexicon:
        """The lexicon. Raises KorpusError for fewer than two different ratings."""
        ratings = self._ratings
        _log_without(self._without, self.column)
        mean = sum(ratings) / max(len(ratings), 1)
        spread = math.sqrt(sum((r - mean) ** 2 for r in ratings) / max(len(ratings), 1))
        if not spread:
            raise KorpusError(
                _("column {column!r} has fewer than two ratings").format(column=self.column),
                _("another column: --learn COLUMN"),
            )
        found = {}
        for term, count in self._counts.items():
            errors = (self._sums[term] / count - mean) / (spread / math.sqrt(count))
            if count >= LEAST and abs(errors) >= 2:
                found[term] = max(-3.0, min(3.0, errors / 10))
        return Lexicon(found)


def _log_without(values: list[str], column: str) -> None:
    """Log what documents have instead of a rating."""
    if values:
        logger.warning(
            _("%s without a rating in %s: nothing learned from them (%s)"),
            plural(len(values), "document"),
            column,
            listed((repr(value) for value in dict.fromkeys(values)), _SHOWN),
        )


def terms_of(record: Record) -> Iterator[str]:
    """The content words of a document, and its negated predicates, as token/tag."""
    analyzer = record.get("analyzer")
    for token, tag in zip(record["tokens"], record["tags"], strict=True):
        if tag.endswith(NEGATED) or not tag or group_of(tag, analyzer) in CONTENT:
            yield f"{token}/{tag}" if tag else token
