"""Tokens → a fitted model → rows."""

from korpus.models.cluster import Clusters, check_cluster, cluster
from korpus.models.compare import check_compare, compare
from korpus.models.features import word_vectors
from korpus.models.infer import infer
from korpus.models.report import Report
from korpus.models.similar import similar
from korpus.models.term_model import TermModel
from korpus.models.tfidf import TfidfModel, tfidf
from korpus.models.topics.choose_k import choose_k
from korpus.models.topics.describe import topic_terms, topics
from korpus.models.topics.effects import Effects, topics_effects
from korpus.models.topics.lda import LdaModel, fit_lda, lda
from korpus.models.topics.lda_engines import LdaOptions
from korpus.models.topics.lsa import LsaModel, lsa
from korpus.models.topics.nmf import NmfModel, PlsaModel, nmf, plsa
from korpus.models.topics.topic_model import TopicModel
from korpus.models.topics.trend import TopicTrends, topics_trend
from korpus.models.vectors import WordVectors
from korpus.models.word2vec import word2vec

__all__ = [
    "Clusters",
    "Effects",
    "LdaModel",
    "LdaOptions",
    "LsaModel",
    "NmfModel",
    "PlsaModel",
    "Report",
    "TermModel",
    "TfidfModel",
    "TopicModel",
    "TopicTrends",
    "WordVectors",
    "check_cluster",
    "check_compare",
    "choose_k",
    "cluster",
    "compare",
    "fit_lda",
    "infer",
    "lda",
    "lsa",
    "nmf",
    "plsa",
    "similar",
    "tfidf",
    "topic_terms",
    "topics",
    "topics_effects",
    "topics_trend",
    "word2vec",
    "word_vectors",
]
