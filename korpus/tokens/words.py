"""The stage words apply: a word table for tokens that are there already."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial

from korpus.analyzers import WordTable, is_analyzer, word_table
from korpus.analyzers.located import Located
from korpus.analyzers.words.effects import log_words
from korpus.analyzers.words.rules import WordRules
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_tokens,
    lazily,
    tokenized,
    without_tree,
)
from korpus.tokens.analysis import add_step, with_analysis

logger = logging.getLogger("korpus")

_NOT_JOINED = "words apply: not joined"


def words_apply(
    documents: DocumentSource,
    words: WordTable | Iterable[Record],
    *,
    counts: Counts | None = None,
) -> Records:
    """Apply a word table (단어표) to documents with tokens: join, merge and drop. Streams.

    Parameters: `documents`, records with tokens; `words`, a word table or its rows, see
    `korpus.analyzers.word_table`; `counts`, a Counter to fill for `log_applied`, which otherwise is
    called at the end.

    Tokens are joined where they are a word of the table together, one beside the other in the
    text. A word that ends inside a token is not cut out, as the analyzer is not asked: for that,
    give the table to `morph`. Documents whose text was left out are only merged and dropped.

    Columns in: `id`, `tokens`, `tags`, `text`. Out: the same columns.
    Raises KorpusError for a table that is wrong, or documents without tokens.
    """
    table = words if isinstance(words, WordTable) else word_table(words)
    stage = partial(_logged, table) if counts is None else partial(_apply, table, counts)
    return lazily(as_tokens(documents), lambda found: stage(tokenized(found)))


def log_applied(counts: Counts, *, words: WordTable) -> None:
    """Log what a word table did to the tokens."""
    log_words(words, counts)
    if counts[_NOT_JOINED]:
        logger.info(
            _("%s without text: tokens were merged and dropped, but not joined"),
            plural(counts[_NOT_JOINED], "document"),
        )


def _logged(table: WordTable, documents: Iterable[Record]) -> Iterator[Record]:
    counts = Counts()
    yield from _apply(table, counts, documents)
    log_applied(counts, words=table)


def _apply(table: WordTable, counts: Counts, documents: Iterable[Record]) -> Iterator[Record]:
    rules: dict[str, WordRules] = {}
    step = f"words apply {table.digest}"
    for record in documents:
        analyzer = record.get("analyzer")
        if not isinstance(analyzer, str) or not is_analyzer(analyzer):
            analyzer = "mecab"  # tokens from elsewhere: most have its tagset
        if analyzer not in rules:
            rules[analyzer] = WordRules(table, analyzer, counts=counts)
        found = _changed(record, rules[analyzer], counts)
        if not isinstance(analysis := record.get("analysis"), str):
            record, analysis = with_analysis(record), None
        if "heads" in record and found.forms != record["tokens"]:
            record = without_tree(record)
        changed = {**record, "tokens": found.forms, "tags": found.tags}
        changed["analysis"] = add_step(analysis, step)
        places = {"spans": found.spans, "positions": found.positions}
        changed |= {name: places[name] for name in places.keys() & record.keys()}
        changed.pop("readings", None)
        yield changed


def _changed(record: Record, rules: WordRules, counts: Counts) -> Located:
    text, forms = record.get("text"), record["tokens"]
    spans, positions = (
        found if isinstance(found := record.get(name), list) and len(found) == len(forms) else []
        for name in ("spans", "positions")
    )
    tokens = Located(forms, record["tags"], spans, positions)
    if isinstance(text, str):
        return rules.apply(text, tokens, spans="spans" in record)
    counts[_NOT_JOINED] += 1
    return rules.change(tokens)
