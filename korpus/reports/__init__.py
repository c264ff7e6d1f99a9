"""Whole pages and prose made of many stages."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.reports.methods import Methods, Reference, methods
    from korpus.reports.page import Page
    from korpus.reports.plan import SECTIONS, check_report
    from korpus.reports.render import FORMATS, bibtex, render
    from korpus.reports.report import report
    from korpus.reports.study import Step, Study, study_of_header, study_of_lock
else:
    load_when_used(__name__)

__all__ = [
    "FORMATS",
    "SECTIONS",
    "Methods",
    "Page",
    "Reference",
    "Step",
    "Study",
    "bibtex",
    "check_report",
    "methods",
    "render",
    "report",
    "study_of_header",
    "study_of_lock",
]
