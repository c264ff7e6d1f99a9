"""What the user says about how a source is read."""

import logging
from collections import Counter
from typing import NamedTuple

from korpus.errors import UsageError
from korpus.messages import _, plural

logger = logging.getLogger("korpus")

TABLES = ("text", "skip", "only")
NOTES, COMMENTS, HEADERS = "notes", "comments", "headers"
BESIDE = (NOTES, COMMENTS, HEADERS)  # what may be read beside the text of a document


class Reading(NamedTuple):
    """How a source is read; what is None is found out.

    `encoding`: of text. `sheet`: of a workbook, its name, its number from 1, or `all`.
    `header_row`: the number of the row of a table that is its header, from 1; 0 if it has none.
    `records`: the path of the records in nested JSON. `columns`: those of the text.
    `strict`: a bad row is an error; otherwise it becomes a BadRow. Of files that are one document
    each: `tables` is text, skip or only; `include` names what to read beside the text; `pages`
    makes each page of a PDF a document. `counts`: what was left out of documents, by kind.
    """

    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    records: str | None = None
    columns: tuple[str, ...] = ()
    strict: bool = True
    tables: str = "text"
    include: tuple[str, ...] = ("notes",)
    pages: bool = False
    counts: Counter[str] = Counter()  # noqa: RUF012

    def check(self) -> None:
        """Raises UsageError for an unknown choice of tables or of parts beside the text."""
        if self.tables not in TABLES:
            raise UsageError(
                _("--tables {value} is unknown").format(value=self.tables),
                _("one of: {names}").format(names=", ".join(TABLES)),
            )
        for part in self.include:
            if part not in (*BESIDE, "none"):
                raise UsageError(
                    _("--include {value} is unknown").format(value=part),
                    _("one of: {names}").format(names=", ".join((*BESIDE, "none"))),
                )

    def log_left_out(self) -> None:
        """Log what was left out of the documents."""
        beside = {
            NOTES: plural(self.counts[NOTES], "note"),
            COMMENTS: plural(self.counts[COMMENTS], "comment"),
            HEADERS: plural(self.counts[HEADERS], "page header"),
        }
        for kind, count_of_kind in beside.items():
            if self.counts[kind]:
                logger.info(_("%s left out; --include %s reads them"), count_of_kind, kind)
        if count := self.counts["table"]:
            logger.info(_("%s left out (--tables skip)"), plural(count, "table"))
        if count := self.counts["running head"]:
            logger.info(_("%s removed from pages"), plural(count, "running head"))
        if count := self.counts["empty page"]:
            logger.warning(_("%s without text: scanned?"), plural(count, "page"))
