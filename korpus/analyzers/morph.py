"""The stage morph (형태소 분석): documents → documents with tokens."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from korpus.analyzers.table import ANALYZERS, Analysis, Analyzer, Tokens, check, check_option, load
from korpus.documents import Gate, changes
from korpus.errors import KorpusError, UsageError
from korpus.records import Notes, Record, as_list, batches_of, plural
from korpus.tagsets import TagSelection

logger = logging.getLogger("korpus")

_MOST_READINGS = 1000
_BLANK, _LOST = "blank", "lost"
_COLUMNS = {"tokens", "tags", "readings", "analysis"}
# In a worker one analyzer serves every batch; two would fill the memory of a JVM.
_loaded = lru_cache(maxsize=1)(load)


def morph(
    documents: Iterable[Record],
    analyzer: str = "mecab",
    *,
    pos: str | Sequence[str] = (),
    lemma: bool = False,
    norm: bool = False,
    split_inflect: bool = False,
    nbest: int = 0,
    drop_text: bool = False,
    notes: Notes | None = None,
) -> Iterator[Record]:
    """Split documents into morphemes with their part of speech (형태소 분석). Streams.

    Parameters: `analyzer`, a name of `korpus.analyzers.ANALYZERS`; `pos`, groups (`noun`, `verb`)
    or native tags (`NNG`, `Josa`) to keep, all by default; `lemma`, verbs and adjectives in their
    dictionary form in -다, with fused tokens taken apart; `norm`, Okt's spelling normaliser;
    `split_inflect`, fused tokens such as 갔/VV+EP in their morphemes; `nbest`, how many readings
    to add; `drop_text`, leave the text out; `notes`, where to count what `log_notes` says, which is
    said at the end without it.

    Columns in: `id`, `text`. Out: the same (`text` as it came) with `tokens`, `tags`, `analyzer`,
    where options shaped the analysis `analysis`, and with `nbest` `readings`, a list of
    `tokens`, `tags` and `score`, best first. A blank document has empty tokens.
    Raises UsageError for an unknown analyzer, option or tag, KorpusError where the analyzer fails.
    """
    analysis = Analysis(lemma, norm, split_inflect)
    check(analyzer, analysis)
    if not 0 <= nbest <= _MOST_READINGS:
        raise UsageError(
            f"--nbest {nbest} is not from 0 to {_MOST_READINGS}", "3 shows the three best readings"
        )
    if nbest:
        check_option(analyzer, "nbest")
    pos = as_list(pos)
    if pos:
        check_option(analyzer, "pos")
    wanted = TagSelection(pos, analyzer) if pos else None
    columns = {"analyzer": analyzer}
    if options := _options(pos, analysis):
        columns["analysis"] = options
    found = Notes() if notes is None else notes
    records = _morph(documents, analyzer, analysis, wanted, nbest, drop_text, columns, found)
    return records if notes is not None else _saying(records, found)


def log_notes(notes: Notes) -> None:
    """Say on the log what morph noted: texts that were cleaned, documents that were blank."""
    if cleaned := changes(notes):
        logger.info("cleaned for analysis: %s", cleaned)
    if notes[_BLANK]:
        logger.info("%s blank: kept, with no tokens", plural(notes[_BLANK], "document"))
    if notes[_LOST]:
        lost = plural(notes[_LOST], "document")
        logger.warning("the analyzer gave nothing for a line of %s: try another with -a", lost)


def _saying(records: Iterator[Record], notes: Notes) -> Iterator[Record]:
    yield from records
    log_notes(notes)


def _morph(
    documents: Iterable[Record],
    analyzer: str,
    analysis: Analysis,
    wanted: TagSelection | None,
    nbest: int,
    drop_text: bool,
    columns: dict[str, str],
    notes: Notes,
) -> Iterator[Record]:
    tagger = _loaded(analyzer, analysis)
    gate = Gate(notes)
    for batch in batches_of(_with_text(documents), ANALYZERS[analyzer].batch):
        lines = [gate.lines(record["text"]) for record in batch]
        results = _results(tagger, batch, lines)
        for record, its_lines in zip(batch, lines, strict=True):
            notes[_BLANK] += not its_lines
            found = list(islice(results, len(its_lines)))
            notes[_LOST] += any(not forms for forms, _ in found)
            tokens = _selected(_joined(found), wanted)
            record = {**_freed(record), "tokens": tokens[0], "tags": tokens[1], **columns}
            if nbest:
                record["readings"] = _readings(tagger, its_lines, nbest, wanted)
            if drop_text:
                del record["text"]
            yield record


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


def _freed(record: Record) -> Record:
    """A record in which columns of the user's do not stand where tokens go: `tags` is `tags_`."""
    if _COLUMNS.isdisjoint(record):
        return record
    if "analyzer" in record:  # an earlier analysis, which this one replaces
        return {key: value for key, value in record.items() if key not in _COLUMNS}
    return {f"{key}_" if key in _COLUMNS else key: value for key, value in record.items()}


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


def _with_text(documents: Iterable[Record]) -> Iterator[Record]:
    for record in documents:
        if not isinstance(record.get("text"), str):
            raise KorpusError(
                f"document {record.get('id')!r} has no text to analyse",
                "was it left out with --drop-text? start from the documents",
            )
        yield record


def _options(pos: Sequence[str], analysis: Analysis) -> str:
    """The options that shaped the analysis, as one would type them."""
    options = [f"--pos {','.join(pos)}"] if pos else []
    flags = {"--lemma": analysis.lemma, "--norm": analysis.norm}
    flags["--split-inflect"] = analysis.split_inflect
    return " ".join(options + [flag for flag, given in flags.items() if given])
