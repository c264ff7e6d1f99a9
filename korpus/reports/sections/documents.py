"""The table of documents, to search and sort."""

from typing import Any

from korpus.messages import _, column_title, plural
from korpus.reports.gather import Findings
from korpus.reports.section import Section


def documents(found: Findings) -> Section:
    """The documents whose texts are in the page."""
    corpus = found.corpus
    total, shown = len(corpus), len(corpus.texts)
    lead = _("All {documents}, to search and to sort.").format(documents=plural(total, "document"))
    if shown < total:
        lead = _("A random sample of {shown} from {documents}, to search and to sort.").format(
            shown=f"{shown:,}", documents=plural(total, "document")
        )
    return Section(
        "documents",
        _("Documents"),
        lead,
        values={"table": _("table")},
        data={
            "titles": {"id": column_title("id"), "text": _("text")},
            "text": {
                "found": _("{n} documents"),
                "page": _("{from}-{to} of {n}"),
                "none": _("No document has this."),
            },
        },
    )


def rows(found: Findings) -> dict[str, Any]:
    """The documents as columns of values, which several sections show."""
    corpus, plan = found.corpus, found.plan
    kept = list(corpus.texts)
    shown: dict[str, Any] = {
        "number": kept,
        "id": [str(corpus.ids[row]) for row in kept],
        "text": list(corpus.texts.values()),
    }
    named = ((plan.date, corpus.dates), (plan.by, corpus.groups), (plan.rating, corpus.ratings))
    extra = {name: values for name, values in reversed(named) if name and values}
    shown["extra"] = {name: [extra[name][row] for row in kept] for name in reversed(extra)}
    return shown
