"""Tokens → a fitted model → rows."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.models.cluster import Clusters, check_cluster, cluster
    from korpus.models.compare import EDIT, VECTORS, check_compare, compare
    from korpus.models.embeddings import DocumentEmbeddings, any_vectors
    from korpus.models.encode import check_encode, encode
    from korpus.models.extracts.keywords import check_keywords, keywords
    from korpus.models.extracts.summarize import check_summarize, summarize
    from korpus.models.infer import infer
    from korpus.models.kiwi_vectors import vectors
    from korpus.models.neighbourhood import CHARTS, neighbourhood
    from korpus.models.pretrained import PretrainedVectors
    from korpus.models.report import Report
    from korpus.models.retrofit import retrofit
    from korpus.models.search.index import index, store_documents
    from korpus.models.search.search import search
    from korpus.models.search.search_index import SearchIndex
    from korpus.models.similar import similar
    from korpus.models.term_model import TermModel
    from korpus.models.tfidf import TfidfModel, tfidf
    from korpus.models.topics.choose_k import choose_k
    from korpus.models.topics.compare import TopicMatches, topic_map, topics_compare
    from korpus.models.topics.covariates import columns_of
    from korpus.models.topics.describe import topic_terms, topics
    from korpus.models.topics.dmr import DmrModel
    from korpus.models.topics.dtm import check_dtm, dtm
    from korpus.models.topics.dtm_model import DtmModel
    from korpus.models.topics.effects import Effects, topics_effects
    from korpus.models.topics.embed import EmbedModel, topics_embed
    from korpus.models.topics.intruders import Intruders, topics_validate
    from korpus.models.topics.intrusion_scores import intrusion_scores
    from korpus.models.topics.label import TopicLabels, names_of, topics_label
    from korpus.models.topics.lda import fit_lda, lda
    from korpus.models.topics.lda_model import LdaModel
    from korpus.models.topics.lda_options import LdaOptions
    from korpus.models.topics.lsa import LsaModel, lsa
    from korpus.models.topics.nmf import NmfModel, PlsaModel, nmf, plsa
    from korpus.models.topics.prevalence import formula_columns
    from korpus.models.topics.stm import stm
    from korpus.models.topics.stm_model import StmModel
    from korpus.models.topics.topic_model import TopicModel
    from korpus.models.topics.trend import TopicTrends, topics_trend
    from korpus.models.vector_model import DocumentVectors, VectorModel, word_vectors
    from korpus.models.word2vec import word2vec
    from korpus.models.word2vec_model import WordVectors
else:
    load_when_used(__name__)

__all__ = [
    "CHARTS",
    "EDIT",
    "VECTORS",
    "Clusters",
    "DmrModel",
    "DocumentEmbeddings",
    "DocumentVectors",
    "DtmModel",
    "Effects",
    "EmbedModel",
    "Intruders",
    "LdaModel",
    "LdaOptions",
    "LsaModel",
    "NmfModel",
    "PlsaModel",
    "PretrainedVectors",
    "Report",
    "SearchIndex",
    "StmModel",
    "TermModel",
    "TfidfModel",
    "TopicLabels",
    "TopicMatches",
    "TopicModel",
    "TopicTrends",
    "VectorModel",
    "WordVectors",
    "any_vectors",
    "check_cluster",
    "check_compare",
    "check_dtm",
    "check_encode",
    "check_keywords",
    "check_summarize",
    "choose_k",
    "cluster",
    "columns_of",
    "compare",
    "dtm",
    "encode",
    "fit_lda",
    "formula_columns",
    "index",
    "infer",
    "intrusion_scores",
    "keywords",
    "lda",
    "lsa",
    "names_of",
    "neighbourhood",
    "nmf",
    "plsa",
    "retrofit",
    "search",
    "similar",
    "stm",
    "store_documents",
    "summarize",
    "tfidf",
    "topic_map",
    "topic_terms",
    "topics",
    "topics_compare",
    "topics_effects",
    "topics_embed",
    "topics_label",
    "topics_trend",
    "topics_validate",
    "vectors",
    "word2vec",
    "word_vectors",
]
