"""Documents → documents: cleaning and normalising."""

from korpus.documents.gate import Gate, changes

__all__ = ["Gate", "changes"]
