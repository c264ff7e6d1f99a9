"""The engines of LDA: variational Bayes by gensim and scikit-learn, and the table of all."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from korpus.models.library_internals import expected_word_weights
from korpus.models.report import Report
from korpus.models.topics.lda_options import EngineFit, LdaOptions
from korpus.models.topics.tomotopy_engines import fit_dmr, fit_hdp, fit_lda_by_gibbs
from korpus.tokens import DocumentTermMatrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Documents from which variational engines estimate the likelihood they report.
_WATCHED = 2000


def _gensim(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    import numpy
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel
    from gensim.models.callbacks import Metric

    corpus = Sparse2Corpus(matrix.counts, documents_columns=False)
    passes, iterations = options.passes or 10, options.iterations or 50

    class EachPass(Metric):  # type: ignore[misc]
        logger = title = None
        done = 0

        def get_value(self, model: LdaModel, **_unused: object) -> None:
            self.done += 1
            before = model.random_state.get_state()
            likelihood = model.log_perplexity(list(corpus[:_WATCHED]), total_docs=len(corpus))
            model.random_state.set_state(before)
            if report:
                report(self.done, passes, likelihood)

    model = LdaModel(
        corpus,
        id2word=dict(enumerate(matrix.terms)),
        num_topics=options.k,
        alpha="symmetric" if options.alpha is None else options.alpha,
        eta=options.eta,
        passes=passes,
        iterations=iterations,
        random_state=options.seed,
        eval_every=None,
        callbacks=[EachPass()] if report else None,
        dtype=numpy.float64,
    )
    gamma, _statistics = model.inference(corpus)
    weights = numpy.exp(model.state.get_Elogbeta())
    document_topic = gamma / gamma.sum(axis=1, keepdims=True)
    used = {"eta": float(model.eta[0]), "iterations": iterations, "passes": passes}
    return EngineFit(model.get_topics(), document_topic, model.alpha, weights, used)


def _sklearn(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    import numpy
    from sklearn.decomposition import LatentDirichletAllocation

    documents = len(matrix.lengths)
    passes, iterations = options.passes or 10, options.iterations or 100
    batch_size = min(1024, max(1, documents // 10))
    model = LatentDirichletAllocation(
        options.k,
        doc_topic_prior=options.alpha,
        topic_word_prior=options.eta,
        max_doc_update_iter=iterations,
        batch_size=batch_size,
        total_samples=documents,
        random_state=options.seed,
        n_jobs=options.jobs,
    )
    watched = matrix.counts[:_WATCHED]
    for done in range(1, passes + 1):
        model.partial_fit(matrix.counts)
        if report:
            report(done, passes, -math.log(model.perplexity(watched, sub_sampling=True)))
    topic_term = model.components_ / model.components_.sum(axis=1, keepdims=True)
    alpha = numpy.full(options.k, model.doc_topic_prior_)
    used = {"eta": float(model.topic_word_prior_), "iterations": iterations, "passes": passes}
    used["batch_size"] = batch_size
    document_topic = model.transform(matrix.counts)
    return EngineFit(topic_term, document_topic, alpha, expected_word_weights(model), used)


METHODS: dict[str, Callable[[DocumentTermMatrix, LdaOptions, Report | None], EngineFit]] = {
    "tomotopy": fit_lda_by_gibbs,
    "hdp": fit_hdp,
    "dmr": fit_dmr,
    "gensim": _gensim,
    "sklearn": _sklearn,
}
