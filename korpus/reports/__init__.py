"""Whole pages and prose made of many stages."""

from korpus.reports.methods import Methods, Reference, methods
from korpus.reports.render import FORMATS, bibtex, render
from korpus.reports.study import Step, Study, study_of_header, study_of_lock

__all__ = [
    "FORMATS",
    "Methods",
    "Reference",
    "Step",
    "Study",
    "bibtex",
    "methods",
    "render",
    "study_of_header",
    "study_of_lock",
]
