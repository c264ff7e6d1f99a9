"""korpus: Korean text mining. Each command is also a function here, for use from Python.

>>> import korpus
>>> tokens = korpus.stopwords(korpus.morph(korpus.read("reviews.csv"), pos="noun"))
>>> korpus.freq(tokens).to_pandas()
"""

from typing import TYPE_CHECKING, Any

from korpus.version import __version__ as __version__

if TYPE_CHECKING:  # for editors; at run time they load on first use, so that importing is cheap
    from korpus.analyzers import agree as agree
    from korpus.analyzers import morph as morph
    from korpus.analyzers import subword_encode as subword_encode
    from korpus.analyzers import subword_train as subword_train
    from korpus.analyzers import tree as tree
    from korpus.analyzers import units as units
    from korpus.analyzers.words.learn import words_learn as words_learn
    from korpus.cli.installation import doctor as doctor
    from korpus.cli.new_study import new as new
    from korpus.cli.recipes import recipe as recipe
    from korpus.cli.study import run as run
    from korpus.documents import clean as clean
    from korpus.documents import dedupe as dedupe
    from korpus.documents import head as head
    from korpus.documents import join as join
    from korpus.documents import reliability as reliability
    from korpus.documents import sample as sample
    from korpus.documents import sentences as sentences
    from korpus.documents import space as space
    from korpus.documents import spell as spell
    from korpus.documents import split as split
    from korpus.documents import where as where
    from korpus.errors import KorpusError as KorpusError
    from korpus.files import Model as Model
    from korpus.files import info as info
    from korpus.files import load as load
    from korpus.files import read as read
    from korpus.models import choose_k as choose_k
    from korpus.models import cluster as cluster
    from korpus.models import compare as compare
    from korpus.models import dtm as dtm
    from korpus.models import encode as encode
    from korpus.models import index as index
    from korpus.models import infer as infer
    from korpus.models import keywords as keywords
    from korpus.models import lda as lda
    from korpus.models import lsa as lsa
    from korpus.models import nmf as nmf
    from korpus.models import plsa as plsa
    from korpus.models import search as search
    from korpus.models import similar as similar
    from korpus.models import stm as stm
    from korpus.models import summarize as summarize
    from korpus.models import tfidf as tfidf
    from korpus.models import topics as topics
    from korpus.models import topics_compare as topics_compare
    from korpus.models import topics_effects as topics_effects
    from korpus.models import topics_embed as topics_embed
    from korpus.models import topics_label as topics_label
    from korpus.models import topics_trend as topics_trend
    from korpus.models import topics_validate as topics_validate
    from korpus.models import word2vec as word2vec
    from korpus.models.classify import classify_evaluate as classify_evaluate
    from korpus.models.classify import classify_explain as classify_explain
    from korpus.models.classify import classify_predict as classify_predict
    from korpus.models.classify import classify_train as classify_train
    from korpus.models.evaluate import evaluate as evaluate
    from korpus.models.kiwi_vectors import vectors as vectors
    from korpus.models.lm import lm_complete as lm_complete
    from korpus.models.lm import lm_correct as lm_correct
    from korpus.models.lm import lm_generate as lm_generate
    from korpus.models.lm import lm_perplexity as lm_perplexity
    from korpus.models.lm import lm_score as lm_score
    from korpus.models.lm import lm_train as lm_train
    from korpus.models.sentiment import sentiment as sentiment
    from korpus.models.synonyms import words_synonyms as words_synonyms
    from korpus.models.tf import tf_answer as tf_answer
    from korpus.models.tf import tf_attention as tf_attention
    from korpus.models.tf import tf_classify as tf_classify
    from korpus.models.tf import tf_embed as tf_embed
    from korpus.models.tf import tf_fill as tf_fill
    from korpus.models.tf import tf_generate as tf_generate
    from korpus.models.tf import tf_summarize as tf_summarize
    from korpus.models.tf import tf_tag as tf_tag
    from korpus.models.tf import tf_translate as tf_translate
    from korpus.models.tuning import tf_align as tf_align
    from korpus.models.tuning import tf_finetune as tf_finetune
    from korpus.models.tuning import tf_pretrain as tf_pretrain
    from korpus.networks import concor as concor
    from korpus.networks import network as network
    from korpus.reports import methods as methods
    from korpus.reports import report as report
    from korpus.tokens import code as code
    from korpus.tokens import collocations as collocations
    from korpus.tokens import correspondence as correspondence
    from korpus.tokens import freq as freq
    from korpus.tokens import keyness as keyness
    from korpus.tokens import kwic as kwic
    from korpus.tokens import lexical as lexical
    from korpus.tokens import ngrams as ngrams
    from korpus.tokens import phrases as phrases
    from korpus.tokens import stopwords as stopwords
    from korpus.tokens import trend as trend
    from korpus.tokens.crosstab import crosstab as crosstab
    from korpus.views import wordcloud as wordcloud

# What is public besides the stages, which the registry of commands names.
_OTHERS = {
    "KorpusError": "korpus.errors:KorpusError",
    "Model": "korpus.files:Model",
    "load": "korpus.files:load",
}


def _public() -> dict[str, str]:
    from korpus.cli.registry import stages

    return stages() | _OTHERS


def __dir__() -> list[str]:
    return sorted([*_public(), "__version__"])


def __getattr__(name: str) -> Any:
    if not name.startswith("_") and name in _public():
        from korpus.cli.registry import load

        return load(_public()[name])
    raise AttributeError(f"module 'korpus' has no attribute {name!r}")
