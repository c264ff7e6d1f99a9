"""The stage evaluate: texts or labels beside those that they should be → a table of measures."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import normalize

from korpus.analyzers import morph
from korpus.checks import check_choice, check_least
from korpus.documents import join
from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.documents.cuts import order_of
from korpus.documents.groups import Groups, heading, log_missing, no_column
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.models.classify.quality import COLUMNS, label_rows, overall_rows
from korpus.models.evaluate.texts import OF_TOKENS, TEXT_MEASURES, Measure, Pair, Tokens, signatures
from korpus.records import (
    DocumentSource,
    Record,
    Row,
    Table,
    as_list,
    as_tokens,
    split_names,
)
from korpus.statistics.agreement import cohen_kappa
from korpus.statistics.classification import confusion_matrix
from korpus.statistics.resampling import bootstrap_interval

logger = logging.getLogger("korpus")

LABELS = "labels"
MEASURES = (*TEXT_MEASURES, LABELS)
MORPH, SPACE, CHAR = TOKENIZERS = ("morph", "space", "char")


@dataclass
class Scores:
    """What `korpus.evaluate` finds. Iterating gives the rows of `table`.

    `each`: the measures of each text: `id`, the column of `by`, and a column per measure.
    """

    table: Table
    each: Table

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def evaluate(
    documents: DocumentSource,
    *,
    reference: str | Sequence[str] = "reference",
    hypothesis: str = "hypothesis",
    measures: str | Sequence[str] = tuple(TEXT_MEASURES),
    tokenize: str = MORPH,
    analyzer: str = "mecab",
    by: str | None = None,
    replicates: int = 1000,
    seed: int = 0,
    jobs: int = 1,
) -> Scores:
    """Measure how well texts or labels match those of people. Holds both columns.

    Parameters: `reference`, the column of what is right, several for texts; `hypothesis`, that of
    what a model or coder gave. `measures`, of texts: `bleu` (Papineni et al. 2002) and `chrf`
    (Popović 2015), by sacrebleu, from 0 to 100; `rouge` (Lin 2004), ROUGE-1, -2 and -L, means of
    F1; `wer` and `cer`, errors per word and character of the reference. Of one column of `labels`
    beside another: accuracy, macro_f1, mcc, cohen_kappa, and precision, recall and f1 per label.
    `tokenize`, what the n-grams of bleu and rouge are of: `morph` (morphemes of `analyzer`),
    `space` (words) or `char`; words of wer are split at spaces. `by`: groups, see `korpus.freq`.
    `replicates`, of the bootstrap of the 95 % intervals, 0 for none; `jobs`: see `korpus.morph`.

    Several references: bleu and chrf as sacrebleu, rouge the best, wer and cer the nearest.
    Documents without a reference, and without a label, are left out and counted; a missing text
    counts as an empty one. Letters are compared in composed form (NFC).
    Columns out: `measure`, `label`, `documents`, `value`, `low`, `high`; with `by` first the group.
    Raises UsageError for wrong options, KorpusError for missing columns and if nothing is left.
    """
    names, references = split_names(measures), as_list(reference)
    check_evaluate(names, references, tokenize, replicates)
    records = list(as_tokens(documents))
    if not records:
        raise KorpusError(_("there is nothing to evaluate: the input is empty"))
    groups = Groups(by)
    numbers = [groups.number(record) for record in records]
    if by:
        log_missing(by, numbers.count(groups.numbers.get("", -1)))
    of_texts = [name for name in names if name != LABELS]
    pairs: dict[int, Pair] = {}
    labels: dict[int, tuple[str, str]] = {}
    if of_texts:
        needed = tokenize if OF_TOKENS.intersection(of_texts) else SPACE  # the fastest
        cut = partial(_tokens, tokenize=needed, analyzer=analyzer, jobs=jobs)
        pairs = _pairs(records, references, hypothesis, cut)
        for signature in signatures(of_texts, pairs.values(), tokenize, analyzer):
            logger.info("%s", signature)
    if LABELS in names:
        labels = _labels(records, references[0], hypothesis)
    rows: list[Row] = []
    each: dict[int, Row] = {}
    each_columns: list[str] = []
    for group in sorted(groups.names, key=order_of(by or "")):
        own = [n for n, number in enumerate(numbers) if number == groups.numbers[group]]
        before = (group,) if by else ()
        if texts := [n for n in own if n in pairs]:
            found = _measures(of_texts, [pairs[n] for n in texts])
            rows += ((*before, *_row(measure, replicates, seed)) for measure in found)
            each_columns = [measure.name for measure in found]
            for n, *line in zip(texts, *map(_each, found), strict=True):
                each[n] = (records[n].get("id", str(n + 1)), *before, *line)
        if known := [labels[n] for n in own if n in labels]:
            rows += ((*before, *row) for row in _label_rows(known, replicates, seed))
    columns = [heading(by, COLUMNS), *COLUMNS] if by else COLUMNS
    each_columns = ["id", *([heading(by, each_columns)] if by else []), *each_columns]
    lines = [each[n] for n in sorted(each)]
    return Scores(Table(columns, lambda: rows), Table(each_columns, lambda: lines))


def check_evaluate(
    measures: Sequence[str], references: Sequence[str], tokenize: str, replicates: int
) -> None:
    """Raises UsageError for options that `evaluate` does not take."""
    for name in measures or [""]:
        if name == "perplexity":
            raise UsageError(
                _("perplexity is a measure of language models, not of texts"),
                _("run: {command}").format(command="korpus lm perplexity -m MODEL FILE"),
            )
        check_choice("--measures", name, MEASURES)
    check_choice("--tokenize", tokenize, TOKENIZERS)
    check_least("--replicates", replicates, 0)
    if LABELS in measures and len(references) > 1:
        raise UsageError(
            _("labels are compared with one --reference"), _("give the column of the true labels")
        )


def paired(
    tables: Sequence[Iterable[Record]],
    reference: Sequence[str] | None = None,
    hypothesis: str | None = None,
) -> tuple[Iterable[Record], dict[str, Any]]:
    """Documents with both columns, and these columns as `evaluate` takes them.

    `tables`: one with columns `reference` and `hypothesis`, unless others are named; or several,
    with the hypotheses in the first and references in the others, in columns `text`, which are
    matched by `id`. Streams; holds the others. Documents that one of them lacks are left out and
    counted. Raises KorpusError for an id that occurs twice.
    """
    documents, *others = tables
    if not others:
        names = list(reference or ["reference"])
        return documents, {"reference": names, "hypothesis": hypothesis or "hypothesis"}
    if reference and len(reference) > 1:
        raise UsageError(
            _("--reference is given {number} times, with files of references").format(
                number=len(reference)
            ),
            _("name one column, which each of these files has"),
        )
    column = Column(reference[0] if reference else "text")
    names = [f"reference{number}" for number in range(1, len(others) + 1)]
    for name, rows in zip(names, others, strict=True):
        documents = join(documents, _only(rows, column, name), how="inner")
    return documents, {"reference": names, "hypothesis": hypothesis or "text"}


def _only(rows: Iterable[Record], column: Column, name: str) -> Iterator[Record]:
    for row in rows:
        key = column.key(row)
        if key is None:
            raise no_column(row, column.name)
        yield {"id": row.get("id"), name: row[key]}


def _pairs(
    records: list[Record],
    references: list[str],
    hypothesis: str,
    cut: Callable[[list[str]], list[Tokens]],
) -> dict[int, Pair]:
    """The texts of documents with a reference, by the number of the document."""
    columns = [Column(name) for name in references]
    own = Column(hypothesis)
    texts = [_text(record, own) for record in records]
    theirs = [[text for c in columns if (text := _text(record, c))] for record in records]
    kept = [number for number, found in enumerate(theirs) if found]
    if left_out := len(records) - len(kept):
        logger.warning(_("%s without a reference left out"), plural(left_out, "document"))
    if not kept:
        raise KorpusError(
            _("no document has a text in column {column!r}").format(column=references[0]),
            _("name the column with --reference"),
        )
    if empty := sum(not texts[number] for number in kept):
        logger.warning(_("%s without a text: counted as empty"), plural(empty, "document"))
    tokens = iter(cut([text for n in kept for text in (texts[n], *theirs[n])]))
    return {
        n: Pair(texts[n], theirs[n], next(tokens), [next(tokens) for _text in theirs[n]])
        for n in kept
    }


def _text(record: Record, column: Column) -> str:
    """The text of a column in composed form; empty for a missing one."""
    key = column.key(record)
    if key is None:
        raise no_column(record, column.name)
    value = record[key]
    text = "" if is_missing(value) else as_text(value)
    if text is None:
        raise KorpusError(
            _("document {id!r}: {column} is a list or an object, no text").format(
                id=record.get("id"), column=key
            ),
            _("choose another column"),
        )
    return normalize("NFC", text).strip()


def _tokens(texts: list[str], *, tokenize: str, analyzer: str, jobs: int) -> list[Tokens]:
    if tokenize == MORPH:
        rows = ({"id": str(number), "text": text} for number, text in enumerate(texts, 1))
        return [record["tokens"] for record in morph(rows, analyzer, jobs=jobs, drop_text=True)]
    return [text.split() if tokenize == SPACE else list("".join(text.split())) for text in texts]


def _labels(records: list[Record], reference: str, hypothesis: str) -> dict[int, tuple[str, str]]:
    """The labels of documents that have both, by the number of the document."""
    true, given = Groups(reference), Groups(hypothesis)
    found = {n: (true.name(record), given.name(record)) for n, record in enumerate(records)}
    known = {n: both for n, both in found.items() if all(both)}
    if left_out := len(found) - len(known):
        logger.warning(_("%s without both labels left out"), plural(left_out, "document"))
    if not known:
        raise KorpusError(_("no document has both labels"), _("name their columns"))
    return known


def _measures(names: Iterable[str], pairs: list[Pair]) -> list[Measure]:
    return [measure for name in names for measure in TEXT_MEASURES[name](pairs)]


def _row(measure: Measure, replicates: int, seed: int) -> Row:
    counts = measure.counts
    value = measure.score(counts.sum(axis=0))
    ends = (math.nan, math.nan)
    if replicates:
        ends = bootstrap_interval(
            lambda rows: measure.score(rows.sum(axis=0)), counts, replicates=replicates, seed=seed
        )
    return (measure.name, "", len(counts), *map(_defined, (value, *ends)))


def _each(measure: Measure) -> Iterator[float | None]:
    return (_defined(measure.score_each(counts)) for counts in measure.counts)


def _label_rows(labels: list[tuple[str, str]], replicates: int, seed: int) -> Iterator[Row]:
    """The measures of true and given labels."""
    import numpy

    names = sorted({name for both in labels for name in both}, key=order_of(""))
    place = {name: number for number, name in enumerate(names)}
    codes = numpy.array([[place[name] for name in both] for both in labels])
    confusion = confusion_matrix(codes[:, 0], codes[:, 1], len(names))
    yield from overall_rows(confusion, replicates=replicates, seed=seed)
    ends = (math.nan, math.nan)
    if replicates:
        ends = bootstrap_interval(cohen_kappa, codes, replicates=replicates, seed=seed)
    yield ("cohen_kappa", "", len(codes), *map(_defined, (cohen_kappa(codes), *ends)))
    yield from label_rows(confusion, names, replicates=replicates, seed=seed)


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value
