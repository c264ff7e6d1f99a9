"""What stages return: lazy records and tables, which Jupyter shows as tables."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError
from korpus.messages import _

if TYPE_CHECKING:
    import pandas

Record = dict[str, Any]
Row = tuple[Any, ...]

_ROWS_SHOWN = 10
_CHARACTERS_SHOWN = 80  # per cell


class Records:
    """Records that are made when they are asked for. Streams.

    Iterating again makes them again: a stage runs again, a file is read again. If they come from a
    generator, which gives its items only once, iterating again raises KorpusError.

    Parameters: `make`, a function that starts making them; `again`, whether it can be called more
    than once.
    """

    def __init__(self, make: Callable[[], Iterable[Record]], *, again: bool = True) -> None:
        self._make = make
        self.again = again
        self._is_used = False
        self._shown: list[Record] = []  # if not `again`: records taken to be shown
        self._rest: Iterator[Record] | None = None

    def __iter__(self) -> Iterator[Record]:
        if self.again:
            return iter(self._make())
        if self._is_used:
            raise used_up()
        self._is_used = True
        return chain(self._shown, self._started())

    def _started(self) -> Iterator[Record]:
        if self._rest is None:
            self._rest = iter(self._make())
        return self._rest

    def at(self, numbers: Iterable[int]) -> Iterator[Record]:
        """The records with these numbers, counted from 0 and rising."""
        records = enumerate(self)
        for wanted in numbers:
            yield next(record for number, record in records if number == wanted)

    def _first(self, number: int) -> list[Record]:
        """The first records. Iterating afterwards still gives all of them."""
        if self.again:
            return list(islice(self, number))
        self._shown += islice(self._started(), number - len(self._shown))
        return self._shown[:number]

    def to_pandas(self) -> "pandas.DataFrame":
        """All records as a pandas DataFrame, one row per record."""
        import pandas

        return pandas.DataFrame(list(self))

    def __repr__(self) -> str:
        return "<korpus.Records: made when iterated; list() or .to_pandas() gives all>"

    def _repr_html_(self) -> str:
        if self._is_used:
            return f"<p>{escape(used_up().message)}</p>"
        records = self._first(_ROWS_SHOWN + 1)
        columns = list(dict.fromkeys(chain.from_iterable(records)))
        return html_table(columns, ([record.get(name) for name in columns] for record in records))


@dataclass
class Table:
    """Rows with named columns. Iterating gives each row as a `dict`.

    `make_rows` makes the rows again each time they are asked for, so that a table can be iterated
    more than once. For tables that people read: `right_aligned`, columns of text that end where
    the next begins; `marked`, the column that stands out on a terminal.
    """

    columns: list[str]
    make_rows: Callable[[], Iterable[Row]]
    right_aligned: frozenset[str] = frozenset()
    marked: str | None = None

    @property
    def rows(self) -> Iterable[Row]:
        """The rows as tuples."""
        return self.make_rows()

    def __iter__(self) -> Iterator[Record]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def held(self) -> "Table":
        """The table with its rows made now, once, for all who iterate it. Holds them."""
        rows = list(self.rows)
        return replace(self, make_rows=lambda: rows)

    def to_pandas(self) -> "pandas.DataFrame":
        """The whole table as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(list(self.rows), columns=self.columns)

    def __repr__(self) -> str:
        return f"<korpus.Table: {', '.join(self.columns)}; list() or .to_pandas() gives all rows>"

    def _repr_html_(self) -> str:
        return html_table(self.columns, self.rows)


@dataclass
class Network:
    """A network as tables. Iterating gives each edge as a `dict`.

    `nodes`: a row per node, its name in the first column, `node`; `mode` if there are two kinds.
    `edges`: `source`, `target` and `weight` first; each pair of nodes once. `summary`: `measure`,
    `value`. All other columns are attributes. `is_directed`: edges go from source to target.
    """

    nodes: Table
    edges: Table
    summary: Table
    is_directed: bool = False

    def __iter__(self) -> Iterator[Record]:
        return iter(self.edges)

    def to_pandas(self) -> "pandas.DataFrame":
        """The edges as a pandas DataFrame."""
        return self.edges.to_pandas()

    def __repr__(self) -> str:
        return "<korpus.Network: .edges, .nodes and .summary are tables>"

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in (self.summary, self.nodes, self.edges))


def used_up() -> KorpusError:
    """The error for a second reading of what can be read only once."""
    return KorpusError(
        _("these records came from a generator, and it has already been used"),
        _("a generator gives its items only once: keep them with list(...)"),
    )


def html_table(columns: list[str], rows: Iterable[Iterable[object]]) -> str:
    """The first rows as an HTML table. Long cells are cut; a last row of … stands for more."""
    shown = [[_cell(value) for value in row] for row in islice(rows, _ROWS_SHOWN + 1)]
    if len(shown) > _ROWS_SHOWN:
        shown[_ROWS_SHOWN:] = [["<td>…</td>"] * len(columns)]
    head = "".join(f"<th>{_shown(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in shown)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f'<td style="text-align: right">{value:.4g}</td>'
    if isinstance(value, int):
        return f'<td style="text-align: right">{value}</td>'
    return f'<td style="text-align: left">{_shown("" if value is None else value)}</td>'


def _shown(value: object) -> str:
    """A value as HTML text: escaped, cut, and without unpaired surrogates."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " ".join(value[:_CHARACTERS_SHOWN])
    text = str(value)
    if len(text) > _CHARACTERS_SHOWN:
        text = text[:_CHARACTERS_SHOWN] + "…"
    return escape(text.encode("utf-8", "replace").decode())
