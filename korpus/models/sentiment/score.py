"""The stage sentiment: tokens and a lexicon → the feeling of documents, sentences and aspects."""

import logging
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple
from unicodedata import normalize

from korpus.checks import check_choice
from korpus.documents.groups import Groups, log_missing
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.kiwi_vectors import vectors as kiwi_vectors
from korpus.models.sentiment.grow import grown
from korpus.models.sentiment.lexicon import NEGATIVE, POSITIVE, Lexicon, learned
from korpus.records import DocumentSource, Record, Row, Table, as_tokens, readable_again, tokenized

logger = logging.getLogger("korpus")

DOCUMENT, SENTENCE = UNITS = ("document", "sentence")
# Adverbs before a word that make it stronger or weaker, and by how much.
_STRONGER, _WEAKER = 1.5, 0.5
_MORE = "너무 정말 매우 아주 진짜 참 무척 완전 가장 제일 훨씬 굉장히 상당히"
_LESS = "조금 좀 약간 다소 그럭저럭"
_DEGREES = dict.fromkeys(_MORE.split(), _STRONGER) | dict.fromkeys(_LESS.split(), _WEAKER)
_COLUMNS = ["sentiment", "score", "positive", "negative", "words"]
_REACH = 2  # tokens before a word at which such an adverb counts


class Found(NamedTuple):
    """A word with a polarity: its number among the tokens, its place in the text if known."""

    number: int
    token: str
    span: tuple[int, int] | None
    sentence: int
    polarity: float

    def __str__(self) -> str:
        place = "[{}:{}]".format(*self.span) if self.span else ""
        return f"{self.token}{place}({self.polarity:+.2g})"


@dataclass
class _Unit:
    """What is said in one unit, perhaps about one aspect."""

    name: tuple[object, ...]
    found: list[Found]

    def row(self) -> Row:
        good = sum(one.polarity for one in self.found if one.polarity > 0)
        bad = sum(one.polarity for one in self.found if one.polarity < 0)
        score = good + bad
        feeling = "positive" if score > 0 else "negative" if score < 0 else "neutral"
        words = " ".join(map(str, self.found))
        return (*self.name, feeling, score, good, bad, words)


@dataclass
class Feelings:
    """The feeling of documents. Iterating gives the rows of `table`. `words`: the lexicon.

    `texts`: gives each document as a line about it, its text, and the places of its words with
    their polarity, which tokens of morph --spans have.
    """

    table: Table
    words: Table
    texts: Callable[[], Iterator[tuple[str, str, list[tuple[int, int, float]]]]]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def sentiment(
    documents: DocumentSource,
    *,
    lexicon: Lexicon | Mapping[str, float] | None = None,
    learn: str | None = None,
    vectors: Model | None = None,
    positive: Sequence[str] | None = None,
    negative: Sequence[str] | None = None,
    by: str = DOCUMENT,
    aspects: Mapping[str, Iterable[str]] | None = None,
    group: str | None = None,
) -> Feelings:
    """Tell the feeling of documents by the words of a lexicon (감성 사전). Needs the whole input.

    `lexicon`: words with their polarity, above 0 for good feelings. Or `learn`: a column of ratings
    to learn it from, see `lexicon.learned`. Else it is grown from the seed words `positive` and
    `negative` (default: words such as 좋다, 최고; 나쁘다, 최악) by SentProp (Hamilton et al. 2016)
    with word vectors (`vectors`, default: those of Kiwi) and self-training, see `grow.grown`.
    `by`: document or sentence (of morph --spans; else a document is one sentence). `aspects`: names
    with their words: a word of the lexicon is about the aspect that is mentioned nearest to it in
    its sentence; only aspects that are mentioned have rows. `group`: a column of the documents, to
    compare their feelings by: rating, date:year, or rating:1-4,5-7.
    Negated predicates (tag …+NEG, of morph --join negation) have the opposite polarity; adverbs of
    degree up to two tokens before a word make it 1.5 times as strong, or half.

    Columns in: `id`, `tokens`, `tags`. Out: `id`, `group` (with a group), `sentence` (number, by
    sentence), `aspect` (with aspects), `sentiment` (positive, negative, neutral: the sign of the
    score), `score` (the sum of the polarities), `positive`, `negative` (its two parts), `words`
    (with polarity and, if known, their places in the text).
    """
    check_sentiment(by, lexicon is not None, learn, vectors is not None, positive, negative)
    source = readable_again(as_tokens(documents))
    if learn:
        lexicon = learned(source, learn)
    elif lexicon is None:
        seeds = positive or POSITIVE.split(), negative or NEGATIVE.split()
        lexicon = grown(source, kiwi_vectors() if vectors is None else vectors, *seeds)
    elif not isinstance(lexicon, Lexicon):
        lexicon = Lexicon(dict(lexicon))
    sentence = ["sentence"] if by == SENTENCE else []
    aspect = ["aspect"] if aspects else []
    columns = ["id", *(["group"] if group else []), *sentence, *aspect, *_COLUMNS]
    named = {word: name for name, words in (aspects or {}).items() for word in words}
    groups = Groups(group, text_of=str) if group else None
    about = named if aspects else None
    rows = cache(lambda: list(_rows(source, lexicon, by, about, groups)))  # logs what it counts
    return Feelings(Table(columns, rows), lexicon.table(), partial(_texts, source, lexicon))


def check_sentiment(
    by: str,
    has_lexicon: bool,
    learn: str | None,
    has_vectors: bool,
    positive: Sequence[str] | None,
    negative: Sequence[str] | None,
) -> None:
    """Raises UsageError for options that `sentiment` does not take."""
    check_choice("--by", by, UNITS)
    grows = has_vectors or bool(positive) or bool(negative)
    if has_lexicon + bool(learn) + grows > 1:
        raise UsageError(
            _("a lexicon is given, learned or grown from seeds, not several of these"),
            _("choose one: --lexicon, --learn, or --vectors, --positive and --negative"),
        )


def read_aspects(rows: Iterable[Record]) -> dict[str, list[str]]:
    """Aspects with their words, from rows with the columns `aspect` and `word`.

    Several words of a row are separated by commas or spaces. Raises KorpusError without them.
    """
    found: dict[str, list[str]] = {}
    for row in rows:
        aspect, words = (str(row.get(name) or "").strip() for name in ("aspect", "word"))
        if aspect and words:
            found.setdefault(normalize("NFC", aspect), []).extend(
                normalize("NFC", words).replace(",", " ").split()
            )
    if not found:
        raise KorpusError(
            _("the table of aspects has no rows with aspect and word"),
            _("expected: aspect,word and below it 배송,택배"),
        )
    return found


def _rows(
    documents: Iterable[Record],
    lexicon: Lexicon,
    by: str,
    aspects: Mapping[str, str] | None,
    groups: Groups | None,
) -> Iterator[Row]:
    number = silent = unmarked = missing = 0
    for number, record in enumerate(tokenized(documents), 1):
        sentences = sentences_of(record)
        found = find(record, lexicon, sentences)
        silent += not found
        unmarked += not _marks_negation(record)
        units: dict[tuple[object, ...], list[Found]] = {}
        if aspects is None:
            numbers = sorted(set(sentences)) or [1]
            units = {((number,) if by == SENTENCE else ()): [] for number in numbers}
        for one, aspect in _about(record, found, sentences, aspects):
            key: tuple[object, ...] = (one[0],) if by == SENTENCE else ()
            key += () if aspects is None else (aspect,)
            units.setdefault(key, []).extend([one[1]] if one[1] else [])
        group = (groups.name(record),) if groups else ()
        missing += group == ("",)
        for key, words in units.items():
            yield _Unit((record["id"], *group, *key), words).row()
    _log(number, silent, unmarked)
    if groups and groups.by:
        log_missing(groups.by, missing)


def _texts(
    documents: Iterable[Record], lexicon: Lexicon
) -> Iterator[tuple[str, str, list[tuple[int, int, float]]]]:
    for record in tokenized(documents):
        unit = _Unit((record["id"],), find(record, lexicon, sentences_of(record)))
        name, feeling, score, *_rest = unit.row()
        places = [(*one.span, one.polarity) for one in unit.found if one.span]
        yield f"{name}  {feeling} ({score:+.2f})", str(record.get("text") or ""), places


def _marks_negation(record: Record) -> bool:
    """Whether morph joined negation with its predicate; True if it is unknown how it ran."""
    analyzer = record.get("analyzer")
    return not analyzer or analyzer == "space" or "negation" in str(record.get("analysis"))


def _log(documents: int, silent: int, unmarked: int) -> None:
    if silent:
        logger.info(
            _("%s of %s without a word of the lexicon: neutral"),
            f"{silent:,}",
            plural(documents, "document"),
        )
    if unmarked:
        logger.warning(
            _("%s not analysed by morph --join negation: 안 좋다 is taken for 좋다"),
            plural(unmarked, "document"),
        )


def _about(
    record: Record,
    found: Sequence[Found],
    sentences: Sequence[int],
    aspects: Mapping[str, str] | None,
) -> Iterator[tuple[tuple[int, Found | None], str]]:
    """Words with their sentence and aspect; and each mention of an aspect, without a word."""
    if aspects is None:
        for one in found:
            yield (one.sentence, one), ""
        return
    tokens = enumerate(record["tokens"])
    mentions = [(number, aspects[token]) for number, token in tokens if token in aspects]
    for number, aspect in mentions:
        yield (sentences[number], None), aspect
    for one in found:
        near = [
            (abs(number - one.number), number, aspect)
            for number, aspect in mentions
            if sentences[number] == one.sentence
        ]
        if near:
            yield (one.sentence, one), min(near)[2]


def find(record: Record, lexicon: Lexicon, sentences: Sequence[int]) -> list[Found]:
    """The words of a document that have a polarity."""
    tokens, tags = record["tokens"], record["tags"]
    spans = record.get("spans")
    has_spans = isinstance(spans, list) and len(spans) == len(tokens)
    found = []
    for number, (token, tag) in enumerate(zip(tokens, tags, strict=True)):
        polarity = lexicon.polarity(token, tag)
        if not polarity:
            continue
        for before in tokens[max(0, number - _REACH) : number]:
            polarity *= _DEGREES.get(before, 1.0)
        place = spans[number] if has_spans and spans else None
        span = (place[0], place[1]) if place else None
        found.append(Found(number, token, span, sentences[number], polarity))
    return found


def sentences_of(record: Record) -> list[int]:
    """The number of the sentence of each token, from 1; all 1 without places."""
    spans, starts = record.get("spans"), record.get("sentence_starts")
    tokens = record["tokens"]
    if not (isinstance(spans, list) and isinstance(starts, list) and len(spans) == len(tokens)):
        return [1] * len(tokens)
    found, number = [], 1
    for span in spans:
        number = max(bisect_right(starts, span[0]), 1) if span else number
        found.append(number)
    return found
