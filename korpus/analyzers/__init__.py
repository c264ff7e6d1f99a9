"""Documents → tokens: one file an analyzer, and one table of their names."""

from korpus.analyzers.morph import log_counts, morph
from korpus.analyzers.table import ANALYZERS, entry, load, versions

__all__ = ["ANALYZERS", "entry", "load", "log_counts", "morph", "versions"]
