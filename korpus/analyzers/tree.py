"""The stage tree (구문 분석): documents → sentences with heads and relations."""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol
from unicodedata import normalize

from korpus.analyzers.morph import without_clashes
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import (
    TREE_COLUMNS,
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    batches_of,
    has_tree,
    lazily,
    rename_clashes,
    rootless_token,
    set_aside,
)

logger = logging.getLogger("korpus")

_BATCH = 1 << 13  # characters of text at a time
_DOCUMENTS, _FOUND, _TREES = "documents", "sentences", "trees"
_OURS = ("document", "start", "end", "tokens", "tags", "analyzer", "analysis", *TREE_COLUMNS)


# A sentence that a parser found: its start and end in characters of the text, and its columns:
# `tokens`, `tags`, `heads`, `relations`, and others of TREE_COLUMNS, lists of equal length.
Sentence = tuple[int, int, Record]


class Parser(Protocol):
    """What parses texts. `analyzer`, `analysis`: the columns that say how."""

    analyzer: str
    analysis: str

    def __call__(self, texts: list[str]) -> list[list[Sentence]]:
        """The sentences of each text. Raises KorpusError if it fails."""


def tree(
    documents: DocumentSource,
    *,
    column: str | None = None,
    parser: Parser | None = None,
    counts: Counts | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Records:
    """Give sentences with a dependency tree (구문 분석), read or parsed. Streams.

    Parameters: `column`, that of the text; `parser`, what parses documents without a tree, such as
    `korpus.files.load_parser(folder)`; `counts`, a Counter to fill for `log_trees`, which otherwise
    is called at the end; `rejects`, a function called with each document that has no proper tree.

    Columns in: `id`, `text`, or of a tree `tokens`, `tags`, `heads`, `relations`, which stay as
    they are. Columns out: the same; of a document that is parsed a record per sentence: `id`
    (7#1, 7#2 …), `text`, composed (NFC), `document`, `start`, `end`, all other columns, `tokens`,
    `tags` (UPOS), `heads` (the number of the head from 1, 0 for the root), `relations`, and what
    the parser gives of `lemmas`, `xpos` and `feats`. A blank document gives one empty sentence.
    Raises KorpusError, without `rejects`, for a document without a tree if there is no parser, and
    for heads that make no tree.
    """
    own = Counts() if counts is None else counts
    how = partial(_trees, parser=parser, counts=own, rejects=rejects)

    def logged(found: Iterable[Record]) -> Iterator[Record]:
        yield from how(found)
        if counts is None:
            log_trees(own)
            own.clear()

    return lazily(as_records(documents, column), logged)


def log_trees(counts: Counts) -> None:
    """Log how many documents were parsed, and how many came with a tree."""
    if counts[_TREES]:
        logger.info(_("%s with a tree"), plural(counts[_TREES], "sentence"))
    if counts[_DOCUMENTS]:
        logger.info(
            _("parsed %s: %s"),
            plural(counts[_DOCUMENTS], "document"),
            plural(counts[_FOUND], "sentence"),
        )


def check_tree(record: Record) -> None:
    """Raises KorpusError for a record without heads, and for heads that make no tree."""
    document = _("document {id!r}").format(id=record.get("id"))
    if not has_tree(record):
        raise KorpusError(
            _("{document} has no dependency tree").format(document=document),
            _("-m FOLDER parses texts with a model of stanza; .conllu files have trees"),
        )
    tokens = record["tokens"]
    for name in ("heads", "relations"):
        found = record.get(name)
        if not isinstance(found, list) or len(found) != len(tokens):
            raise KorpusError(
                _("{document}: {column} is no list with an item per token").format(
                    document=document, column=name
                ),
                _("draw trees before steps that change the tokens, such as stopwords"),
            )
    heads = record["heads"]
    if not all(type(head) is int and 0 <= head <= len(tokens) for head in heads):
        raise KorpusError(
            _("{document}: a head is no number from 0 (root) to {last}").format(
                document=document, last=len(tokens)
            ),
            _("heads count the tokens of a sentence from 1"),
        )
    if (word := rootless_token(heads)) is not None:
        raise KorpusError(
            _("{document}: the heads of token {word} lead to no root").format(
                document=document, word=word
            ),
            _("from each token the heads must lead to one whose head is 0"),
        )


def _trees(
    documents: Iterable[Record],
    *,
    parser: Parser | None,
    counts: Counts,
    rejects: Callable[[Record], None] | None,
) -> Iterator[Record]:
    for batch in batches_of(documents, _BATCH):
        plain = [record for record in batch if parser is not None and not has_tree(record)]
        parsed = iter(_parsed(plain, parser, rejects) if parser is not None else ())
        for record in batch:
            if parser is not None and not has_tree(record):
                sentences = next(parsed)
                if sentences is None:  # set aside
                    continue
                counts[_DOCUMENTS] += 1
                counts[_FOUND] += len(sentences)
                yield from sentences
                continue
            try:
                check_tree(record)
            except KorpusError as error:
                if rejects is None or not has_tree(record):
                    raise
                rejects(set_aside(record, "tree", error.message))
                continue
            counts[_TREES] += 1
            yield record


def _parsed(
    documents: list[Record], parser: Parser, rejects: Callable[[Record], None] | None
) -> Iterator[list[Record] | None]:
    """The sentences of each document; None for a document at which the parser fails."""
    texts = [normalize("NFC", str(record.get("text") or "")) for record in documents]
    found: list[list[Sentence] | None] = []
    try:
        found += parser(texts)
    except KorpusError:  # which of them it was
        for record, text in zip(documents, texts, strict=True):
            try:
                found += parser([text])
            except KorpusError as error:
                if rejects is None:
                    raise
                rejects(set_aside(record, "parser", error.message))
                found.append(None)
    for record, text, sentences in zip(documents, texts, found, strict=True):
        yield None if sentences is None else list(_sentences(record, text, sentences, parser))


def _sentences(
    record: Record, text: str, sentences: list[Sentence], parser: Parser
) -> Iterator[Record]:
    others = {
        name: value
        for name, value in rename_clashes(without_clashes(record), _OURS).items()
        if name not in ("id", "text")
    }
    empty: Record = {"tokens": [], "tags": [], "heads": [], "relations": []}
    if not sentences:  # the text is blank
        sentences = [(0, 0, empty)]
    for number, (start, end, columns) in enumerate(sentences, 1):
        yield {
            "id": f"{record['id']}#{number}",
            "text": text[start:end],
            "document": record["id"],
            "start": start,
            "end": end,
            **others,
            "tokens": columns["tokens"],
            "tags": columns["tags"],
            "analyzer": parser.analyzer,
            "analysis": parser.analysis,
            **{name: columns[name] for name in TREE_COLUMNS if name in columns},
        }
