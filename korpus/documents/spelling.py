"""The stage spell (맞춤법): documents → the same with frequent misspellings corrected."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from korpus.documents.kiwi import kiwi, with_results
from korpus.documents.letters import mend_lone
from korpus.documents.spacing import log_composed
from korpus.documents.texts import Rejects
from korpus.messages import _, listed, plural
from korpus.records import Counts, DocumentSource, Record, Records, as_records, lazily

logger = logging.getLogger("korpus")

_TYPOS = "basic"  # Kiwi's set: confusable vowels and consonants, 되/돼, 안/않
_ALL, _CHANGED = "documents", "changed"
_WORD = "corrected "
_NOT_THESE = {"NNP", "Z_CODA"}  # names, and the ㅋ of 했엌
_SHOWN = 8


def spell(
    documents: DocumentSource,
    *,
    column: str | None = None,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Correct frequent misspellings (잼있다 → 재밌다) in documents with Kiwi. Streams.

    Parameters: `column`, that of the text; `counts`, a Counter to fill for `log_spelled`, which
    otherwise is called at the end; `rejects`, a function called with each document that Kiwi fails
    at. Only words that Kiwi reads as misspelt change, by its basic set of confusions; names stay.
    A tenth of the corrections are wrong in film reviews: look at them first.

    Columns in: `id`, `text`. Out: the same.
    Raises KorpusError, without `rejects`, for the first document that fails.
    """
    return lazily(as_records(documents, column), partial(_counted, counts, rejects))


def log_spelled(counts: Counts) -> None:
    """Log what spell changed, the most frequent corrections first."""
    log_composed(counts)
    words = {name.removeprefix(_WORD): n for name, n in counts.items() if name.startswith(_WORD)}
    if words:
        often = sorted(words.items(), key=lambda item: (-item[1], item[0]))
        logger.info(
            _("corrected %s: %s"),
            plural(sum(words.values()), "word"),
            listed((f"{word} {number:,}" for word, number in often), _SHOWN),
        )
    logger.info(_("changed %s of %s"), f"{counts[_CHANGED]:,}", plural(counts[_ALL], "document"))


def _counted(
    counts: Counts | None, rejects: Rejects | None, documents: Iterable[Record]
) -> Iterator[Record]:
    own = Counts() if counts is None else counts
    for record, parts, results in with_results(documents, _tokens, lambda text: [], own, rejects):
        own[_ALL] += 1
        if not any(token.typo_cost for tokens in results for token in tokens):
            yield record
            continue
        new = "".join(
            _corrected(part, tokens, own) for part, tokens in zip(parts, results, strict=True)
        )
        own[_CHANGED] += new != record["text"]
        yield {**record, "text": new}
    if counts is None:
        log_spelled(own)


def _tokens(texts: list[str]) -> Any:
    return kiwi().tokenize(texts, typos=_TYPOS)


def _corrected(text: str, tokens: list[Any], counts: Counts) -> str:
    """A text with its misspelt tokens replaced by what Kiwi reads."""
    pieces, at = [], 0
    for first, last in _misspelt(tokens):
        found = tokens[first:last]
        start = found[0].start
        end = max(token.start + token.len for token in found)
        old = text[start:end]
        new = mend_lone(kiwi().join(found) if len(found) > 1 else found[0].form)
        if start < at or new == old or not old or " " in new or not _is_hangul(new):
            continue
        counts[f"{_WORD}{old} → {new}"] += 1
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _misspelt(tokens: list[Any]) -> Iterator[tuple[int, int]]:
    """Ranges of tokens: each misspelt one with those that share its syllables."""
    at = 0
    while at < len(tokens):
        first, end = at, tokens[at].start + tokens[at].len
        at += 1
        while at < len(tokens) and (
            tokens[at].start < end or (tokens[at].len == 0 and tokens[at].start == end)
        ):
            end = max(end, tokens[at].start + tokens[at].len)
            at += 1
        group = tokens[first:at]
        if any(token.typo_cost and token.tag not in _NOT_THESE for token in group):
            yield first, at


def _is_hangul(text: str) -> bool:
    return all("가" <= char <= "힣" for char in text)
