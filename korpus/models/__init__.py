"""Tokens → a fitted model → rows."""

from korpus.models.infer import infer
from korpus.models.saved import AnyModel, restored
from korpus.models.similar import similar
from korpus.models.tfidf import TfidfModel, fit_tfidf, tfidf, tfidf_of, tfidf_table
from korpus.models.topics.choose_k import choose_k
from korpus.models.topics.lda import LdaOptions, fit_lda, lda
from korpus.models.topics.lsa import lsa
from korpus.models.topics.nmf import nmf, plsa
from korpus.models.topics.topic_model import TopicModel, documents_table, topic_terms, topics
from korpus.models.vectors import WordVectors, word2vec

__all__ = [
    "AnyModel",
    "LdaOptions",
    "TfidfModel",
    "TopicModel",
    "WordVectors",
    "choose_k",
    "documents_table",
    "fit_lda",
    "fit_tfidf",
    "infer",
    "lda",
    "lsa",
    "nmf",
    "plsa",
    "restored",
    "similar",
    "tfidf",
    "tfidf_of",
    "tfidf_table",
    "topic_terms",
    "topics",
    "word2vec",
]
