"""Documents → documents: cleaning text for analysis."""

from korpus.documents.gate import Gate, changes

__all__ = ["Gate", "changes"]
