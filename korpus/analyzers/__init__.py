"""Documents → tokens: one file an analyzer, and one table of their names."""

from korpus.analyzers.morph import log_notes, morph
from korpus.analyzers.table import ANALYZERS, entry, load, versions

__all__ = ["ANALYZERS", "entry", "load", "log_notes", "morph", "versions"]
