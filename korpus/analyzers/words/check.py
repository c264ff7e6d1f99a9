"""The stage words check: what a word table does to each of its words."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from korpus.analyzers.located import Located
from korpus.analyzers.morph import morph
from korpus.analyzers.shaping import word_rules
from korpus.analyzers.table import ANALYZERS, Analysis, check, load
from korpus.analyzers.words.effects import PIECES, effects, why_idle
from korpus.analyzers.words.particles import topic_particle
from korpus.analyzers.words.table import Word, WordTable, word_table
from korpus.records import Counts, DocumentSource, Record, Table, as_list, as_records

NO_EFFECT: Final = "none"


def words_check(
    words: WordTable | Iterable[Record],
    documents: "DocumentSource | None" = None,
    *,
    analyzer: str | Sequence[str] = "mecab",
    rejects: Callable[[Record], None] | None = None,
) -> Table:
    """Check what a word table (단어표) does: a row per word and analyzer. Needs the whole table.

    Parameters: `words`, a word table or its rows; `documents`, texts in which the words are counted
    (default: none); `analyzer`, names as a list or as "mecab,kiwi"; `rejects`, a function called
    with each document that an analyzer cannot analyse.

    Columns out: `form`, `analyzer`, `before` and `after` (the tokens of the word before the
    particle 은 or 는, without and with the table), `effect` (`whole`, `already whole`, `merged`,
    `dropped` or `none`), and with documents `count`, the number of tokens that the table made,
    merged or dropped there; a word with a count of 0 has the effect `none`.
    Raises KorpusError for a table that is wrong and, without `rejects`, for the first document that
    cannot be analysed, UsageError for an unknown analyzer.
    """
    table = words if isinstance(words, WordTable) else word_table(words)
    names = as_list(analyzer)
    for name in names:
        check(name, Analysis())
    texts = None if documents is None else list(as_records(documents))
    columns = ["form", "analyzer", "before", "after", "effect"]
    if texts is not None:
        columns = [*columns, "count"]
    return Table(columns, partial(_rows, table, names, texts, rejects))


def words_report(words: WordTable, counts: Counts, analyzer: str) -> Table:
    """Report what a word table did to documents: a row per word.

    `counts`: as morph filled them. Columns out: `form`, `before` (its tokens without the table),
    `pieces`, `kept`, `merged`, `dropped` (how often it would have been several tokens or part of
    one, was kept whole, merged and dropped), and `note`: why a word had no effect. For an analyzer
    that takes the words into its dictionary, `pieces` are all occurrences of a word that it splits
    by itself.
    """
    columns = ["form", "before", "pieces", "kept", "merged", "dropped", "note"]
    return Table(columns, partial(_report, words, counts, analyzer))


def _report(words: WordTable, counts: Counts, analyzer: str) -> Iterator[tuple[object, ...]]:
    analysed = load(analyzer).analyze([word.form for word in words.words])
    for word, (forms, tags) in zip(words.words, analysed, strict=True):
        numbers = effects(word, counts)
        pieces = counts[PIECES + word.form]
        if ANALYZERS[analyzer].takes_words and len(forms) > 1:
            pieces = sum(numbers)
        note = "" if any(numbers) else why_idle(word, words, counts)
        yield (word.form, _shown(forms, tags), pieces, *numbers, note)


def _rows(
    table: WordTable,
    names: list[str],
    documents: list[Record] | None,
    rejects: Callable[[Record], None] | None,
) -> Iterator[tuple[object, ...]]:
    for name in names:
        plain, with_words = load(name), load(name, Analysis(words=table))
        found = Counts()
        if documents is not None:
            # Only the counts are wanted.
            deque(morph(documents, name, words=table, counts=found, rejects=rejects), maxlen=0)
        rules = word_rules(name, table, with_words, Counts())
        texts = [
            word.form + topic_particle(word.form) if word.is_kept_whole else word.form
            for word in table.words
        ]
        analysed = zip(texts, plain.analyze(texts), with_words.analyze(texts), strict=True)
        for word, (text, (forms, tags), tokens) in zip(table.words, analysed, strict=True):
            counts = Counts()
            after = rules.counting(counts).apply(text, Located(*tokens))
            number = sum(effects(word, found))
            effect = _effect(word, forms, counts)
            shown = [word.form, name, _shown(forms, tags), _shown(after.forms, after.tags)]
            if documents is None:
                yield (*shown, effect)
            else:
                yield (*shown, effect if number else NO_EFFECT, number)


def _effect(word: Word, before: list[str], counts: Counts) -> str:
    whole, merged, dropped = effects(word, counts)
    if merged or dropped or not word.is_kept_whole:
        return "dropped" if word.drop else "merged"
    if not whole:
        return NO_EFFECT
    return "already whole" if before[0] == word.form else "whole"


def _shown(forms: list[str], tags: list[str]) -> str:
    return " ".join(f"{form}/{tag}" if tag else form for form, tag in zip(forms, tags, strict=True))
