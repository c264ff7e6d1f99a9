"""Documents → documents: cleaning and normalising."""

from korpus.documents.gate import Gate

__all__ = ["Gate"]
