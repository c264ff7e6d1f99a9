"""Documents → tokens: one file an analyzer, and one table of their names."""

from korpus.analyzers.morph import morph
from korpus.analyzers.table import ANALYZERS, load

__all__ = ["ANALYZERS", "load", "morph"]
