"""The sections of a report: each makes charts, data and sentences of the findings."""

from collections.abc import Callable

from korpus.reports.gather import Findings
from korpus.reports.section import Section
from korpus.reports.sections.concordance import concordance
from korpus.reports.sections.documents import documents
from korpus.reports.sections.keywords import keywords
from korpus.reports.sections.method_texts import methods
from korpus.reports.sections.neighbours import neighbours
from korpus.reports.sections.network import network
from korpus.reports.sections.overview import overview
from korpus.reports.sections.sentiment import sentiment
from korpus.reports.sections.shares import shares
from korpus.reports.sections.topics import topics
from korpus.reports.sections.trends import trends
from korpus.reports.sections.words import words

# None: the documents have nothing for it, and nobody asked.
BUILDERS: dict[str, Callable[[Findings], Section | None]] = {
    "corpus": overview,
    "words": words,
    "keywords": keywords,
    "topics": topics,
    "shares": shares,
    "network": network,
    "trends": trends,
    "neighbours": neighbours,
    "concordance": concordance,
    "sentiment": sentiment,
    "documents": documents,
    "methods": methods,
}
