"""Whole pages made of many stages: one reading of the documents, then sections with charts."""

from korpus.reports.page import Page
from korpus.reports.plan import SECTIONS, check_report
from korpus.reports.report import report

__all__ = ["SECTIONS", "Page", "check_report", "report"]
