"""Tokens → a fitted model → rows."""

from korpus.models.cluster import Clusters, check_cluster, cluster
from korpus.models.compare import EDIT, check_compare, compare
from korpus.models.features import word_vectors
from korpus.models.infer import infer
from korpus.models.report import Report
from korpus.models.similar import similar
from korpus.models.term_model import TermModel
from korpus.models.tfidf import TfidfModel, tfidf
from korpus.models.topics.choose_k import choose_k
from korpus.models.topics.covariates import columns_of
from korpus.models.topics.describe import topic_terms, topics
from korpus.models.topics.dmr import DmrModel
from korpus.models.topics.dtm import check_dtm, dtm
from korpus.models.topics.dtm_model import DtmModel
from korpus.models.topics.lda import fit_lda, lda
from korpus.models.topics.lda_model import LdaModel
from korpus.models.topics.lda_options import LdaOptions
from korpus.models.topics.lsa import LsaModel, lsa
from korpus.models.topics.nmf import NmfModel, PlsaModel, nmf, plsa
from korpus.models.topics.topic_model import TopicModel
from korpus.models.vectors import WordVectors
from korpus.models.word2vec import word2vec

__all__ = [
    "EDIT",
    "Clusters",
    "DmrModel",
    "DtmModel",
    "LdaModel",
    "LdaOptions",
    "LsaModel",
    "NmfModel",
    "PlsaModel",
    "Report",
    "TermModel",
    "TfidfModel",
    "TopicModel",
    "WordVectors",
    "check_cluster",
    "check_compare",
    "check_dtm",
    "choose_k",
    "cluster",
    "columns_of",
    "compare",
    "dtm",
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
    "word2vec",
    "word_vectors",
]
