"""The stage topics_label: names of topics, of characteristic terms, bigrams and titles."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.documents.comparisons import as_text
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _, listed, plural
from korpus.models.topics.bigrams import Bigrams
from korpus.models.topics.compare import with_shares
from korpus.models.topics.metadata import cells_of
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record, Row, Table, as_tokens
from korpus.statistics import topic_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_COLUMNS = [
    *("topic", "share", "documents", "label"),
    *("terms", "frex", "lift", "relevance", "bigrams", "titles"),
]
_TITLES = ("제목", "기사제목", "title", "headline")
_LIKELY, _OFTEN = 100, 5  # first terms of a topic, and occurrences in all, for a term to have lift
_PARTS, _CONSIDERED = 3, 10  # of a label; terms that may be some
_BIGRAMS = 3  # of a topic
_BETWEEN = " | "  # titles


def topics_label(
    model: Model,
    documents: Iterable[Record] | None = None,
    *,
    top: int = 7,
    titles: int = 3,
    title: str | None = None,
    frex: float = 0.5,
    relevance: float = 0.6,
    names: Mapping[str, str] | None = None,
) -> "TopicLabels":
    """Name topics by their characteristic terms, bigrams and most typical documents.

    Parameters: `documents`, those that the model was fitted on, with tokens for bigrams and titles
    (default: what the model keeps, without bigrams); `top`, terms by each measure; `titles` of the
    most typical documents; `title`, their column (default: 제목, title …, else the ids);
    `frex`, the weight of frequency against exclusivity; `relevance`, λ of Sievert & Shirley (2014);
    `names`, own labels by topic. Measures: see `korpus.statistics.topic_terms`. Columns in: `id`,
    `tokens`, `tags`, that of titles. Out: see `TopicLabels`.
    Raises UsageError for an option out of range and a name for a topic that the model has not.
    """
    check_least("--titles", titles, 0)
    if not 0 <= frex <= 1:
        raise UsageError(
            _("{option} {value} is not between 0 and 1").format(option="--frex", value=f"{frex:g}")
        )
    fitted = with_shares(model)
    weights, counts = fitted.topic_term, fitted.term_frequency
    by_frex = _ranked(fitted, topic_terms.frex(weights, counts, frex), max(top, _CONSIDERED))
    measures = {
        "terms": fitted.ranked_terms(top),
        "frex": [terms[:top] for terms in by_frex],
        "lift": _ranked(fitted, _lift(fitted), top),
        "relevance": fitted.ranked_terms(top, relevance),
    }
    bigrams = Bigrams(fitted)
    if documents is not None:
        documents, columns = _columns_of(documents)
    else:
        columns = list(fitted.kept)
    name = title or next((name for name in _TITLES if name in columns), "id")
    cells = cells_of(fitted, documents, [name], bigrams.add)[name]
    if name == "id":
        logger.info(_("no column of titles: ids are shown; name the column with --title"))
    pairs = bigrams.by_topic(_BIGRAMS)
    shown = [
        [" ".join((as_text(cells[row]) or "").split()) for row in fitted.typical(topic, titles)]
        for topic in range(len(fitted.shares))
    ]
    labels = [_label(*parts) for parts in zip(pairs, by_frex, strict=True)]
    labels = _unique(_renamed(fitted, labels, names or {}))
    return TopicLabels(fitted, _dominated(fitted), labels, measures, pairs, shown)


def _dominated(model: TopicModel) -> list[int]:
    """How many documents have each topic as their largest. Logs topics that none has."""
    import numpy

    largest = model.document_topic[model.document_tokens > 0].argmax(axis=1)
    found: list[int] = numpy.bincount(largest, minlength=len(model.shares)).tolist()
    names = [str(name) for name, number in zip(model.topic_names, found, strict=True) if not number]
    if names:
        logger.warning(
            _("%s that no document has as its largest: its label says little (%s)"),
            plural(len(names), "topic"),
            listed(names, 20),
        )
    return found


def _columns_of(documents: Iterable[Record]) -> tuple[Iterable[Record], list[str]]:
    """The documents, and the columns of the first."""
    found = iter(as_tokens(documents))
    first = list(islice(found, 1))
    again = (record for records in (first, found) for record in records)
    return again, [name for record in first for name in record]


def _lift(model: TopicModel) -> "Array":
    """The lift of terms, without that of rare ones, which is as large as it can be by chance."""
    import numpy

    lift = topic_terms.lift(model.topic_term, model.term_frequency)
    for row, weights in zip(lift, model.topic_term, strict=True):
        likely = numpy.argsort(-weights, kind="stable")[:_LIKELY]
        rare = numpy.ones(len(row), dtype=bool)
        rare[likely] = model.term_frequency[likely] < _OFTEN
        row[rare] = -numpy.inf
    return lift


def _ranked(model: TopicModel, scores: "Array", top: int) -> list[list[str]]:
    """The first terms by scores, those of more weight first among ties.

    Terms without a weight, or with a score of minus infinity, are left out.
    """
    import numpy

    found = []
    for row, weights in zip(scores, model.topic_term, strict=True):
        order = numpy.lexsort((-weights, -row))
        has_score = (weights > 0) & (row > -numpy.inf)
        found.append([model.terms[column] for column in order[has_score[order]][:top]])
    return found


def _label(bigrams: list[str], terms: list[str]) -> str:
    """The first bigram and the first terms that are not in it, with commas between them."""
    parts = bigrams[:1]
    for term in terms:
        if len(parts) < _PARTS and not any(term in part.split() for part in parts):
            parts.append(term)
    return ", ".join(parts)


def _renamed(model: TopicModel, labels: list[str], names: Mapping[str, str]) -> list[str]:
    topics = [str(name) for name in model.topic_names]
    if unknown := [name for name in names if name not in topics]:
        raise KorpusError(
            _("the model has no topic {name!r}").format(name=unknown[0]),
            _("its topics are {names}").format(names=listed(topics, 20)),
        )
    return [names.get(topic) or label for topic, label in zip(topics, labels, strict=True)]


def _unique(labels: list[str]) -> list[str]:
    """The labels, with a number behind one that is there before."""
    found: list[str] = []
    for label in labels:
        number = 1
        while (name := label if number == 1 else f"{label} ({number})") in found:
            number += 1
        found.append(name)
    return found


def names_of(rows: Iterable[Record]) -> dict[str, str]:
    """Own labels by topic, of a table; empty ones are left out. Columns in: `topic`, `label`."""
    found: dict[str, str] = {}
    for row in rows:
        for column in ("topic", "label"):
            if column not in row:
                raise KorpusError(
                    _("there is no column {name!r}").format(name=column),
                    _("its columns are {names}").format(names=listed(row, 20)),
                )
        topic, label = (" ".join((as_text(row[name]) or "").split()) for name in ("topic", "label"))
        if label:
            found[topic] = label
    return found


@dataclass
class TopicLabels:
    """The labels of topics, and what they are made of: terms by measure, bigrams, titles.

    `documents`: whose largest topic each is.
    """

    model: TopicModel
    documents: list[int]
    labels: list[str]
    measures: dict[str, list[list[str]]]
    bigrams: list[list[str]]
    titles: list[list[str]]

    def table(self) -> Table:
        """A row per topic.

        Columns: `topic`, `share`, `documents` (whose largest topic it is), `label` (the first
        bigram and the first terms by FREX); the first terms by weight (`terms`), `frex`, `lift`
        (of the topic's 100 likeliest terms, those that occur 5 times) and `relevance`; `bigrams`;
        `titles` of the most typical documents. Terms have a space between them, bigrams a comma,
        titles a | .
        """
        return Table(_COLUMNS, self._rows)

    def _rows(self) -> Iterator[Row]:
        shares = self.model.shares.tolist()
        for topic, name in enumerate(self.model.topic_names):
            terms = (
                " ".join("_".join(term.split()) for term in found[topic])
                for found in self.measures.values()
            )
            bigrams, titles = ", ".join(self.bigrams[topic]), _BETWEEN.join(self.titles[topic])
            first = name, shares[topic], self.documents[topic], self.labels[topic]
            yield *first, *terms, bigrams, titles

    def named(self) -> TopicModel:
        """The model with the labels as the names of its topics, which all tables then show."""
        return replace(self.model, options={**self.model.options, "names": self.labels})
