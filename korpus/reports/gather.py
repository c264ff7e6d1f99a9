"""What the stages find in a corpus. Each runs once, when a section first asks for it."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from korpus.documents.cuts import all_periods
from korpus.documents.groups import Groups
from korpus.errors import KorpusError
from korpus.messages import _, in_language, language
from korpus.models import TopicModel, lda, topics_trend, word2vec
from korpus.models.topics.trend import TopicTrends
from korpus.models.vector_model import VectorModel, word_vectors
from korpus.networks import network
from korpus.records import Network, Record, Table
from korpus.reports.corpus import Corpus
from korpus.reports.plan import Plan
from korpus.tokens import (
    Cooccurrences,
    TermCounts,
    Trends,
    cooccurrences,
    freq,
    keyness,
    known_term_counts,
    trend,
)
from korpus.tokens.placed import DOCUMENT
from korpus.tokens.placed_counts import counts_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

DATE = "date"  # the column of dates, within this room
# Units of periods, and how many of them a chart shows before it takes the next.
_UNITS = {"day": 62, "month": 72, "year": 10_000}
_TOPICS, _DOCUMENTS_PER_TOPIC = 10, 20
_MOST_GROUPS = 12
_FOLLOWED = 300  # words whose shares over time can be chosen
_NODES, _EDGES = 80, 200  # of the network
PAIRED = 1000  # words whose neighbours can be looked up
_ENOUGH = 100_000  # tokens, for word vectors that say more than who is with whom


Found = TypeVar("Found")


def _stage(method: "Callable[[Findings], Found]") -> "Callable[[Findings], Found]":
    """A result of a stage, whose messages are in the reader's language, not in the page's."""

    @wraps(method)
    def run(found: "Findings") -> Found:
        with in_language(found.reader):
            return method(found)

    return run


@dataclass
class Findings:
    """The results of the stages for a corpus.

    `plan`: the options, with the columns found. `reader`: the language of messages.
    """

    corpus: Corpus
    plan: Plan
    reader: str = field(default_factory=language)

    @cached_property
    def counts(self) -> TermCounts:
        """The counts of content words."""
        return counts_of(self.corpus.terms)

    @cached_property
    @_stage
    def words(self) -> list[Record]:
        """The content words with their counts, the most frequent first."""
        found = list(freq(self.counts))
        if not found:
            raise KorpusError(_("there are no tokens to count"))
        return found

    @cached_property
    @_stage
    def every(self) -> str:
        """The unit of periods: as given, else by the time that the documents span."""
        dates = {date for date in self.corpus.dates if date}
        if not dates:
            raise KorpusError(_("no document has a date"), _("name the column: --date COLUMN"))
        problem: KorpusError | None = None
        for unit, most in {self.plan.every: 0}.items() if self.plan.every else _UNITS.items():
            name = Groups(f"{DATE}:{unit}").name
            try:
                names = {name({"id": date, DATE: date}) for date in dates}
                if not most or len(all_periods(min(names), max(names), str(unit))) <= most:
                    return str(unit)
            except KorpusError as error:
                problem = problem or error
        assert problem is not None
        raise problem

    @cached_property
    def periods(self) -> list[str]:
        """The period of each document, "" without a date."""
        name = Groups(f"{DATE}:{self.every}").name
        return [name({"id": date, DATE: date}) for date in self.corpus.dates]

    @cached_property
    @_stage
    def groups(self) -> list[str]:
        """The group of each document: the largest ones, and one of all others."""
        sizes = Counter(self.corpus.groups)
        if len(sizes) < 2:
            raise KorpusError(
                _("there is nothing to compare: all documents are in one group"),
                _("name a column with several values: --by COLUMN"),
            )
        if len(sizes) <= _MOST_GROUPS:
            return self.corpus.groups
        kept = {name for name, _size in sizes.most_common(_MOST_GROUPS)}
        logger.info(
            _("--by %s: the %d largest groups of %s"), self.plan.by, len(kept), f"{len(sizes):,}"
        )
        return [name if name in kept else self.others for name in self.corpus.groups]

    @cached_property
    def others(self) -> str:
        """The name of the group of all others, which no group has."""
        with in_language(self.plan.language):
            name = _("others")
        while name in set(self.corpus.groups):
            name += " …"
        return name

    @cached_property
    @_stage
    def keywords(self) -> Table:
        """The words that set each group apart."""
        counts = counts_of(self.corpus.terms, self.groups)
        return keyness(counts, by="group", min_count=self.few, top=20)

    @cached_property
    @_stage
    def model(self) -> TopicModel:
        """The topic model: a new one, or the one given, with the documents of this corpus."""
        import numpy

        parts = self.corpus.topic_parts
        if (given := self.plan.lda) is not None:
            counts, ids, _tokens = known_term_counts(parts(), given.terms)
            tokens: Array = counts @ numpy.ones(len(given.terms), numpy.int64)
            weights = given.coordinates(counts)
            return replace(given, ids=ids, document_topic=weights, document_tokens=tokens, kept={})
        k = self.plan.k or max(2, min(_TOPICS, len(self.corpus) // _DOCUMENTS_PER_TOPIC))
        min_df = 1 if len(self.corpus) < 10 * _DOCUMENTS_PER_TOPIC else 2
        return lda(parts(), k=k, min_df=min_df, seed=self.plan.seed)

    @cached_property
    @_stage
    def topic_trends(self) -> TopicTrends:
        """The shares of topics over time."""
        dates = zip(self.corpus.ids, self.corpus.dates, strict=True)
        records = ({"id": id, DATE: date} for id, date in dates)
        return topics_trend(self.model, records, date=DATE, every=self.every)

    @cached_property
    @_stage
    def trends(self) -> Trends:
        """The shares of the most frequent words over time, and of those that were chosen."""
        counts = counts_of(self.corpus.terms, self.periods)
        frequent = [f"{row['term']}/{row['tag']}" for row in self.words[:_FOLLOWED]]
        terms = [*self.plan.terms, *frequent]
        return trend(counts, date=DATE, every=self.every, term=terms)

    @cached_property
    @_stage
    def network(self) -> Network:
        """The network of frequent words that are often in one document."""
        found = network(self.corpus.placed, **self.network_options)
        if not list(found.edges):
            raise KorpusError(_("no two words are together in two documents"))
        return found

    @property
    def network_options(self) -> dict[str, Any]:
        """The options of the network."""
        limits = {"top_nodes": _NODES, "top_edges": _EDGES}
        return {"unit": DOCUMENT, "weight": "cosine", **limits, "seed": self.plan.seed}

    @cached_property
    @_stage
    def pairs(self) -> Cooccurrences:
        """How often two words are in one document."""
        return cooccurrences(
            self.corpus.placed,
            unit=DOCUMENT,
            tagged=False,
            min_joint=2,
            max_terms=PAIRED,
        )

    @cached_property
    @_stage
    def vectors(self) -> VectorModel | None:
        """Word vectors: those given, or new ones if there are enough tokens to learn them."""
        if self.plan.vectors is not None:
            return word_vectors(self.plan.vectors)
        if sum(part.numbers.size for part in self.corpus.placed) < _ENOUGH:
            return None
        return word2vec(self.corpus.word_parts(), seed=self.plan.seed)

    @property
    def few(self) -> int:
        """The least occurrences of a word that is compared."""
        return 5 if len(self.corpus) >= 10 * _DOCUMENTS_PER_TOPIC else 2
