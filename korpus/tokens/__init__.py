"""Tokens → tokens or tables: stopwords, counts and the document-term matrix."""

from korpus.tokens.freq import freq
from korpus.tokens.matrix import Matrix, document_term_matrix, known_term_counts
from korpus.tokens.stopwords import shipped_stopwords, stopword_entries, stopword_table, stopwords

__all__ = [
    "Matrix",
    "document_term_matrix",
    "freq",
    "known_term_counts",
    "shipped_stopwords",
    "stopword_entries",
    "stopword_table",
    "stopwords",
]
