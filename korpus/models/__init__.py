"""Tokens → a fitted model → rows."""

from korpus.models.tfidf import TfidfModel, fit_tfidf, tfidf, tfidf_table

__all__ = ["TfidfModel", "fit_tfidf", "tfidf", "tfidf_table"]
