"""The stage reliability (코더 간 신뢰도): codes that people gave documents → how far they agree."""

import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from korpus.checks import check_choice, check_least
from korpus.documents.sample import sample
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, listed, plural
from korpus.records import DocumentSource, Record, Row, Table, as_list, log_repeated
from korpus.statistics import agreement
from korpus.statistics.resampling import bootstrap_interval

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COLUMNS = ["measure", "coders", "units", "value", "low", "high"]
# The usual names of columns with codes: coder1, 코더2. Others, such as coder_note, are named.
_CODERS = re.compile(r"(?:coder|코더|평정자)[ _]?\d*", re.IGNORECASE)
_WHOLE = re.compile(r"(?<=\d)\.0+$")  # of a whole number
_LIKE_MISSING = {"na", "n/a", "nan", "none", "null", "-", ".", "없음"}
_SHOWN = 20


def coder_sheet(
    documents: DocumentSource,
    size: int,
    *,
    coders: str | Sequence[str] = ("coder1", "coder2"),
    seed: int = 0,
) -> Table:
    """A random sample of documents, with an empty column per coder to write codes into.

    Parameters: `size`, number of documents; `coders`, the names of the columns.
    Columns in: `id`, `text`. Out: `id`, `text`, and the coders; other columns, which could sway a
    coder, are left out. Raises UsageError for a size below 1, and for a name given twice,
    KorpusError without a text.
    """
    check_least("--sample", size, 1)
    names = _names(coders)
    chosen = list(sample(documents, size, seed=seed))
    if chosen and "text" not in chosen[0]:
        raise KorpusError(
            _("there is no column {name!r}").format(name="text"),
            _("korpus read -c COLUMN makes it of another column"),
        )
    if len(chosen) < size:
        logger.info(_("there are only %s"), plural(len(chosen), "document"))
    empty = [""] * len(names)
    return Table(
        ["id", "text", *names],
        lambda: ((row.get("id"), row.get("text"), *empty) for row in chosen),
    )


def reliability(
    rows: Iterable[Record],
    *,
    coders: str | Sequence[str] | None = None,
    level: str = "nominal",
    replicates: int = 1000,
    seed: int = 0,
) -> Table:
    """How far coders agree (코더 간 신뢰도). Needs the whole input.

    Parameters: `rows`, one per document, with a column of codes per coder; an empty cell is no
    code. `coders`, the names of these columns (default: those called coder1, coder2 …, 코더1 …).
    `level`, of measurement, for α: nominal, or, for codes that are numbers, ordinal, interval or
    ratio. `replicates`, of the bootstrap of the 95 % intervals; `seed`, of it.

    Columns out: `measure`: `agreement`, the share of pairs of codes that are the same;
    `krippendorff_alpha`; `fleiss_kappa`; for each two coders `cohen_kappa`. `coders`, who is
    compared; `units`, the documents that count: with two codes, for κ with all codes; `value`;
    `low` and `high`, its interval. A value is empty where it is not defined, as when all codes are
    the same. See `korpus.statistics.agreement`.
    Raises UsageError for a wrong option, KorpusError for missing columns, fewer than two coders, or
    codes that are no numbers where the level needs them.
    """
    check_choice("--level", level, agreement.LEVELS)
    check_least("--replicates", replicates, 1)
    table = list(rows)
    names = _coders(table, coders)
    log_repeated([row["id"] for row in table if "id" in row])
    for row, name in ((row, name) for row in table for name in names):
        if isinstance(row.get(name), list | dict):
            raise KorpusError(
                _("document {id!r}: {column} is a list or an object, no code").format(
                    id=row.get("id"), column=name
                ),
                _("choose another column"),
            )
    codes, values = _codes(table, names, level)
    found: list[Row] = []
    alpha = partial(agreement.krippendorff_alpha, values=values, level=level)
    for name, statistic, needed in (
        ("agreement", agreement.percent_agreement, 2),
        ("krippendorff_alpha", alpha, 2),
        ("fleiss_kappa", agreement.fleiss_kappa, len(names)),
    ):
        found.append(_row(name, statistic, codes, names, needed, replicates, seed))
    for one, other in combinations(range(len(names)), 2):
        pair = codes[:, [one, other]]
        both = [names[one], names[other]]
        found.append(_row("cohen_kappa", agreement.cohen_kappa, pair, both, 2, replicates, seed))
    return Table(COLUMNS, lambda: found)


def codes_by_id(coders: dict[str, list[Record]], column: str) -> list[Record]:
    """One row per document from the rows of each coder, matched by `id`: a column per coder.

    Columns in: `id`, `column`. Raises KorpusError for a missing column and a repeated id.
    """
    found: dict[str, Record] = {}
    for name, rows in coders.items():
        seen: set[str] = set()
        for row in rows:
            id_ = str(row.get("id"))
            if column not in row or id_ in seen:
                raise KorpusError(
                    _("{name}: no column {column!r}").format(name=name, column=column)
                    if column not in row
                    else _("{name}: the id {id!r} is there twice").format(name=name, id=id_),
                    _("its columns are {names}").format(names=listed(row, _SHOWN)),
                )
            seen.add(id_)
            found.setdefault(id_, {"id": id_})[name] = row[column]
    return list(found.values())


def _row(
    name: str,
    statistic: "Callable[[Array], float]",
    codes: "Array",
    coders: list[str],
    needed: int,
    replicates: int,
    seed: int,
) -> Row:
    used = codes[(codes >= 0).sum(axis=1) >= needed]
    value = statistic(used)
    ends = (math.nan, math.nan)
    if not math.isnan(value):
        ends = bootstrap_interval(statistic, used, replicates=replicates, seed=seed)
    shown = [None if math.isnan(number) else number for number in (value, *ends)]
    return (name, ", ".join(coders), len(used), *shown)


def _names(coders: str | Sequence[str]) -> list[str]:
    names = [name.strip() for given in as_list(coders) for name in given.split(",") if name.strip()]
    if len(set(names)) < len(names) or {"id", "text"} & set(names):
        raise UsageError(
            _("--coders {names}: each name may be given once, and not id or text").format(
                names=",".join(names)
            )
        )
    return names


def _coders(rows: list[Record], coders: str | Sequence[str] | None) -> list[str]:
    """The columns with codes. Raises KorpusError for fewer than two."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    usual = (name for name in columns if _CODERS.fullmatch(name))
    names = list(usual) if coders is None else _names(coders)
    missing = [name for name in names if name not in columns]
    if not rows:
        raise KorpusError(_("there are no codes: the input is empty"))
    if missing:
        raise KorpusError(
            _("there is no column {name!r}").format(name=missing[0]),
            _("its columns are {names}").format(names=listed(columns, _SHOWN)),
        )
    if len(names) < 2:
        raise KorpusError(
            _("the codes of two coders are needed; found: {names}").format(
                names=", ".join(names) or "0"
            ),
            _("name their columns: --coders A,B; the columns are {names}").format(
                names=listed(columns, _SHOWN)
            ),
        )
    return names


def _codes(rows: list[Record], names: list[str], level: str) -> "tuple[Array, Array]":
    """The codes as numbers, units × coders, and what each number stands for."""
    import numpy

    texts = [[_text(row.get(name)) for name in names] for row in rows]
    given = {text for cells in texts for text in cells if text}
    missing = sum(not text for cells in texts for text in cells)
    logger.info(
        _("%s, %s; codes: %s"),
        plural(len(names), "coder"),
        plural(len(rows), "unit"),
        listed(sorted(given), _SHOWN),
    )
    if missing:
        logger.info(_("%s without a code"), plural(missing, "cell"))
    if like_missing := [text for text in sorted(given) if text.lower() in _LIKE_MISSING]:
        logger.warning(
            _("%s: taken for codes; leave cells without a code empty"), ", ".join(like_missing)
        )
    if level == "nominal":
        numbers = {text: number for number, text in enumerate(sorted(given))}
        values = numpy.arange(len(numbers), dtype=float)
    else:
        meant = dict(_as_numbers(given, level))
        values = numpy.unique(list(meant.values()))
        numbers = {text: int(values.searchsorted(value)) for text, value in meant.items()}
    codes = [[numbers[text] if text else -1 for text in cells] for cells in texts]
    return numpy.array(codes, dtype=numpy.int64), values


def _text(value: Any) -> str:
    """A code as composed text; 3 and 3.0, as spreadsheets have them, are the same."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return normalize("NFC", _WHOLE.sub("", str(value).strip()))


def _as_numbers(codes: Iterable[str], level: str) -> Iterator[tuple[str, float]]:
    for code in sorted(codes):
        try:
            value = float(code)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or (level == "ratio" and value < 0):
            raise KorpusError(
                _("the code {code!r} is no number that --level {level} can use").format(
                    code=code, level=level
                ),
                _("for codes that are names: --level nominal"),
            )
        yield code, value
