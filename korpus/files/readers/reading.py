"""What the user says about how a source is read."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from korpus.checks import check_choice
from korpus.records import as_list, split_names

TABLES = ("text", "skip", "only")
NOTES, COMMENTS, HEADERS = "notes", "comments", "headers"
BESIDE = (NOTES, COMMENTS, HEADERS)  # what may be read beside the text of a document
NOTICES = "notices"  # photos and people coming and going, beside the messages of a chat
_REMEMBERED = ("counts", "seen", "names")


class Reading(NamedTuple):
    """How a source is read; what is None is found out.

    `encoding`: of text. `input_format`: the name of a format. `whole_file`: a .txt file is one
    document. `glob`: a pattern for the names of files in folders and archives. `path_columns`: the
    columns that the names of the folders around a file become. `sheet`: of a workbook, its name,
    its number from 1, or `all`. `header_row`: the number of the row of a table that is its header,
    from 1; 0 if it has none. `records`: the path of the records in nested JSON. `columns`: those of
    the text. `id_column`: the one of the id. `as_rows`: rows keep their columns, besides an id.
    `strict`: a bad row is an error; otherwise it becomes a BadRow.
    Of files that are one document each: `tables` is text, skip or only; `include` names what to
    read beside the text; `pages` makes each page of a PDF a document.
    `shape`: the name of the shape of known sources, or none; `tokens`: the column of the tokens,
    `drop_excluded`, `mask_names`: what is done with their rows.
    What a run remembers: `counts`, what was left out of documents, by kind; `seen`, the ids and
    addresses of articles; `names`, the numbers of people.
    """

    encoding: str | None = None
    input_format: str | None = None
    whole_file: bool = False
    glob: str | None = None
    path_columns: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int | None = None
    records: str | None = None
    columns: tuple[str, ...] = ()
    strict: bool = True
    tables: str = "text"
    include: tuple[str, ...] = (NOTES,)
    pages: bool = False
    shape: str | None = None
    tokens: str | None = None
    drop_excluded: bool = False
    mask_names: bool = False
    id_column: str | None = None
    as_rows: bool = False
    counts: Counter[str] = Counter()  # noqa: RUF012
    seen: set[str] = set()  # noqa: RUF012
    names: dict[str, str] = {}  # noqa: RUF012

    @classmethod
    def of(
        cls,
        *,
        column: str | Sequence[str] | None = None,
        include: str | Sequence[str] = NOTES,
        path_columns: str | Sequence[str] = (),
        **options: Any,
    ) -> "Reading":
        """How a user says it: lists may be one name, or names with commas between them."""
        return cls(
            columns=tuple(as_list(column or ())),
            include=tuple(split_names(include)),
            path_columns=tuple(split_names(path_columns)),
            **options,
        )

    @property
    def options(self) -> dict[str, Any]:
        """What the user says, without what a run remembers."""
        return {name: value for name, value in self._asdict().items() if name not in _REMEMBERED}

    def fresh(self) -> "Reading":
        """The same for a new run, which remembers nothing."""
        return self._replace(counts=Counter(), seen=set(), names={})

    def number(self, name: str) -> str:
        """What stands for the name of a person, with @ before it or not: 화자1 for the first."""
        name = name.removeprefix("@") or name
        return self.names.setdefault(name, f"화자{len(self.names) + 1}")

    def check(self) -> None:
        """Raises UsageError for an unknown choice of tables or of parts beside the text."""
        check_choice("--tables", self.tables, TABLES)
        for part in self.include:
            check_choice("--include", part, (*BESIDE, NOTICES, "none"))
