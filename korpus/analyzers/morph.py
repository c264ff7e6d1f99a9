"""The stage morph (형태소 분석): documents → documents with tokens."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial

from korpus.analyzers.analysed import analysed, with_text
from korpus.analyzers.compounds import CHOICES, KEEP, compounds_split
from korpus.analyzers.joins import NEGATION, join_names, log_joined
from korpus.analyzers.jvm import check_heap
from korpus.analyzers.problems import of_lines, problem_of
from korpus.analyzers.readings import readings
from korpus.analyzers.shaping import Shaping, options_shown, steps, word_rules
from korpus.analyzers.subwords import SUBWORD, Subwords
from korpus.analyzers.table import Analysis, check, check_option, entry, is_analyzer, load
from korpus.analyzers.words.effects import log_words
from korpus.analyzers.words.rules import WordRules
from korpus.analyzers.words.table import WordTable, word_table
from korpus.checks import check_choice
from korpus.documents import Gate, changes
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_records,
    batches_of,
    lazily,
    rename_clashes,
    set_aside,
    split_names,
    without_tree,
)
from korpus.tagsets import BY_FORM, KOREAN, TagSelection
from korpus.workers import supervise

logger = logging.getLogger("korpus")

_MOST_READINGS = 1000
_BLANK = "blank"
_FOREIGN = "foreign left out"
_PLACES = ("spans", "positions", "sentence_starts")
_COLUMNS = {"tokens", "tags", "analyzer", "readings", "analysis", *_PLACES}
# A worker keeps its analyzer for all batches. Only one: two might fill the JVM's memory.
_loaded = lru_cache(maxsize=1)(load)


@lru_cache(maxsize=1)
def _rules(analyzer: str, analysis: Analysis) -> WordRules:
    assert analysis.words is not None
    return word_rules(analyzer, analysis.words, _loaded(analyzer, analysis), Counts())


def morph(
    documents: DocumentSource,
    analyzer: str = "mecab",
    *,
    column: str | None = None,
    pos: str | Sequence[str] = (),
    lemma: bool = False,
    split_derived: bool = False,
    norm: bool = False,
    split_inflect: bool = False,
    nbest: int = 0,
    drop_text: bool = False,
    java_heap: str = "",
    words: WordTable | Iterable[Record] | None = None,
    subwords: Subwords | None = None,
    join: str | Sequence[str] = (),
    compound: str = KEEP,
    fold: bool = False,
    spans: bool = False,
    jobs: int = 1,
    counts: Counts | None = None,
    rejects: Callable[[Record], None] | None = None,
) -> Records:
    """Split documents into morphemes with their part of speech (형태소 분석). Streams.

    Parameters: `documents`, texts, a pandas Series or DataFrame, or records, see `as_records`;
    `analyzer`, a name in `korpus.analyzers.ANALYZERS`; `column`, the column of the text (default:
    `text`, `document`, `본문` …); `pos`, groups (`noun`, `verb`) or the analyzer's own tags (`NNG`,
    `Josa`) to keep, as a list or as "noun,verb" (default: all), `term` (용어) for nouns, foreign
    words and roots, as topics and keywords need; `lemma`, give verbs and adjectives, also those
    made of a noun or root and a suffix (공부하다), in their dictionary form ending in -다, and
    split fused tokens; `split_derived`, with `lemma`, keep noun and suffix apart (공부, 하);
    `norm`, normalise spelling (okt); `split_inflect`, split fused tokens such as
    갔/VV+EP into morphemes; `nbest`, number of readings to add; `drop_text`, leave out the text;
    `java_heap`, maximum memory of a Java analyzer (default: 1g); `words`, a word table (단어표) or
    its rows, see `word_table`: words to keep whole, to merge and to drop; `subwords`, for the
    analyzer `subword`, the tokenizer that `subword_train` made; `join`, tokens to join:
    `negation` (부정) and `number` (숫자), see below; `compound`, for compounds (합성어) that the
    dictionary of mecab, kkma or kiwi splits: `keep` them, `split` them, or `both`, each followed by
    its parts (kiwi: those of `split_complex`, also 고마움 → 고맙 음); `fold`, give tokens in
    lower case and Latin letters and digits in half width (AI, ai, ＡＩ); `spans`, add where each
    token is in the text; `jobs`, number of processes (0: one per core; kiwi has threads of its own,
    so one process is best); `counts`, a Counter to fill for `log_counts`, which otherwise is called
    at the end; `rejects`, a function called with each document that cannot be analysed.

    Columns in: `id`, `text`. Out: the same with `tokens`, `tags`, `analyzer`, with `analysis` if
    options shaped the analysis, and with `nbest` also `readings`: a list of `tokens`, `tags` and
    `score`, best first. With `spans` also `spans`, `positions` and `sentence_starts`, see
    `korpus.records`. Tokens are kept whole, joined, split as compounds, merged, dropped, folded,
    and then chosen by `pos`, in this order. `text` is unchanged. A blank document has empty tokens.
    Negation joined: 좋지 않다 is 좋다_않다/VA+NEG, 안 좋다 안_좋다/VA+NEG, 영화가 아니다 영화/NNG
    가/JKC 아니다/VCN+NEG. This takes dictionary forms, so it implies `lemma`. Numbers joined:
    3.5%, 1,000원, 2024년, with the tag of the number; 코로나19 with that of the word.
    To `rejects`: the columns in, with `error` and `reason`. `error` is `nothing` (no tokens),
    `lost` (the tokens lack part of the text), `failed`, or `surrogates` (unpaired surrogates).
    Raises UsageError for an unknown analyzer, option or tag, and, without `rejects`, KorpusError
    for the first document that cannot be analysed.
    """
    joins = join_names(join)
    if analyzer == SUBWORD and subwords:
        analyzer = subwords.name
    if joins:
        check_option(analyzer, "join")
    lemma = lemma or NEGATION in joins
    table = words if words is None or isinstance(words, WordTable) else word_table(words)
    analysis = Analysis(lemma, norm, split_inflect, java_heap, split_derived, table, subwords)
    check(analyzer, analysis)
    if split_derived and not lemma:
        message = _("--split-derived is for --lemma: nothing is joined without it")
        raise UsageError(message, _("add --lemma, or leave it out"))
    if split_derived and NEGATION in joins:
        message = _("--split-derived keeps apart what --join negation joins")
        raise UsageError(message, _("leave one of them out"))
    check_choice("--compound", compound, CHOICES)
    if compound != KEEP:
        check_option(analyzer, "compound")
    check_heap(java_heap)
    if not 0 <= nbest <= _MOST_READINGS:
        message = _("--nbest {number} is not from 0 to {most}")
        raise UsageError(
            message.format(number=nbest, most=_MOST_READINGS), _("3 gives the three best readings")
        )
    if nbest:
        check_option(analyzer, "nbest")
    pos = split_names(pos)
    if any(KOREAN.get(name, name) not in BY_FORM for name in pos):
        check_option(analyzer, "pos")
    wanted = TagSelection(pos, analyzer) if pos else None
    columns = {"analyzer": analyzer}
    if options := options_shown(pos, analysis, joins, compound, fold):
        columns["analysis"] = options
    stage: Callable[..., Iterator[Record]] = partial(
        _morph,
        analyzer=analyzer,
        analysis=analysis,
        wanted=wanted,
        joins=joins,
        compound=compound,
        fold=fold,
        nbest=nbest,
        spans=spans,
        drop_text=drop_text,
        columns=columns,
    )
    if jobs != 1:
        stage = partial(_in_processes, stage=stage, size=entry(analyzer).batch, jobs=jobs)
    stage = partial(stage, rejects=rejects or _refuse)
    stage = (
        partial(_logged, stage, table, joins) if counts is None else partial(stage, counts=counts)
    )
    return lazily(as_records(documents, column), stage)


def log_counts(
    counts: Counts, words: WordTable | None = None, join: str | Sequence[str] = ()
) -> None:
    """Log what morph counted: texts that were cleaned, blank documents, words, joins."""
    if cleaned := changes(counts):
        logger.info(_("cleaned for analysis: %s"), cleaned)
    if counts[_BLANK]:
        logger.info(_("%s blank: kept, with no tokens"), plural(counts[_BLANK], "document"))
    if words:
        log_words(words, counts)
    log_joined(counts, join_names(join))
    if split := compounds_split(counts):
        logger.info(_("%s split"), split)
    if counts[_FOREIGN]:
        left_out = plural(counts[_FOREIGN], "foreign word")
        logger.info(_("nouns only: %s left out (as AI, GPT); --pos term keeps them"), left_out)


def _logged(
    stage: Callable[..., Iterator[Record]],
    words: WordTable | None,
    join: tuple[str, ...],
    documents: Iterable[Record],
) -> Iterator[Record]:
    counts = Counts()
    yield from stage(documents, counts=counts)
    log_counts(counts, words, join)


def _in_processes(
    documents: Iterable[Record],
    *,
    stage: Callable[..., Iterator[Record]],
    size: int,
    jobs: int,
    counts: Counts,
    rejects: Callable[[Record], None],
) -> Iterator[Record]:
    for _at, _batch, answer in supervise(stage, batches_of(documents, size), jobs=jobs):
        counts.update(answer.counts)
        for record in answer.rejects:
            rejects(record)
        yield from answer.found  # type: ignore[misc]  # bytes only where `encode` is given


def _morph(
    documents: Iterable[Record],
    *,
    analyzer: str,
    analysis: Analysis,
    wanted: TagSelection | None,
    joins: tuple[str, ...],
    compound: str,
    fold: bool,
    nbest: int,
    spans: bool,
    drop_text: bool,
    columns: dict[str, str],
    counts: Counts,
    rejects: Callable[[Record], None],
) -> Iterator[Record]:
    tagger = _loaded(analyzer, analysis)
    its = entry(analyzer)
    gate = Gate(counts, its.longest, its.run, apart=its.glues)
    rules = _rules(analyzer, analysis).counting(counts) if analysis.words else None
    made = partial(steps, analyzer, tagger, joins, compound, rules)
    shaping = Shaping(analyzer, rules, tuple(made(counts)), fold, wanted, spans)
    uncounted = rules.counting(Counts()) if rules else None
    of_readings = Shaping(analyzer, uncounted, tuple(made(Counts())), fold, wanted)
    foreign = wanted.foreign_left_out if wanted else []
    found_in = analysed(with_text(documents), gate, tagger, its, rules is not None)
    for record, its_lines, results in found_in:
        if its_lines is None:
            reason = _("text contains an unpaired surrogate (half of an emoji)")
            rejects(set_aside(record, "surrogates", reason))
            continue
        if len(its_lines) == 1:  # the most common case, so it has the shortest path
            found = next(results)
            problem = problem_of(its_lines[0], found, tagger.keeps_text)
        else:
            found, problem = of_lines(its_lines, results, tagger.keeps_text)
            counts[_BLANK] += not its_lines
        if problem:
            rejects(set_aside(record, *problem))
            continue
        is_settled = shaping.settles(record["text"], *found)
        if not is_settled:
            tokens = shaping.apply(record["text"], *found)
            found = tokens.forms, tokens.tags
        if foreign:
            counts[_FOREIGN] += sum(map(found[1].count, foreign))
        if wanted and is_settled:
            found = wanted.pick(*found)
        elif wanted:
            tokens = shaping.chosen(tokens)
            found = tokens.forms, tokens.tags
        record = {**without_clashes(record), "tokens": found[0], "tags": found[1], **columns}
        if spans:
            record |= {name: getattr(tokens, name) for name in _PLACES}
        if nbest:
            record["readings"] = readings(tagger, its_lines, nbest, of_readings)
        if drop_text:
            del record["text"]
        yield record


def _refuse(record: Record) -> None:
    message = _("document {id!r} cannot be analysed: {reason}")
    raise KorpusError(
        message.format(id=record["id"], reason=record["reason"]),
        _("check its text, or try another analyzer"),
    )


def without_clashes(record: Record) -> Record:
    """Rename the user's columns that have the names of ours: `tags` → `tags_`."""
    if _COLUMNS.isdisjoint(record):
        return record
    record = without_tree(record)
    analyzer = record.get("analyzer")
    if type(analyzer) is str and is_analyzer(analyzer) and type(record.get("tokens")) is list:
        # An earlier analysis: replace it.
        return {key: value for key, value in record.items() if key not in _COLUMNS}
    return rename_clashes(record, _COLUMNS)
