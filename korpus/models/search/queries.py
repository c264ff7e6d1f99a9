"""Queries, analysed as the documents of an index were."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from korpus.analyzers import WordTable, morph_again
from korpus.errors import UsageError
from korpus.messages import _, listed
from korpus.records import DocumentSource, Record, as_tokens
from korpus.tokens import Provenance, split_analysis

logger = logging.getLogger("korpus")

_SHOWN = 10  # words and queries in messages


@dataclass(frozen=True)
class Query:
    """A query. `record`: with its tokens. `known`: those that the index has."""

    id: str
    text: str
    record: Record
    known: list[str]


def analysed(
    queries: DocumentSource,
    provenance: Provenance,
    words: WordTable | Iterable[Record] | None,
    checked: Callable[[Iterable[Record]], Iterator[Record]],
    knows: Callable[[str], bool],
) -> list[Query]:
    """The queries with their tokens; what is searched for is logged.

    Queries that have tokens keep them if `checked` passes them on. Texts are analysed by the
    analyzer and the options of morph that made the tokens of the documents. Later steps that
    remove tokens need not be repeated, as the index does not have these tokens.
    """
    records = list(as_tokens(queries))
    if not records:
        raise UsageError(
            _("no query given"),
            _("such as: {example}").format(example="korpus search index.safetensors '배송 환불'"),
        )
    with_tokens = [record for record in records if record.get("tokens") is not None]
    texts = [record for record in records if record.get("tokens") is None]
    options, steps = split_analysis(provenance["analysis"])
    made: dict[int, Record] = dict(zip(map(id, with_tokens), checked(with_tokens), strict=True))
    if texts:
        _log_steps(steps)
        analyzer = provenance["analyzer"] or "space"
        if not provenance["analyzer"]:
            logger.warning(
                _("the documents were not all analysed in one way: queries are split at spaces")
            )
        again = morph_again(texts, analyzer, options, words=words)
        made |= dict(zip(map(id, texts), again, strict=True))
    found = []
    for record in records:
        tokens = made[id(record)]["tokens"]
        text = str(record.get("text") or " ".join(tokens))
        known = [token for token in tokens if knows(token)]
        found.append(Query(str(record["id"]), text, made[id(record)], known))
    _log(found)
    return found


def _log_steps(steps: str) -> None:
    """Log the steps that make other tokens, which are not repeated."""
    others = [step for step in steps.split(" | ") if step and not step.startswith("stopwords")]
    if others:
        logger.warning(
            _("not repeated for queries: %s; --queries FILE takes tokens made in the same way"),
            ", ".join(others),
        )


def _log(queries: list[Query]) -> None:
    empty = [repr(query.text) for query in queries if not query.record["tokens"]]
    if empty:
        logger.warning(
            _("queries without a word, after the analysis of the documents: %s"),
            listed(empty, _SHOWN),
        )
    unknown: dict[Any, None] = {}
    for query in queries:
        unknown |= dict.fromkeys(t for t in query.record["tokens"] if t not in query.known)
    if len(queries) == 1 and queries[0].known:
        words = list(dict.fromkeys(queries[0].known))
        logger.info(_("searched for: %s"), listed(words, _SHOWN))
    if unknown:
        logger.info(_("in no document: %s"), listed(list(unknown), _SHOWN))
