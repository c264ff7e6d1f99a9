"""A methods section as text, Markdown, LaTeX with BibTeX or a Word document."""

import re
import unicodedata
from collections.abc import Callable

from korpus.reports.methods import BRACKET, Methods, Reference, keys_of
from korpus.reports.word import docx

_CITATION = re.compile(r" ?\[(@[^]]+)\]")
_TEX = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    BRACKET: "{[}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "χ": r"$\chi$",
    "α": r"$\alpha$",
    "η": r"$\eta$",
    "κ": r"$\kappa$",
    "λ": r"$\lambda$",
    "²": r"\textsuperscript{2}",
}
_TEX_HEAD = r"""\documentclass{article}
\usepackage{%s}
\usepackage{longtable}
\usepackage[round]{natbib}
\emergencystretch=3em
\begin{document}
"""


def render(section: Methods, format: str, bibliography: str | None = None) -> bytes:
    """A methods section in one of `FORMATS`.

    `bibliography`: the name of the BibTeX file that LaTeX reads (default: the references are in
    the text).
    """
    if format == "tex" and bibliography:
        return _latex(section, bibliography).encode()
    found = FORMATS[format](section)
    return found if isinstance(found, bytes) else found.encode()


def bibtex(section: Methods) -> bytes:
    """The references of a methods section for BibTeX."""
    return "\n".join(map(_bib_entry, section.references)).encode()


def cited(text: str, references: list[Reference]) -> str:
    """A text with its citations as in print: (Blei et al., 2003)."""
    known = {reference.key: reference for reference in references}

    def named(found: re.Match[str]) -> str:
        items = (_short(known[key]) for key in keys_of(found[0]))
        return f" ({'; '.join(items)})"

    return _CITATION.sub(named, text).replace(BRACKET, "[")


def entry(reference: Reference) -> str:
    """A reference as in a list of references (APA)."""
    item = reference.fields
    authors = item["authors"]
    names = ", ".join(authors[:-1]) + ", & " + authors[-1] if len(authors) > 1 else authors[0]
    title = item["title"] + (f" ({item['edition']} ed.)" if "edition" in item else "")
    where = item["in"]
    if item["type"] == "inproceedings":
        where = f"In {where}" + (f" (pp. {item['pages']})" if "pages" in item else "")
    elif "volume" in item:
        number = f"({item['number']})" if "number" in item else ""
        where += f", {item['volume']}{number}, {item['pages']}"
    elif "pages" in item:
        where += f", {item['pages']}"
    link = f" https://doi.org/{item['doi']}" if "doi" in item else ""
    end = "" if title.endswith(("?", "!")) else "."
    return f"{names} ({item['year']}). {title}{end} {where}.{link}"


def _short(reference: Reference) -> str:
    names = [author.partition(",")[0] for author in reference.fields["authors"]]
    who = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
    return f"{who}, {reference.fields['year']}"


def _text(section: Methods) -> str:
    lines = [section.title, ""]
    for part in section.sections:
        lines += [part.heading, *(cited(text, section.references) for text in part.paragraphs), ""]
    if section.parameters:
        lines += [section.headings[0], *("\t".join(row) for row in section.parameters), ""]
    if section.references:
        lines += [section.headings[1], *map(entry, section.references), ""]
    return "\n".join(lines)


def _markdown(section: Methods) -> str:
    lines = [f"# {section.title}", ""]
    for part in section.sections:
        lines += [f"## {part.heading}", ""]
        for text in part.paragraphs:
            lines += [_marked(cited(text, section.references)), ""]
    if section.parameters:
        lines += [f"## {section.headings[0]}", "", "| " + " | ".join(section.columns) + " |"]
        lines += ["| --- | --- | --- |"]
        lines += ["| " + " | ".join(map(_marked, row)) + " |" for row in section.parameters] + [""]
    if section.references:
        lines += [f"## {section.headings[1]}", ""]
        lines += [f"- {_marked(entry(item))}" for item in section.references] + [""]
    return "\n".join(lines)


def _marked(text: str) -> str:
    """Text in which nothing is read as Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)


def _latex(section: Methods, bibliography: str | None = None) -> str:
    lines: list[str] = []
    lines += [f"\\section{{{_tex(section.title)}}}", ""]
    for part in section.sections:
        lines += [f"\\subsection{{{_tex(part.heading)}}}", ""]
        for text in part.paragraphs:
            pieces = _CITATION.split(text)
            shown = [
                f"~\\citep{{{','.join(keys_of(f'[{piece}]'))}}}" if at % 2 else _tex(piece)
                for at, piece in enumerate(pieces)
            ]
            lines += ["".join(shown), ""]
    if section.parameters:
        lines += [f"\\subsection{{{_tex(section.headings[0])}}}", ""]
        lines += [r"\begin{longtable}{llp{0.5\linewidth}}", r"\hline"]
        lines += [" & ".join(map(_tex, row)) + r" \\" for row in [section.columns]] + [r"\hline"]
        lines += [" & ".join(map(_tex, row)) + r" \\" for row in section.parameters]
        lines += [r"\hline", r"\end{longtable}", ""]
    if section.references:
        lines += [f"\\renewcommand{{\\refname}}{{{_tex(section.headings[1])}}}"]
    if section.references and bibliography:
        lines += [r"\bibliographystyle{plainnat}", f"\\bibliography{{{bibliography}}}", ""]
    elif section.references:
        lines += [r"\begin{thebibliography}{99}", *map(_bib_item, section.references)]
        lines += [r"\end{thebibliography}", ""]
    body = "\n".join([*lines, r"\end{document}", ""])
    is_korean = section.language == "ko" or any(map(_is_east_asian, body))
    return _TEX_HEAD % ("kotex" if is_korean else "fontspec") + "\n" + body


def _is_east_asian(letter: str) -> bool:
    """Whether the usual font of LaTeX lacks a letter, as it has no Hangul, kana and Hanja."""
    return unicodedata.east_asian_width(letter) in "WF"


def _bib_item(reference: Reference) -> str:
    who, _comma, year = _short(reference).rpartition(", ")
    return f"\\bibitem[{_tex(who)}({year})]{{{reference.key}}} {_tex(entry(reference))}"


def _tex(text: str) -> str:
    found = "".join(_TEX.get(letter, letter) for letter in text)
    return found.replace("--", "-{}-")  # two hyphens, as of an option, not a dash


def _bib_entry(reference: Reference) -> str:
    item = reference.fields
    places = {"article": "journal", "inproceedings": "booktitle", "book": "publisher"}
    fields = {
        "author": " and ".join(item["authors"]),
        "year": str(item["year"]),
        "title": f"{{{_tex(item['title'])}}}",
        places.get(item["type"], "howpublished"): _tex(item["in"]),
    }
    fields |= {name: item[name] for name in ("volume", "number", "edition") if name in item}
    if "pages" in item:
        fields["pages"] = item["pages"].replace("–", "--")
    if "doi" in item:
        fields["doi"] = item["doi"]
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{item['type']}{{{reference.key},", *lines, "}", ""])


def _word(section: Methods) -> bytes:
    texts = [
        (part.heading, [cited(text, section.references) for text in part.paragraphs])
        for part in section.sections
    ]
    return docx(section, texts, [entry(item) for item in section.references])


# What each format is made by; also the suffixes of files.
FORMATS: dict[str, Callable[[Methods], str | bytes]] = {
    "md": _markdown,
    "txt": _text,
    "docx": _word,
    "tex": _latex,
}
