"""The stage morph (형태소 분석): documents → documents with tokens."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from korpus.analyzers.jvm import check_heap
from korpus.analyzers.table import ANALYZERS, Analysis, Analyzer, Tokens, check, check_option, load
from korpus.documents import Gate, changes
from korpus.errors import KorpusError, UsageError
from korpus.messages import plural
from korpus.records import Counts, Record, as_list, batches_of, rename_clashes, set_aside
from korpus.tagsets import TagSelection

logger = logging.getLogger("korpus")

_MOST_READINGS = 1000
_BLANK = "blank"
_SHOWN = 30  # characters of a line in a message
_LEAST_KEPT = 3  # stems are shorter than words, but not by more than this factor
_COLUMNS = {"tokens", "tags", "analyzer", "readings", "analysis"}
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
    java_heap: str = "",
    counts: Counts | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Iterator[Record]:
    """Split documents into morphemes with their part of speech (형태소 분석). Streams.

    Parameters: `analyzer`, a name of `korpus.analyzers.ANALYZERS`; `pos`, groups (`noun`, `verb`)
    or native tags (`NNG`, `Josa`) to keep, all by default; `lemma`, verbs and adjectives in their
    dictionary form in -다, with fused tokens taken apart; `norm`, Okt's spelling normaliser;
    `split_inflect`, fused tokens such as 갔/VV+EP in their morphemes; `nbest`, how many readings
    to add; `drop_text`, leave the text out; `java_heap`, the most memory of a Java analyzer (1g);
    `counts`, where to count what `log_counts` says, which is said at the end without it; `rejects`,
    called with each document that could not be analysed, with columns `error` and `reason`:
    nothing, lost (tokens that are not the text), failed, or surrogates (half characters).

    Columns in: `id`, `text`. Out: the same (`text` as it came) with `tokens`, `tags`, `analyzer`,
    where options shaped the analysis `analysis`, and with `nbest` `readings`, a list of
    `tokens`, `tags` and `score`, best first. A blank document has empty tokens.
    Raises UsageError for an unknown analyzer, option or tag, and, without `rejects`, KorpusError at
    the first document that cannot be analysed.
    """
    analysis = Analysis(lemma, norm, split_inflect, java_heap)
    check(analyzer, analysis)
    check_heap(java_heap)
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
    found = Counts() if counts is None else counts
    records = _morph(
        documents, analyzer, analysis, wanted, nbest, drop_text, columns, found, rejects or _refuse
    )
    return records if counts is not None else _saying(records, found)


def log_counts(counts: Counts) -> None:
    """Say on the log what morph noted: texts that were cleaned, documents that were blank."""
    if cleaned := changes(counts):
        logger.info("cleaned for analysis: %s", cleaned)
    if counts[_BLANK]:
        logger.info("%s blank: kept, with no tokens", plural(counts[_BLANK], "document"))


def _saying(records: Iterator[Record], counts: Counts) -> Iterator[Record]:
    yield from records
    log_counts(counts)


def _morph(
    documents: Iterable[Record],
    analyzer: str,
    analysis: Analysis,
    wanted: TagSelection | None,
    nbest: int,
    drop_text: bool,
    columns: dict[str, str],
    counts: Counts,
    reject: Callable[[Record], None],
) -> Iterator[Record]:
    tagger = _loaded(analyzer, analysis)
    entry = ANALYZERS[analyzer]
    gate = Gate(counts, entry.longest, entry.run)
    for batch in batches_of(_with_text(documents), entry.batch):
        lines = [_lines(gate, record) for record in batch]
        results = _results(tagger, [line for its_lines in lines for line in its_lines or ()])
        for record, its_lines in zip(batch, lines, strict=True):
            if its_lines is None:
                reject(set_aside(record, "surrogates", "its text holds half a character"))
                continue
            if len(its_lines) == 1:  # most often, so in the shortest way
                found = next(results)
                problem = _problem(its_lines[0], found, tagger.keeps_text)
            else:
                found, problem = _of_lines(its_lines, results, tagger.keeps_text)
                counts[_BLANK] += not its_lines
            if problem:
                reject(set_aside(record, *problem))
                continue
            tokens = _selected(found, wanted) if wanted else found
            record = {**_freed(record), "tokens": tokens[0], "tags": tokens[1], **columns}
            if nbest:
                record["readings"] = _readings(tagger, its_lines, nbest, wanted)
            if drop_text:
                del record["text"]
            yield record


def _lines(gate: Gate, record: Record) -> list[str] | None:
    """What of a document goes to the analyzer; None where it cannot."""
    try:
        return gate.lines(record["text"], record["id"])
    except UnicodeEncodeError:
        return None


def _results(tagger: Analyzer, lines: list[str]) -> Iterator[Any]:
    """The tokens of each line, or why there are none."""
    done = 0
    while done < len(lines):
        try:
            for tokens in tagger.analyze(lines[done:]):
                done += 1
                yield tokens
            return
        except Exception as error:  # each binding has its own
            done += 1
            yield error


def _of_lines(
    lines: list[str], results: Iterator[Any], keeps_text: bool
) -> tuple[Tokens, tuple[str, str] | None]:
    """The tokens of a document of several lines, or none; and what is wrong with them."""
    forms: list[str] = []
    tags: list[str] = []
    first_problem = None
    for line, found in zip(lines, list(islice(results, len(lines))), strict=True):
        problem = _problem(line, found, keeps_text)
        first_problem = first_problem or problem
        if not problem:
            forms += found[0]
            tags += found[1]
    return (forms, tags), first_problem


def _problem(line: str, found: Tokens | Exception, keeps_text: bool) -> tuple[str, str] | None:
    """What is wrong with the tokens of a line: the kind and the reason."""
    if isinstance(found, Exception):
        return "failed", f"the analyzer failed: {_first_line(found)}"
    kept = "".join(found[0]).replace(" ", "")
    if not kept:
        return "nothing", f"the analyzer gave nothing for {_shown(line)}"
    given = line.replace(" ", "")
    if kept != given if keeps_text else len(kept) * _LEAST_KEPT < len(given):
        lost = f"{len(kept)} of {len(given)} characters came back"
        return "lost", f"the analyzer lost text of {_shown(line)}: {lost}"
    return None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _shown(line: str) -> str:
    return repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…")


def _refuse(record: Record) -> None:
    raise KorpusError(
        f"document {record['id']!r} cannot be analysed: {record['reason']}",
        "look at its text, or try another analyzer",
    )


def _freed(record: Record) -> Record:
    """A record in which columns of the user's do not stand where tokens go: `tags` is `tags_`."""
    if _COLUMNS.isdisjoint(record):
        return record
    analyzer = record.get("analyzer")
    if type(analyzer) is str and analyzer in ANALYZERS and type(record.get("tokens")) is list:
        # An earlier analysis, which this one replaces.
        return {key: value for key, value in record.items() if key not in _COLUMNS}
    return rename_clashes(record, _COLUMNS)


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
