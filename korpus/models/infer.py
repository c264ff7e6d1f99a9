"""The stage infer: topics, weights or vectors of new documents by a fitted model."""

from collections.abc import Iterable

from korpus.elsewhere import elsewhere
from korpus.files.model_files import Model
from korpus.records import Record, Table


@elsewhere
def infer(documents: Iterable[Record], model: Model) -> Table:
    """Describe new documents by a fitted model, in its vocabulary. Needs the whole input.

    Holds counts, not documents. Tokens outside the vocabulary are ignored; their share is logged.
    lda: variational inference with the model's topics (see `fold_in`); the fit's own values for the
    same document may differ a little, as tomotopy reports a sample of its last iteration.
    nmf, plsa: the weights that reproduce the document best, with the model's topics. lsa: TF-IDF
    projected on the dimensions. tfidf: with the idf of the fitted documents. word2vec: the mean
    vector of the document's tokens; a fastText model also has vectors for unseen words. encode: its
    codes, or vectors.

    Columns in: `id`, `tokens`, `analyzer`, `analysis`. Out: `id`, `topic`, `weight` for lda, nmf
    and plsa, the largest weight first; `id`, `d1` … for lsa and word2vec; those of `tfidf` and
    `encode` for these. Every document has rows (tfidf: one per term). A document without known
    terms gets one row without topic (lda, nmf, plsa) or zeros (lsa, word2vec).
    Raises KorpusError if the tokens were made by another analyzer or with other options of morph
    than the model's; other later steps, such as stopwords, are only logged.
    """
    return model.transform(documents)
