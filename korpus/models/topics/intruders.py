"""The stage topics_validate: can people tell which word or topic does not belong?"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.documents.comparisons import as_text
from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.topics.compare import with_shares
from korpus.models.topics.metadata import cells_of
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record, Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

WORD, TOPIC = "word", "topic"
KEY = ["id", "task", "topic", "document", "intruder", "answer", "shares"]
_WORDS, _TOPICS, _OF_OTHERS = 5, 3, 10  # without the intruder; words of topics it may be from
_SHOWN = 8  # words of a topic


@dataclass
class Item:
    """A question: which of the choices does not belong? `intruder`: the number of the answer.

    `topic`: that of the words, or the largest one of the document. `shares`: of the topics that are
    choices in the document.
    """

    task: str
    topic: int | str
    choices: list[str]
    intruder: int
    document: str = ""
    text: str = ""
    shares: tuple[float, ...] = ()


@dataclass
class Intruders:
    """Word and topic intrusion tests: a sheet for people, and the key to it."""

    items: list[Item]
    coders: list[str]

    def sheet(self) -> Table:
        """A row per item. Columns: `id`, `task`, `text`, `choice1` …, and the coders, empty."""
        most = max((len(item.choices) for item in self.items), default=0)
        names = [f"choice{number}" for number in range(1, most + 1)]

        def rows() -> Iterator[Row]:
            for number, item in enumerate(self.items, 1):
                choices = item.choices + [""] * (most - len(item.choices))
                yield number, item.task, item.text, *choices, *[""] * len(self.coders)

        return Table(["id", "task", "text", *names, *self.coders], rows)

    def key(self) -> Table:
        """A row per item.

        Columns: `id`, `task`, `topic`, `document`, `intruder` (its number), `answer` (its text, by
        which a sheet of another key is found out), `shares`.
        """

        def rows() -> Iterator[Row]:
            for number, item in enumerate(self.items, 1):
                shares = " ".join(map(repr, item.shares))
                answer = item.choices[item.intruder - 1]
                yield number, item.task, item.topic, item.document, item.intruder, answer, shares

        return Table(KEY, rows)


def topics_validate(
    model: Model,
    documents: Iterable[Record] | None = None,
    *,
    text: str | None = None,
    words: int = 1,
    texts: int = 20,
    coders: str = "coder1",
    seed: int = 0,
) -> Intruders:
    """Make word and topic intrusion tests (Chang et al. 2009, Reading Tea Leaves).

    Word intrusion: the first five words of a topic and one that is unlikely in it, but among the
    first of another. Topic intrusion: a document, its three largest topics, each as eight words,
    and one of those that are small in it. Items of each task stand in random order.

    Parameters: `documents`, those that the model was fitted on (default: what it keeps); `text`,
    the column that people read (default: text; without it there are only words); `words`, items of
    word intrusion per topic; `texts`, documents; `coders`, names of columns for answers; `seed`.

    Columns in: `id` and that of `text`. Out: see `Intruders`. Raises UsageError for a model without
    shares of topics, KorpusError for one of a single topic.
    """
    import numpy

    for option, number in (("--words", words), ("--texts", texts)):
        check_least(option, number, 0)
    fitted = with_shares(model)
    if len(fitted.shares) < 2:
        raise KorpusError(_("a model of one topic has no intruders"), _("fit one with more topics"))
    random = numpy.random.default_rng(seed)
    items = [item for _n in range(words) for item in _word_items(fitted, random)]
    items = [items[place] for place in random.permutation(len(items))]
    if texts and (text or documents is not None or "text" in fitted.kept):
        cells = cells_of(fitted, documents, [text or "text"])[text or "text"]
        items += _topic_items(fitted, [as_text(cell) or "" for cell in cells], texts, random)
    elif texts:
        logger.info(_("no documents to read: word intrusion only; give DOCUMENTS, or --text"))
    return Intruders(items, [name.strip() for name in coders.split(",") if name.strip()])


def possible_answers(model: TopicModel) -> set[str]:
    """All choices that items made from a model may have."""
    words = {term for terms in model.ranked_terms(_OF_OTHERS) for term in terms}
    return words | set(_choices_of_topics(model))


def _choices_of_topics(model: TopicModel) -> list[str]:
    return [" ".join(terms) for terms in model.ranked_terms(_SHOWN)]


def _word_items(model: TopicModel, random: Any) -> Iterator[Item]:
    """An item per topic that has two words."""
    import numpy

    first = model.ranked_terms(_OF_OTHERS)
    column = {term: number for number, term in enumerate(model.terms)}
    skipped = 0
    for topic, terms in enumerate(first):
        weights, mine = model.topic_term[topic], terms[:_WORDS]
        others = sorted({term for other in first for term in other} - set(mine))
        found = numpy.array([weights[column[term]] for term in others])
        if len(mine) < 2 or not others:
            skipped += 1
            continue
        unlikely = found <= max(float(numpy.median(weights)), found.min())
        intruder = others[int(random.choice(numpy.flatnonzero(unlikely)))]
        yield _shuffled(WORD, model.topic_names[topic], [*mine, intruder], random)
    if skipped:
        logger.info(_("%s with too few words left out"), plural(skipped, "topic"))


def _topic_items(model: TopicModel, texts: list[str], size: int, random: Any) -> Iterator[Item]:
    """Items of documents at random, of those that have a text and a topic."""
    import numpy

    usable = [row for row, count in enumerate(model.document_tokens) if count and texts[row]]
    if len(usable) < size:
        logger.info(_("there are only %s"), plural(len(usable), "document"))
    terms = _choices_of_topics(model)
    k = len(terms)
    for row in random.permutation(usable)[:size].tolist():
        shares = model.document_topic[row].astype(float)
        order = numpy.argsort(-shares, kind="stable").tolist()
        large = order[: min(_TOPICS, k - 1)]
        small = order[max(len(large), k // 2) :]
        possible = [topic for topic in small if shares[topic] > 0] or small
        chosen = [*large, int(random.choice(possible))]
        item = _shuffled(TOPIC, model.topic_names[large[0]], chosen, random)
        item.shares = tuple(float(shares[int(topic)]) for topic in item.choices)
        item.choices = [terms[int(topic)] for topic in item.choices]
        item.document, item.text = model.ids[row], texts[row]
        yield item


def _shuffled(task: str, topic: int | str, choices: list[Any], random: Any) -> Item:
    """An item whose last choice is the intruder, with the choices in random order."""
    order = random.permutation(len(choices)).tolist()
    intruder = order.index(len(choices) - 1) + 1
    return Item(task, topic, [str(choices[place]) for place in order], intruder)
