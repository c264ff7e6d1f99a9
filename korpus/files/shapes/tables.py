"""Shapes that are tables with known columns: news, papers, reviews, comments."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from korpus.errors import KorpusError
from korpus.files.readers import BREAK, Reading, unescaped
from korpus.files.shapes.shape import Shape, items
from korpus.messages import _
from korpus.records import BadRow, Record, rename_clashes

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\.0)?")
_EXCLUDED = re.compile("중복|예외")
_CUT = 200  # characters, at which BigKinds cuts the text of most articles


class Known(NamedTuple):
    """The columns of a known table.

    `needs`: those that it has in any case. `texts`: of the text, joined by a blank line; names in
    one string with bars are alternatives. `id`: of the id. `days`: of dates, which are written as
    in ISO 8601. `marked`: those with tags and entities of HTML, which are undone. `seen`: groups of
    columns whose values together occur once. `excluded`: the one that says that a row is to be left
    out.
    """

    needs: tuple[str, ...]
    texts: tuple[str, ...]
    id: str = ""
    days: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    seen: tuple[tuple[str, ...], ...] = ()
    excluded: str = ""
    speaker: str = ""


_KNOWN = {
    "bigkinds": Known(
        ("뉴스 식별자", "일자", "언론사", "제목", "본문"),
        ("본문",),
        "뉴스 식별자",
        ("일자",),
        seen=(("뉴스 식별자",), ("URL", "제목")),  # some papers give their home page as URL
        excluded="분석제외 여부",
    ),
    "kci": Known(("논문ID", "논문명", "초록"), ("초록",), "논문ID"),
    "riss": Known(("제목", "저자", "국문 초록 (Abstract)"), ("국문 초록 (Abstract)",)),
    "naver": Known(
        ("title", "link", "description", "pubDate|postdate"),
        ("title", "description"),
        days=("pubDate", "postdate"),
        marked=("title", "description"),
    ),
    "google-play": Known(
        ("reviewId", "content", "score", "at"),
        ("content",),
        "reviewId",
        ("at",),
        speaker="userName",
    ),
    "youtube": Known(
        ("textDisplay", "authorDisplayName"),
        ("textDisplay",),
        "commentId",
        marked=("textDisplay",),
        speaker="authorDisplayName",
    ),
    "twitter": Known(
        ("full_text", "created_at"),
        ("full_text",),
        "id_str",
        ("created_at",),
        marked=("full_text",),
    ),
}


def table_shapes() -> list[Shape]:
    """The shapes that are tables."""
    return [_shape(name, known) for name, known in _KNOWN.items()]


def _shape(name: str, known: Known) -> Shape:
    def is_row(row: Record) -> bool:
        rows = items(row, "items") if name == "naver" and "items" in row else [row]
        first = next(iter(rows), None)
        if name == "naver" and "items" in row:  # of the search API
            return first is not None and {"title", "description"} <= first.keys()
        return first is not None and not any(_lacks(first, column) for column in known.needs)

    def rows(rows: Iterator[Record], source: str, reading: Reading) -> Iterator[Record]:
        is_checked = False
        for row in _each(rows, name):
            if type(row) is BadRow:
                yield row
                continue
            if not is_checked:
                needed = (*known.texts, known.id) if name != "youtube" else known.texts
                for column in filter(None, needed):
                    if _lacks(row, column):
                        raise _other(source, name, column, row)
                is_checked = True
            document = _document(row, known, reading)
            if document is not None:
                yield document

    return Shape(name, rows, is_row=is_row, speaker=known.speaker)


def _each(rows: Iterator[Record], name: str) -> Iterator[Record]:
    """The rows of a table, or those in the answer of a search API."""
    for row in rows:
        if name == "naver" and isinstance(row.get("items"), list):
            yield from items(row, "items")
        else:
            yield row


def _lacks(row: Record, columns: str) -> bool:
    return not any(column in row for column in columns.split("|"))


def _other(source: str, shape: str, column: str, row: Record) -> KorpusError:
    return KorpusError(
        _("{name} is not of the shape {shape}: it has no column {column!r}").format(
            name=source, shape=shape, column=column
        ),
        _("its columns are {columns}").format(columns=", ".join(map(str, row))),
    )


def _document(row: Record, known: Known, reading: Reading) -> Record | None:
    """A row as a document; None if it is left out."""
    if _is_excluded(row, known, reading):
        return None
    row = dict(row)
    for column in known.marked:
        if isinstance(row.get(column), str):
            row[column] = unmarked(row[column])
    for column in known.days:
        if column in row:
            row[column] = day(row[column])
    document: Record = {}
    if known.id in row and not reading.id_column and row[known.id] not in (None, ""):
        document["id"] = str(row.pop(known.id))
    if not reading.columns:
        texts = [str(row[column]) for column in known.texts if row.get(column) is not None]
        document["text"] = "\n\n".join(filter(None, texts))
        if len(known.texts) == 1:
            row.pop(known.texts[0], None)
        reading.counts["no text"] += not document["text"]
        reading.counts["cut"] += known.excluded != "" and len(document["text"]) >= _CUT
    return {**document, **rename_clashes(row, document)}


def _is_excluded(row: Record, known: Known, reading: Reading) -> bool:
    """Whether a row is left out; those that the user may leave out are counted."""
    kind = ""
    if known.excluded and _EXCLUDED.search(str(row.get(known.excluded) or "")):
        kind = "excluded"
    groups = (columns for columns in known.seen if all(map(row.get, columns)))
    values = ["\n".join(f"{column} {row[column]}" for column in columns) for columns in groups]
    if not kind and any(value in reading.seen for value in values):
        kind = "repeated"
    reading.seen.update(values)
    if not kind:
        return False
    reading.counts[kind if not reading.drop_excluded else f"{kind} and dropped"] += 1
    return reading.drop_excluded


def unmarked(text: str) -> str:
    """Text without the tags and entities of HTML."""
    return unescaped(_TAG.sub("", BREAK.sub("\n", text))).strip()


def day(value: Any) -> Any:
    """A date as in ISO 8601; what is no date stays."""
    if isinstance(value, datetime) or value is None:
        return value
    text = str(value).strip()
    if match := _DAY.fullmatch(text):
        return "-".join(match.groups())
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return value
