"""The stage morph (형태소 분석): documents → documents with tokens."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from korpus.analyzers.table import Analysis, Analyzer, Tokens, check_option, load
from korpus.documents import Gate
from korpus.errors import KorpusError, UsageError
from korpus.records import Record, plural
from korpus.tagsets import TagSelection

logger = logging.getLogger("korpus")


def morph(
    documents: Iterable[Record],
    analyzer: str = "mecab",
    *,
    pos: Sequence[str] = (),
    lemma: bool = False,
    norm: bool = False,
    split_inflect: bool = False,
    nbest: int = 0,
    drop_text: bool = False,
) -> Iterator[Record]:
    """Split documents into morphemes with their part of speech (형태소 분석). Streams.

    Parameters: `analyzer`, a name of `korpus.analyzers.ANALYZERS`; `pos`, groups (`noun`, `verb`)
    or native tags (`NNG`, `Josa`) to keep, all by default; `lemma`, verbs and adjectives in their
    dictionary form in -다, with fused tokens taken apart; `norm`, Okt's spelling normaliser;
    `split_inflect`, fused tokens such as 갔/VV+EP in their morphemes; `nbest`, how many readings
    to add; `drop_text`, leave the text out.

    Columns in: `id`, `text`. Out: the same (`text` as it came) with `tokens`, `tags`, `analyzer`,
    where options shaped the analysis `analysis`, and with `nbest` `readings`, a list of
    `tokens`, `tags` and `score`, best first. A blank document has empty tokens.
    Raises UsageError for an unknown analyzer, option or tag, KorpusError where the analyzer fails.
    """
    tagger = load(analyzer, Analysis(lemma, norm, split_inflect))
    if nbest < 0:
        raise UsageError(f"--nbest {nbest} is less than 0", "give how many readings to show")
    if nbest:
        check_option(analyzer, "nbest")
    wanted = TagSelection(pos, analyzer) if pos else None
    columns = {"analyzer": analyzer}
    if analysis := _analysis(pos, lemma, norm, split_inflect):
        columns["analysis"] = analysis
    return _morph(documents, tagger, wanted, nbest, drop_text, columns)


def _morph(
    documents: Iterable[Record],
    tagger: Analyzer,
    wanted: TagSelection | None,
    nbest: int,
    drop_text: bool,
    columns: dict[str, str],
) -> Iterator[Record]:
    gate = Gate()
    blank = 0
    for batch in _batches(documents, tagger.batch):
        lines = [gate.lines(record["text"]) for record in batch]
        results = _results(tagger, batch, lines)
        for record, its_lines in zip(batch, lines, strict=True):
            blank += not its_lines
            tokens = _selected(_joined(islice(results, len(its_lines))), wanted)
            record = {**record, "tokens": tokens[0], "tags": tokens[1], **columns}
            if nbest:
                record["readings"] = _readings(tagger, its_lines, nbest, wanted)
            if drop_text:
                del record["text"]
            yield record
    if gate.changed:
        logger.info("cleaned for analysis: %s", gate.summary())
    if blank:
        logger.info("%s blank: kept, with no tokens", plural(blank, "document"))


def _results(tagger: Analyzer, batch: list[Record], lines: list[list[str]]) -> Iterator[Tokens]:
    done = 0
    try:
        for tokens in tagger.analyze([line for its_lines in lines for line in its_lines]):
            yield tokens
            done += 1
    except KorpusError:
        raise
    except Exception as error:  # each binding has its own
        guilty = _document_of_line(batch, lines, done)
        raise KorpusError(
            f"the analyzer failed at document {guilty['id']!r}: {type(error).__name__}",
            "look at its text, or try another analyzer with -a",
        ) from error


def _document_of_line(batch: list[Record], lines: list[list[str]], number: int) -> Record:
    for record, its_lines in zip(batch, lines, strict=True):
        if number < len(its_lines):
            return record
        number -= len(its_lines)
    return batch[-1]


def _joined(results: Iterable[Tokens]) -> Tokens:
    """The tokens of a document from those of its lines."""
    forms: list[str] = []
    tags: list[str] = []
    for line_forms, line_tags in results:
        forms += line_forms
        tags += line_tags
    return forms, tags


def _selected(tokens: Tokens, wanted: TagSelection | None) -> Tokens:
    if wanted is None:
        return tokens
    pairs = [(form, tag) for form, tag in zip(*tokens, strict=True) if tag in wanted]
    return [form for form, _ in pairs], [tag for _, tag in pairs]


def _readings(
    tagger: Analyzer, lines: list[str], count: int, wanted: TagSelection | None
) -> list[Record]:
    """The best readings of a document; its lines are one text here, as readings do not add up."""
    assert tagger.nbest is not None
    readings = tagger.nbest(" ".join(lines), count) if lines else []
    return [
        {"tokens": forms, "tags": tags, "score": score}
        for (forms, tags), score in (
            (_selected(tokens, wanted), score) for tokens, score in readings
        )
    ]


def _batches(documents: Iterable[Record], characters: int) -> Iterator[list[Record]]:
    """Lists of documents of about so many characters together."""
    batch: list[Record] = []
    size = 0
    for record in documents:
        if "text" not in record:
            raise KorpusError(
                f"document {record.get('id')!r} has no text to analyse",
                "it was left out with --drop-text; start from the documents",
            )
        batch.append(record)
        size += len(record["text"]) + 16  # a blank document has its cost too
        if size >= characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _analysis(pos: Sequence[str], lemma: bool, norm: bool, split_inflect: bool) -> str:
    """The options that shaped the analysis, as one would type them."""
    options = [f"--pos {','.join(pos)}"] if pos else []
    flags = {"--lemma": lemma, "--norm": norm, "--split-inflect": split_inflect}
    return " ".join(options + [flag for flag, given in flags.items() if given])
