"""Documents → tokens: one file per analyzer, and a table of their names."""

from korpus.analyzers.morph import log_counts, morph
from korpus.analyzers.table import ANALYZERS, entry, load, versions

__all__ = ["ANALYZERS", "entry", "load", "log_counts", "morph", "versions"]
