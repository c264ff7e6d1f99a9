"""The stages lm_score and lm_perplexity: how likely documents are to a language model."""

import logging
from collections.abc import Iterator
from itertools import repeat
from typing import TYPE_CHECKING

from korpus.checks import check_choice
from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.lm.choose import KIWI, language_model
from korpus.models.lm.language_model import KNESER_NEY, LanguageModel, Scores
from korpus.models.lm.sequences import Documents
from korpus.records import Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

DOCUMENT, SENTENCE = LEVELS = ("document", "sentence")
_VALUES = ["units", "oov", "zeros", "log_probability", "perplexity"]


def lm_score(
    documents: Documents,
    model: "Model | LanguageModel | str" = KIWI,
    *,
    each: str = DOCUMENT,
) -> Table:
    """How likely texts are to a language model. Streams, in batches.

    `model`: one of korpus lm train, or kiwi: the one that comes with Kiwi. `each`: a row per
    document, or per sentence: as morph --spans found them, else per line.

    Columns in: `id`, and `tokens`, `tags` for a model of morphemes, else `text`. Out: `id`,
    `sentence` (its number, with `each`), `units` (predicted, with the end of each sentence),
    `oov` (unknown ones), `zeros` (units of probability 0), `log_probability` (natural),
    `perplexity` (per unit, with unknown ones), `text`. Documents without units have no probability.
    Raises UsageError for a model of another kind, KorpusError for tokens of another analyzer.
    """
    check_choice("--each", each, LEVELS)
    found = language_model(model)
    columns = ["id", *(["sentence"] if each == SENTENCE else []), *_VALUES, "text"]
    return Table(columns, lambda: _rows(found, documents, each))


def _rows(model: LanguageModel, documents: Documents, each: str) -> Iterator[Row]:
    import numpy

    units = zeros = 0
    for part in model.scored(documents, texts=True):
        units, zeros = units + int(part.units.sum()), zeros + int(part.zeros.sum())
        ends = numpy.cumsum(part.sentences).tolist()
        if each == SENTENCE:
            owners = (repeat(*pair) for pair in zip(part.ids, part.sentences.tolist(), strict=True))
            places = (range(1, number + 1) for number in part.sentences.tolist())
            values = _values(part.units, part.oov, part.zeros, part.log_probability)
            rows = zip(
                (id for ids in owners for id in ids),
                (place for its in places for place in its),
                values,
                part.texts,
                strict=True,
            )
            yield from ((id, place, *its, text) for id, place, its, text in rows)
            continue
        owner = numpy.repeat(numpy.arange(len(part.ids)), part.sentences)
        sums = (
            numpy.bincount(owner, column, len(part.ids))
            for column in (part.units, part.oov, part.zeros, part.log_probability)
        )
        for id, start, end, its in zip(part.ids, [0, *ends], ends, _values(*sums), strict=False):
            yield (id, *its, " ".join(part.texts[start:end]))
    log_zeros(zeros, units)


def _values(
    units: "Array", oov: "Array", zeros: "Array", log_probability: "Array"
) -> Iterator[tuple[int, int, int, float | None, float | None]]:
    import numpy

    with numpy.errstate(over="ignore", invalid="ignore", divide="ignore"):
        perplexities = numpy.exp(-log_probability / units)
    counts = (each.astype(numpy.int64).tolist() for each in (units, oov, zeros))
    measures = (log_probability.tolist(), perplexities.tolist())
    for count, unknown, none, log, each in zip(*counts, *measures, strict=True):
        yield (count, unknown, none, *((log, each) if count else (None, None)))


def perplexity(log_probability: float, units: float) -> float | None:
    """The perplexity per unit; None without units, infinite where the probability is 0."""
    import numpy

    if not units:
        return None
    with numpy.errstate(over="ignore"):
        return float(numpy.exp(-log_probability / units))


def log_zeros(zeros: int, units: int) -> None:
    """Log how many units have the probability 0, and what helps."""
    if zeros:
        logger.warning(
            _(
                "%s of %s have the probability 0, as their n-grams are not in the training texts, "
                "so whole sentences are impossible: train with --smoothing %s"
            ),
            f"{zeros:,}",
            plural(units, "unit"),
            KNESER_NEY,
        )


def lm_perplexity(
    documents: Documents,
    model: "Model | LanguageModel | str" = KIWI,
    *,
    by: str | None = None,
) -> Table:
    """The perplexity (혼잡도) of a corpus to a language model. Holds sums.

    It is exp(-log p / n) for n predicted units, the ends of sentences among them. `model`: see
    `lm_score`. `by`: a column that groups documents.

    Columns in: as for `lm_score`. Out: the column of groups, `documents`, `sentences`, `units`,
    `oov` (unknown units), `zeros` (units of probability 0), `log_probability` (natural),
    `perplexity`, and `perplexity_known` (without the unknown units).
    Raises UsageError for a model of another kind, KorpusError for documents without units.
    """
    found = language_model(model)
    sums: dict[str, list[float]] = {}
    for part in found.scored(documents, by=by):
        for group, values in _sums(part):
            own = sums.setdefault(group, [0] * len(values))
            own[:] = map(sum, zip(own, values, strict=True))
    if not any(values[2] for values in sums.values()):
        documents = int(sum(values[0] for values in sums.values()))
        raise KorpusError(
            _("no unit in {documents}").format(documents=plural(documents, "document")),
            _("perplexity needs text"),
        )
    log_zeros(int(sum(v[4] for v in sums.values())), int(sum(v[2] for v in sums.values())))
    names: list[str] = []
    if by:
        from korpus.documents.cuts import order_of
        from korpus.documents.groups import heading, log_missing

        names = [heading(by, [*_COUNTS, *_MEASURES])]
        log_missing(by, int(sums.get("", [0])[0]))
        sums = {group: sums[group] for group in sorted(sums, key=order_of(by))}
    rows: list[Row] = []
    for group, (*counts, log, known) in sums.items():
        units, oov = counts[2], counts[3]
        measures = (log, perplexity(log, units), perplexity(known, units - oov))
        rows.append((*([group] if by else []), *map(int, counts), *measures))
    return Table([*names, *_COUNTS, *_MEASURES], lambda: rows)


_COUNTS = ["documents", "sentences", "units", "oov", "zeros"]
_MEASURES = ["log_probability", "perplexity", "perplexity_known"]


def _sums(part: Scores) -> Iterator[tuple[str, list[float]]]:
    """For each group of a part: documents, sentences, and the sums of what scores say."""
    import numpy

    names = part.groups or [""] * len(part.ids)
    distinct = {name: number for number, name in enumerate(dict.fromkeys(names))}
    group = numpy.array([distinct[name] for name in names], numpy.int64)
    owner = numpy.repeat(group, part.sentences)
    columns = (part.units, part.oov, part.zeros, part.log_probability, part.log_known)
    size = len(distinct)
    sums = [
        numpy.bincount(group, minlength=size),
        numpy.bincount(owner, minlength=size),
        *(numpy.bincount(owner, column, size) for column in columns),
    ]
    for name, number in distinct.items():
        yield name, [float(each[number]) for each in sums]
