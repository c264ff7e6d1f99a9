"""The methods section (연구방법) of the report itself, in Korean and in English."""

from typing import Any

from korpus.analyzers import ANALYZERS, versions
from korpus.messages import _, language
from korpus.reports.gather import Findings
from korpus.reports.methods import Methods
from korpus.reports.methods import methods as write_methods
from korpus.reports.render import cited, entry
from korpus.reports.section import Section
from korpus.reports.study import Step, Study, steps_of
from korpus.version import __version__

_NAMES = {"ko": "한국어", "en": "English"}


def methods(found: Findings) -> Section:
    """What the report did, for a paper."""
    study = study_of(found)
    languages = sorted(_NAMES, key=lambda name: name != language())
    return Section(
        "methods",
        _("Methods"),
        _("How this page was made, for the methods section of a paper."),
        data={"study": study},  # korpus methods reads it from the page
        values={
            "texts": [
                {"code": code, "name": _NAMES[code], **_text(write_methods(study, lang=code))}
                for code in languages
            ]
        },
    )


def _text(written: Methods) -> dict[str, Any]:
    return {
        "sections": [
            (section.heading, [cited(text, written.references) for text in section.paragraphs])
            for section in written.sections
        ],
        "headings": written.headings,
        "columns": written.columns,
        "rows": written.parameters,
        "references": [entry(reference) for reference in written.references],
    }


def study_of(found: Findings) -> Study:
    """The record of what was run for the sections of the page."""
    corpus, plan = found.corpus, found.plan
    steps: list[Step] = []
    if corpus.cleaned is not None:
        aside = {"set_aside": corpus.rejected} if corpus.rejected else {}
        steps.append({"command": "clean", "options": {"html": True}, **aside})  # type: ignore[typeddict-item]
    analyses = steps_of(*next(iter(corpus.analyses))) if len(corpus.analyses) == 1 else []
    steps += analyses
    ran = vars(found)  # results are kept there once a section has asked for them
    if "keywords" in ran:
        steps.append(_step("keyness", by=plan.by, min_count=found.few))
    if "model" in ran:
        if plan.lda is None:  # its words are fewer
            made = found.model.provenance
            steps += steps_of(made["analyzer"], made["analysis"])[len(analyses) :]
        steps.append(_step(found.model.kind, **found.model.options))
        steps.append(_step("topics show", relevance=0.6))
    if "topic_trends" in ran:
        steps.append(_step("topics trend", date=plan.date, every=found.every))
    if "network" in ran:
        steps.append(_step("network", **found.network_options))
    if "trends" in ran:
        steps.append(_step("trend", date=plan.date, every=found.every))
    if ran.get("vectors") is not None and plan.vectors is None:
        steps.append(_step("word2vec", **ran["vectors"].options))
    if corpus.rated and plan.wants("sentiment"):
        steps.append(_step("sentiment", learn=plan.rating))
    names = {name for name, _analysis in corpus.analyses if name in ANALYZERS}
    study: Study = {"korpus": __version__, "documents": len(corpus), "steps": steps}
    study["tokens"] = int(corpus.terms.numbers.size)
    study["versions"] = {
        package: number for name in names if name for package, number in versions(name).items()
    }
    return study


def _step(command: str, **options: Any) -> Step:
    return {"command": command, "options": options}
