"""Analyse texts as other documents were analysed, by the options that their `analysis` records."""

import logging
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from korpus.analyzers.morph import morph
from korpus.analyzers.subwords import SUBWORD
from korpus.analyzers.words.table import WordTable, word_table
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.records import Counts, Record

logger = logging.getLogger("korpus")

_FLAGS = ("lemma", "split_derived", "norm", "split_inflect", "fold")
_VALUES = ("pos", "join", "compound", "words")


def morph_again(
    documents: Iterable[Record],
    analyzer: str,
    options: str,
    *,
    words: WordTable | Iterable[Record] | None = None,
) -> Iterator[Record]:
    """Analyse documents with the options of morph that a column `analysis` begins with. Streams.

    A document that the analyzer fails at has no tokens, which is logged. `words`: the word table
    (단어표) of the analysis, of which the column has only the digest.
    Raises KorpusError for documents analysed with a tokenizer of subwords, which is not at hand,
    and UsageError if it had a word table and `words` is missing or another one.
    """
    if analyzer.startswith(SUBWORD):
        raise KorpusError(
            _("no text can be analysed as the documents were: by a tokenizer of subwords"),
            _("use tokens of another analyzer: korpus morph FILE -a mecab"),
        )
    table = words if words is None or isinstance(words, WordTable) else word_table(words)
    given = _parsed(options)
    wanted = given.pop("words", None)
    if (table and table.digest) != wanted:
        raise UsageError(
            _("the documents were analysed with a word table (단어표), and these texts are not")
            if table is None
            else _("the word table (단어표) is not the one that the documents were analysed with"),
            _("give the same: --words FILE") if wanted else _("leave out --words"),
        )
    failed: list[Record] = []
    for record in documents:
        found = list(
            morph(
                [record],
                analyzer,
                words=table,
                counts=Counts(),
                rejects=failed.append,
                **given,
            )
        )
        if not found:
            logger.warning(
                _("%r cannot be analysed: %s"), record["text"], failed.pop().get("reason")
            )
            found = [{**record, "tokens": [], "tags": [], "analyzer": analyzer}]
        yield from found


def _parsed(options: str) -> dict[str, Any]:
    """The arguments of `morph` in options as `analysis` records them."""
    found: dict[str, Any] = {}
    items = iter(shlex.split(options))
    for item in items:
        name = item.removeprefix("--").replace("-", "_")
        if name in _FLAGS:
            found[name] = True
        elif name in _VALUES:
            found[name] = next(items, "")
        else:
            raise KorpusError(
                _("an analysis with {option} cannot be repeated").format(option=item),
                _("give texts that korpus morph has analysed in the same way"),
            )
    return found
