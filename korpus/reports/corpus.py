"""The one reading of a report's documents: what the later stages need is kept as numbers."""

import logging
import random
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice

from korpus.documents import clean
from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.documents.groups import Groups, no_column
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.sentiment.lexicon import RatedWords
from korpus.models.sentiment.score import find, sentences_of
from korpus.records import Counts, Record
from korpus.reports.plan import Plan
from korpus.tagsets import GROUPS
from korpus.tokens import Part, PlacedPart, count_terms, place_terms, stopwords
from korpus.tokens.placed import DOCUMENT, PlacedTerms, placed_terms

logger = logging.getLogger("korpus")

_BATCH = 5000  # documents
_MOST_DOCUMENTS = 10_000  # whose texts are in the page
_MOST_CHARACTERS = 1_000_000  # of all these texts
_LONGEST, _SHORTEST = 2000, 300  # characters of one of them
# The usual names of columns, which are taken if they are there.
_DATES = (
    "date",
    "날짜",
    "일자",
    "작성일",
    "등록일",
    "발행일",
    "published_at",
    "created_at",
    "pubDate",
)
_RATINGS = ("rating", "평점", "별점", "score")
# Parts of speech that say little where words are counted without their context.
_KEPT = {"noun", "propernoun", "root", "foreign", "adjective", "unknown"}
_DROPPED = tuple(group for group in GROUPS if group not in _KEPT)

Analyse = Callable[[Iterable[Record]], Iterable[Record]]
Reject = Callable[[Record], None]


@dataclass
class Corpus:
    """Documents as numbers.

    `ids`: of the documents. `lengths`: characters of each. `dates`, `groups`, `ratings`: of each as
    text, "" if missing; empty lists without such a column. `placed`: their content words in parts.
    `parts`: the words that topics are made of, None if they are those of `placed`. `texts`: those
    that the page shows, by document number. `cleaned`: what clean counted, None if the documents
    came with tokens. `rejected`: documents set aside. `rated`: words with their ratings, None
    without ratings. `scores`: of each document by the lexicon that was given, else empty.
    `analyses`: how the tokens were made. `encodings`: of the files, by name.
    """

    ids: list[str] = field(default_factory=list)
    lengths: "array[int]" = field(default_factory=lambda: array("q"))
    dates: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    ratings: list[str] = field(default_factory=list)
    placed: list[PlacedPart] = field(default_factory=list)
    parts: list[Part] | None = None
    texts: dict[int, str] = field(default_factory=dict)
    cleaned: Counts | None = None
    rejected: int = 0
    rated: RatedWords | None = None
    scores: "array[float]" = field(default_factory=lambda: array("d"))
    analyses: set[tuple[str | None, str | None]] = field(default_factory=set)
    encodings: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def terms(self) -> PlacedTerms:
        """The content words of all documents."""
        return placed_terms(self.placed, unit=DOCUMENT)

    def word_parts(self) -> Iterator[Part]:
        """The content words as stages take them that need no tags."""
        start = 0
        for part in self.placed:
            ids = self.ids[start : start + part.documents]
            start += part.documents
            numbers, lengths = array("i", part.numbers.tolist()), array("i", part.lengths.tolist())
            forms = [form for form, _tag in part.terms]
            yield Part(ids, forms, numbers, lengths, self.analyses)

    def topic_parts(self) -> Iterator[Part]:
        """The words that topics are made of."""
        return self.word_parts() if self.parts is None else iter(self.parts)


def read_corpus(
    documents: Iterable[Record], analyse: Analyse, plan: Plan, rejects: Reject
) -> tuple[Corpus, Plan]:
    """Read documents once: clean and analyse those without tokens, and count. Streams.

    `analyse`: gives documents their tokens. Also gives the plan, with the columns that were found.
    Raises KorpusError if there are no documents or a column is missing.
    """
    records = iter(documents)
    first = next(records, None)
    if first is None:
        raise KorpusError(_("there are no documents to report on"), _("is the input empty?"))
    plan = _with_columns(plan, first)
    corpus = Corpus(rated=RatedWords(plan.rating) if plan.rating else None)
    words: Iterable[Record] = chain([first], records)
    if not isinstance(first.get("tokens"), list):
        corpus.cleaned, corpus.parts = Counts(), []
        words = analyse(clean(words, counts=corpus.cleaned, rejects=rejects))
    add = _Adder(corpus, plan)
    batches = iter(words)
    while batch := list(islice(batches, _BATCH)):
        for record in batch:
            add(record)
        if corpus.rated:
            corpus.rated.add(batch)
        if corpus.parts is not None:
            batch = list(stopwords(batch, drop_pos=_DROPPED, counts=Counts()))
            nouns = stopwords(
                batch, default=False, drop_pos="adjective", min_length=2, counts=Counts()
            )
            corpus.parts += count_terms(nouns)
        corpus.placed += place_terms(batch, unit=DOCUMENT)
        corpus.analyses |= {(one.get("analyzer"), one.get("analysis")) for one in batch}
    if not corpus.ids:
        raise KorpusError(_("there are no documents to report on"), _("all were set aside"))
    if corpus.cleaned is None:
        logger.info(_("the documents have tokens, which are taken as they are"))
    add.shorten()
    return corpus, plan


def _with_columns(plan: Plan, record: Record) -> Plan:
    """The plan with the columns of dates and ratings that documents usually have; logs them."""
    return replace(
        plan,
        date=plan.date or _usual(record, _DATES, "--date"),
        rating=plan.rating or _usual(record, _RATINGS, "--rating"),
        is_date_given=plan.date is not None,
    )


def _usual(record: Record, names: tuple[str, ...], option: str) -> str | None:
    """The first of some names that is a column."""
    found = next((name for name in names if name in record), None)
    if found:
        logger.info(_("the column %s is taken for %s"), found, option)
    return found


class _Adder:
    """Adds documents to a corpus; of their texts a sample, by reservoir sampling."""

    def __init__(self, corpus: Corpus, plan: Plan) -> None:
        self.corpus = corpus
        self.dice = random.Random(plan.seed)
        self.group = Groups(plan.by, text_of=str).name if plan.by else None
        self.columns = [
            (Column(name), values)
            for name, values in ((plan.date, corpus.dates), (plan.rating, corpus.ratings))
            if name
        ]
        self.lexicon = plan.lexicon
        self.kept: list[int] = []

    def __call__(self, record: Record) -> None:
        corpus, number = self.corpus, len(self.corpus.ids)
        text = record.get("text")
        text = text if isinstance(text, str) else " ".join(map(str, record["tokens"]))
        if self.group:
            corpus.groups.append(self.group(record))
        for column, values in self.columns:
            key = column.key(record)
            if key is None:
                raise no_column(record, column.name)
            value = record[key]
            values.append("" if is_missing(value) else (as_text(value) or "").strip())
        if self.lexicon:
            words = find(record, self.lexicon, sentences_of(record))
            corpus.scores.append(sum(word.polarity for word in words))
        corpus.ids.append(record["id"])
        corpus.lengths.append(len(text))
        place = number if number < _MOST_DOCUMENTS else self.dice.randrange(number + 1)
        if place >= _MOST_DOCUMENTS:
            return
        if place < number:
            del corpus.texts[self.kept[place]]
            self.kept[place] = number
        else:
            self.kept.append(number)
        corpus.texts[number] = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"

    def shorten(self) -> None:
        """Keep the page small: cut long texts, and leave some out where there are many of them."""
        corpus = self.corpus
        texts = dict(sorted(corpus.texts.items()))
        longest = _longest([len(text) for text in texts.values()])
        texts = {
            number: text if len(text) <= longest else text[: longest - 1] + "…"
            for number, text in texts.items()
        }
        size = sum(map(len, texts.values()))
        if size > _MOST_CHARACTERS:
            most = int(len(texts) * _MOST_CHARACTERS / size)
            texts = {number: texts[number] for number in sorted(self.dice.sample([*texts], most))}
        corpus.texts = texts
        if len(texts) < len(corpus):
            logger.info(
                _("the page shows the texts of %s of %s documents, taken at random"),
                f"{len(texts):,}",
                f"{len(corpus):,}",
            )


def _longest(lengths: list[int]) -> int:
    """The number of characters that texts are cut to, so that all fit."""
    for longest in range(_LONGEST, _SHORTEST, -100):
        if sum(min(length, longest) for length in lengths) <= _MOST_CHARACTERS:
            return longest
    return _SHORTEST
