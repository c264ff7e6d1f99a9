"""Tokens → tokens or tables: stopwords, counts and the document-term matrix."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.tokens.analysis import split_analysis
    from korpus.tokens.coding.code import code, log_coded
    from korpus.tokens.coding.concepts import count_concepts
    from korpus.tokens.coding.rules import CodingRules
    from korpus.tokens.collocations import check_collocations, collocations, measures
    from korpus.tokens.cooccurrences import Cooccurrences, cooccurrences
    from korpus.tokens.correspondence import (
        CorrespondenceMap,
        check_correspondence,
        correspondence,
    )
    from korpus.tokens.document_term_matrix import (
        DocumentTermMatrix,
        Provenance,
        document_term_matrix,
        known_term_counts,
    )
    from korpus.tokens.freq import check_freq, freq
    from korpus.tokens.keyness import check_keyness, keyness
    from korpus.tokens.kwic import check_kwic, find_lines, kwic
    from korpus.tokens.lexical import check_lexical, lexical
    from korpus.tokens.ngrams import (
        check_ngrams,
        joined_ngrams,
        log_joined,
        ngram_table,
        ngrams,
        sizes,
    )
    from korpus.tokens.parts import Part, count_terms, parts_of
    from korpus.tokens.phrases import check_phrases, phrases
    from korpus.tokens.placed import PlacedPart, place_terms
    from korpus.tokens.stopword_lists import shipped_stopwords, stopword_entries, stopword_table
    from korpus.tokens.stopwords import log_removed, stopwords
    from korpus.tokens.term_counts import TermCounts, check_top, count
    from korpus.tokens.texts import TextPart, text_parts
    from korpus.tokens.trend import Trends, check_trend, trend
    from korpus.tokens.triples import triples
    from korpus.tokens.words import log_applied, words_apply
else:
    load_when_used(__name__)

__all__ = [
    "CodingRules",
    "Cooccurrences",
    "CorrespondenceMap",
    "DocumentTermMatrix",
    "Part",
    "PlacedPart",
    "Provenance",
    "TermCounts",
    "TextPart",
    "Trends",
    "check_collocations",
    "check_correspondence",
    "check_freq",
    "check_keyness",
    "check_kwic",
    "check_lexical",
    "check_ngrams",
    "check_phrases",
    "check_top",
    "check_trend",
    "code",
    "collocations",
    "cooccurrences",
    "correspondence",
    "count",
    "count_concepts",
    "count_terms",
    "document_term_matrix",
    "find_lines",
    "freq",
    "joined_ngrams",
    "keyness",
    "known_term_counts",
    "kwic",
    "lexical",
    "log_applied",
    "log_coded",
    "log_joined",
    "log_removed",
    "measures",
    "ngram_table",
    "ngrams",
    "parts_of",
    "phrases",
    "place_terms",
    "shipped_stopwords",
    "sizes",
    "split_analysis",
    "stopword_entries",
    "stopword_table",
    "stopwords",
    "text_parts",
    "trend",
    "triples",
    "words_apply",
]
