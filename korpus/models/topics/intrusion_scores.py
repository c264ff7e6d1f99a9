"""Scores of word and topic intrusion tests that people have answered."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import NamedTuple
from unicodedata import normalize

from korpus.documents.comparisons import as_text
from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, listed
from korpus.models.topics.compare import with_shares
from korpus.models.topics.intruders import KEY, TOPIC, WORD, possible_answers
from korpus.records import Record, Row, Table
from korpus.statistics import agreement

_COLUMNS = [
    "task",
    "topic",
    "coder",
    "items",
    "answers",
    "chance",
    "precision",
    "log_odds",
    "alpha",
]
_PLAIN = re.compile(r"id|task|text|choice\d+")
_NUMBER = re.compile(r"[(\[]?\s*(\d{1,4})\s*[.)\]]?\s*(번째|번)?")
_LEAST = 1e-6  # of a share, whose logarithm is taken


class _Answer(NamedTuple):
    item: str
    coder: str
    number: int
    choices: int


def intrusion_scores(
    key: Iterable[Record], sheets: Mapping[str, Iterable[Record]], model: Model | None = None
) -> Table:
    """Score the answers of people to intrusion tests; see `topics_validate`.

    `key`, and `sheets` by name, are as `Intruders` makes them. An answer is the number of a choice,
    or the choice; every other column of a sheet is a coder, an empty cell no answer. Of several
    sheets the name stands before the coder's. An answer may be written as 2, 2번, (2) or ②.
    `model`: the one that the key must have been made from; without it this is not checked.

    Columns out: `task`; `topic` and `coder`, empty for all; `items`; `answers`; `chance`, the
    precision of guessing; `precision`, the share of answers that are the intruder (Chang et al.
    2009: model precision); of topics `log_odds`, the mean of log share of the intruder - log share
    of the answer, 0 at best (topic log odds; shares of less than 1e-6 count as that); `alpha` of
    Krippendorff over the coders. Raises KorpusError for other columns, items and answers.
    """
    known: dict[str, Record] = {}
    for row in key:
        if missing := [name for name in KEY if name not in row]:
            raise _no_column(missing[0], row)
        known[_cell(row, "id")] = row
    if model is not None:
        possible = possible_answers(with_shares(model))
        if any(_cell(row, "answer") not in possible for row in known.values()):
            raise KorpusError(
                _("the key is of another model"), _("give the model that the sheet was made from")
            )
    answers = [
        answer
        for name, rows in sheets.items()
        for answer in _answers(f"{name} " if len(sheets) > 1 else "", rows, known)
    ]
    if not answers:
        raise KorpusError(
            _("there are no answers"), _("write numbers of choices into the columns of the coders")
        )
    return Table(_COLUMNS, lambda: _rows(known, answers))


def _no_column(name: str, row: Record) -> KorpusError:
    return KorpusError(
        _("there is no column {name!r}").format(name=name),
        _("its columns are {names}").format(names=listed(row, 20)),
    )


def _cell(row: Record, name: str) -> str:
    """A cell as text; 3 and 3.0, as spreadsheets have them, are the same."""
    return re.sub(r"(?<=\d)\.0+$", "", (as_text(row.get(name)) or "").strip())


def _answers(prefix: str, rows: Iterable[Record], known: dict[str, Record]) -> Iterator[_Answer]:
    seen: set[str] = set()
    for row in rows:
        if "id" not in row:
            raise _no_column("id", row)
        item = _cell(row, "id")
        if item in seen:
            raise KorpusError(_("item {item} is there twice in one sheet").format(item=item))
        seen.add(item)
        if item not in known:
            raise KorpusError(
                _("the key has no item {item!r}").format(item=item),
                _("give the key that was written with the sheet"),
            )
        names = (name for name in row if re.fullmatch(r"choice\d+", name))
        choices = [choice for name in names if (choice := _cell(row, name))]
        by_number = {str(number): choice for number, choice in enumerate(choices, 1)}
        if by_number.get(_cell(known[item], "intruder")) != _cell(known[item], "answer"):
            raise KorpusError(
                _("item {item} has other choices than in the key").format(item=item),
                _("give the key that was written with the sheet"),
            )
        for coder in (name for name in row if not _PLAIN.fullmatch(name)):
            answer = _cell(row, coder)
            if not answer:
                continue
            number = _number(answer, choices)
            if number is None:
                raise KorpusError(
                    _("item {item}: {answer!r} of {coder} is not one of the choices").format(
                        item=item, answer=answer, coder=coder
                    ),
                    _("an answer is a number from 1 to {most}").format(most=len(choices)),
                )
            yield _Answer(item, f"{prefix}{coder}", number, len(choices))


def _number(answer: str, choices: list[str]) -> int | None:
    """The number of the choice that an answer names, by its words or its number; None for none."""
    if answer in choices:
        return choices.index(answer) + 1
    written = _NUMBER.fullmatch(normalize("NFKC", answer))
    number = int(written[1]) if written else 0
    return number if 1 <= number <= len(choices) else None


def _rows(known: dict[str, Record], answers: list[_Answer]) -> Iterator[Row]:
    coders = list(dict.fromkeys(answer.coder for answer in answers))
    for task in (WORD, TOPIC):
        items = {item for item, row in known.items() if row["task"] == task}
        mine = [answer for answer in answers if answer.item in items]
        if not mine:
            continue
        yield (task, "", "", *_scored(known, items, mine), _alpha(mine))
        for coder in coders if len(coders) > 1 else ():
            found = [answer for answer in mine if answer.coder == coder]
            yield (task, "", coder, *_scored(known, items, found), None)
        for topic in dict.fromkeys(_cell(row, "topic") for row in known.values()):
            of = {item for item in items if _cell(known[item], "topic") == topic}
            if of:
                found = [answer for answer in mine if answer.item in of]
                yield (task, topic, "", *_scored(known, of, found), None)


def _scored(known: dict[str, Record], items: set[str], answers: list[_Answer]) -> Row:
    if not answers:
        return (len(items), 0, None, None, None)
    hits = [_cell(known[answer.item], "intruder") == str(answer.number) for answer in answers]
    odds = []
    for answer in answers:
        row = known[answer.item]
        if shares := [max(float(share), _LEAST) for share in _cell(row, "shares").split()]:
            intruder = shares[int(_cell(row, "intruder")) - 1]
            odds.append(math.log(intruder) - math.log(shares[answer.number - 1]))
    chance = fmean(1 / answer.choices for answer in answers)
    return (len(items), len(answers), chance, fmean(hits), fmean(odds) if odds else None)


def _alpha(answers: list[_Answer]) -> float | None:
    """Krippendorff's α of the chosen numbers; None where it is not defined."""
    import numpy

    rows, columns = (
        {name: n for n, name in enumerate(dict.fromkeys(getattr(a, side) for a in answers))}
        for side in ("item", "coder")
    )
    codes = numpy.full((len(rows), len(columns)), -1)
    for answer in answers:
        codes[rows[answer.item], columns[answer.coder]] = answer.number - 1
    codes = codes[(codes >= 0).sum(axis=1) >= 2]
    if not len(codes):
        return None
    values = numpy.arange(codes.max() + 1, dtype=float)
    found = agreement.krippendorff_alpha(codes, values=values, level="nominal")
    return None if math.isnan(found) else float(found)
