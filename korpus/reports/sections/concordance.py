"""The concordance: where a word or phrase is in the texts of the page."""

from korpus.messages import _, column_title, plural
from korpus.reports.gather import Findings
from korpus.reports.section import Section, quoted


def concordance(found: Findings) -> Section:
    """Places in the texts, to look up."""
    texts = found.corpus.texts
    first = found.words[0]["term"]
    word = max(
        (row["term"] for row in found.words[:20]),
        key=lambda term: sum(term in text for text in texts.values()),
        default=first,
    )
    lead = _("How words are used: {word} and its contexts in the texts.").format(word=quoted(word))
    return Section(
        "concordance",
        _("Concordance"),
        lead,
        values={
            "word": word,
            "table": _("table"),
            "label": _("Search in the texts"),
            "help": _("Exactly these letters, in {documents}.").format(
                documents=plural(len(texts), "document")
            ),
            "sort": _("Sort"),
            "sorts": {
                "text": _("as in the texts"),
                "right": _("by what follows"),
                "left": _("by what comes before"),
            },
            "headings": [
                _("what comes before"),
                _("found"),
                _("what follows"),
                column_title("document"),
            ],
        },
        data={
            "text": {
                "found": _("{n} places in {m} documents"),
                "first": _("{n} places in {m} documents; the first {shown} are shown"),
                "none": _("Not in these texts."),
            }
        },
    )
