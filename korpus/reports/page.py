"""The page: one HTML file that holds all it needs, loads nothing, and runs no other script.

Jinja2 escapes every text that goes into the page. JSON within it has no `<`. The content-security
policy names the digests of the page's own scripts and style, and Vega evaluates its expressions
with an interpreter, not with `eval`.
"""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.metadata import version
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from korpus.cache import kept
from korpus.messages import _, plural
from korpus.reports.fonts import font_faces
from korpus.reports.gather import Findings
from korpus.reports.section import Section
from korpus.reports.sections.documents import rows as document_rows
from korpus.reports.sections.overview import figures, summary
from korpus.version import __version__

if TYPE_CHECKING:
    import jinja2

_ASSETS = "assets"
_PLAIN = re.compile("<datalist.*?</datalist>|<details.*?</details>", re.S)  # nothing bold in them


@dataclass(frozen=True)
class Page:
    """A page. `html`: all of it."""

    html: str

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self.html)}" width="100%" height="800"></iframe>'


def made(found: Findings, sections: list[Section]) -> Page:
    """The page of some sections, in the language of messages."""
    data = {
        "charts": {name: spec for section in sections for name, spec in section.charts.items()},
        "config": chart_config(),
        "documents": document_rows(found),
        "sections": {section.name: section.data for section in sections},
    }
    documents = plural(len(found.corpus), "document")
    title = found.plan.title or _("What {documents} are about").format(documents=documents)
    programs = [program(), _asset("report.js")]
    content: dict[str, Any] = {
        "title": title,
        "summary": summary(found),
        "figures": figures(found),
        "sections": sections,
        "language": found.plan.language,
        "version": __version__,
        "text": _texts(),
        "programs": programs,
    }
    json_text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = json_text.replace("<", "\\u003c").replace("\u2028", "\\u2028")
    template = _environment().get_template("page.html")
    shown = template.render({**content, "programs": []}, data="", style="", policy="")
    bold = {*_PLAIN.sub("", shown)}
    faces = font_faces("".join(sorted({*shown, *safe})), "".join(sorted(bold)))
    style = _asset("report.css") + faces
    content |= {"style": style, "policy": policy(programs, style)}
    return Page(template.render(content, data=safe).encode("utf-8", "replace").decode())


def policy(scripts: list[str], style: str) -> str:
    """A content-security policy that allows these scripts and this style alone."""
    allowed = " ".join(map(_digest, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def program() -> str:
    """Vega, Vega-Lite and Vega-Embed, as vl-convert bundles them; kept, as that takes seconds."""
    import vl_convert

    def make(new: Any) -> None:
        new.write_text(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"), "utf-8")

    return kept(f"vega-{version('vl-convert-python')}.js", make).read_text("utf-8")


def chart_config() -> dict[str, Any]:
    """The look of all charts: colours are those of the style, light and dark."""
    text = {"labelColor": "var(--muted)", "titleColor": "var(--muted)"}
    size = {"labelFontSize": 12.5, "titleFontSize": 12.5, "titleFontWeight": "normal"}
    return {
        "font": "KorpusSans",
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**text, **size, "gridColor": "var(--rule)", "domainColor": "var(--rule)"},
        "legend": {**text, **size, "symbolStrokeWidth": 0},
        "header": {**text, **size},
        "bar": {"color": "var(--c1)"},
        "line": {"color": "var(--c1)", "strokeWidth": 2},
        "text": {"color": "var(--muted)", "fontSize": 12.5},
        "range": {"category": [f"var(--c{number})" for number in range(1, 9)]},
    }


def _texts() -> dict[str, str]:
    """The words of the page's frame."""
    return {
        "contents": _("Contents"),
        "skip": _("Skip to the content"),
        "made": _("Made with korpus {version}").format(version=__version__),
        "table": _("As a table"),
        "save": _("Save as CSV"),
        "bars": _("Bars"),
        "cloud": _("Word cloud"),
        "relevance": _("Relevance λ"),
        "relevance_help": _("1: frequent words of the topic; 0: words that only it has"),
        "typical": _("Most typical documents"),
        "map": _("Map of the topics: near ones are alike, areas are shares"),
        "terms_of": _("Words of topic"),
        "previous": _("Previous"),
        "next": _("Next"),
        "filter": _("Search in the documents"),
        "noscript": _("This page needs JavaScript for its charts; it loads nothing."),
    }


@cache
def _environment() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("korpus.reports", _ASSETS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (resources("korpus.reports") / _ASSETS / name).read_text("utf-8")
