"""What a section of the page is made of, and what sections share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from korpus.messages import _, language

Spec = dict[str, Any]
_MANY = 10  # documents of a period whose values can be trusted a little


@dataclass
class Section:
    """A section. The template of its name lays it out.

    `title`: its heading; `lead`: what it says, in one sentence. `charts`: Vega-Lite or Vega, by
    name. `values`: what the template shows. `data`: what the script of the page looks up.
    """

    name: str
    title: str
    lead: str
    charts: dict[str, Spec] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


def number(value: float) -> str:
    """A number as people read it: 3,660, or with one decimal below 100."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"


def percent(share: float) -> str:
    """A share in per cent, with two digits: 12.3%, 1.2%, 0.12%."""
    digits = 1 if share >= 0.01 or not share else 2
    return f"{share * 100:.{digits}f}%"


def quoted(word: str) -> str:
    """A word in quotation marks of the language."""
    return f"‘{word}’" if language() == "ko" else f"“{word}”"


def period_text(name: str) -> str:
    """A period as people write it: 2019년 5월, May 2019 is 2019-05 in English."""
    if language() != "ko":
        return name
    year, *rest = name.split("-")
    if rest and not rest[0].isdigit():
        return name
    return " ".join([f"{year}년", *(f"{int(r)}{u}" for r, u in zip(rest, "월일", strict=False))])


def span_text(first: str, last: str) -> str:
    """From one period to another: 2003–2015년, 2019년 5월 – 2020년 1월, 2003–2015."""
    if first == last:
        return period_text(first)
    if first.isdigit() and last.isdigit():
        return f"{first}–{period_text(last)}"
    # With hyphens that do not break lines: a date stays whole.
    return " – ".join(period_text(name).replace("-", "\u2011") for name in (first, last))


def inline(rows: list[dict[str, Any]], name: str = "rows") -> Spec:
    """Rows as the data of a chart."""
    return {"name": name, "values": rows}


def room(most: float, share: float) -> Spec:
    """The scale of bars whose numbers stand at their ends: with room for those of the longest."""
    return {"domain": [0, most * (1 + share) or 1], "nice": False}


def step(pixels: int) -> Spec:
    """The height of a chart of bars: so much for each row of its data."""
    return {"usermeta": {"step": pixels}}


def text_axis(title: str | None = None) -> Spec:
    """The axis of names."""
    return {"title": title, "domain": False, "ticks": False, "labelPadding": 8, "labelLimit": 150}


def period_axis() -> Spec:
    """The axis of periods: names that stay apart, and off the labels of the other axis."""
    apart = {"labelOverlap": True, "labelSeparation": 10, "labelPadding": 9}
    return {"title": None, "labelAngle": 0, **apart, "ticks": False, "grid": False}


def value_axis(title: str | None = None, format: str = ",d") -> Spec:
    """The axis of numbers."""
    return {
        **{"title": title, "domain": False, "ticks": False, "format": format, "grid": True},
        **{"tickCount": 5, "labelPadding": 6, "titleAnchor": "end"},
        **({"tickMinStep": 1} if format == ",d" else {}),  # else it would read 0 0 1 1
    }


def in_many(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of periods with ten documents or more; all rows if no period has ten."""
    return [row for row in rows if row["documents"] >= _MANY] or rows


def dots(size: int = 36) -> Spec:
    """Dots on a line over time; those of few documents are hollow."""
    few = {"condition": {"test": f"datum.documents < {_MANY}", "value": "var(--paper)"}}
    return {
        "mark": {"type": "point", "size": size, "opacity": 1, "filled": True},
        "encoding": {
            "fill": {**few, "value": "var(--c1)"},
            "stroke": {"value": "var(--c1)"},
        },
    }


def few_note(documents: Iterable[int]) -> str:
    """The note that explains hollow dots. Empty if every period has many documents."""
    if not any(count < _MANY for count in documents):
        return ""
    return " " + _("Hollow dots: less than {number} documents.").format(number=_MANY)


def no_label() -> str:
    """What stands for a missing value."""
    return _("no value")
