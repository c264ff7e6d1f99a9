"""Accuracy and cost of classifiers on film reviews, as a Markdown table.

python -m tests.bench.classify TOKENS…

TOKENS: the 150,000 labelled reviews as `korpus morph` gives them, once per analyzer:
korpus morph nsmc_train.tsv.gz -a kiwi -c document -o kiwi.jsonl. Of five folds of 30,000, drawn
with a fixed seed, the first is reported; what the methods do was chosen on the second, by models
of the other three.

Tried on the second fold, 90,000 to train; Kiwi's tokens, both weights by naive Bayes and idf:

| features and model | accuracy |
|---|---|
| standard: tokens, neighbouring pairs, characters | .8801 |
| the same, by TF-IDF | .8743 |
| both of these, mean of the scores | .8803 |
| standard, mean of the scores with mecab's tokens | .8798 |
| network of one hidden layer (32) on the same features, half of them dropped | .8798 |
| standard and the network, mean of the scores | .8810 |
| standard and triples of tokens | .8808 |
| standard and pairs 2 places apart; 2–3; 2–5; 2–8 | .8818; .8826; .8832; .8826 |
| standard and the four tokens at either end | .8807 |
| best: pairs 2–5 apart, and the four tokens at either end | .8840 |
| best with two tokens at either end; with eight; with triples | .8827; .8833; .8838 |
| best with C .15; .6 | .8816; .8837 |
| best, mean with TF-IDF; with the network | .8829; .8837 |
| best, TF-IDF of best and the network, mean of the scores | .8847 |

Of 8,000 reviews, best is no better than standard.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy

from korpus import files
from korpus.models.classify.codes import Documents, as_numbers
from korpus.models.classify.linear import classes_of
from korpus.models.classify.train import Machine
from korpus.models.classify.vocabulary import METHODS, learn
from korpus.tokens.texts import as_text_parts

_SEED, _FOLD = 20261126, 30_000


def rows(path: str) -> Iterator[list[str]]:
    """A row per method: accuracy, and processor seconds of features, fit and 30,000 predictions."""
    documents = as_numbers(as_text_parts(files.read(path), ["label"]))
    labels = sorted(set(documents.values[0]))
    truth = numpy.array([labels.index(label) for label in documents.values[0]])
    tested = numpy.zeros(len(truth), dtype=bool)
    tested[numpy.random.default_rng(_SEED).permutation(len(truth))[:_FOLD]] = True
    train = documents.select((~tested).tolist())
    for method in METHODS:
        start = time.process_time()
        vocabulary, matrix = learn(train, features="both", method=method, min_df=2)
        made = time.process_time()
        machine = Machine(matrix, truth[~tested], len(labels), 0.3, False, 0)
        fit = machine.fit(numpy.arange(len(train.ids)))
        fitted = time.process_time()
        new = on_terms(documents.select(tested.tolist()), vocabulary.terms)
        given = classes_of(fit.scores(vocabulary.matrix(new)))
        seconds = made - start, fitted - made, time.process_time() - fitted
        accuracy = float((given == truth[tested]).mean())
        yield [path, method, f"{accuracy:.4f}", *(f"{value:.0f} s" for value in seconds)]


def on_terms(documents: Documents, terms: list[str]) -> Documents:
    """The documents with their tokens as numbers of other terms."""
    place = {term: number for number, term in enumerate(terms)}
    numbers = numpy.array([place.get(term, -1) for term in documents.terms], numpy.int32)
    return replace(documents, terms=terms, numbers=numbers[documents.numbers])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classify")
    parser.add_argument("tokens", nargs="+", metavar="TOKENS")
    given = parser.parse_args()
    print("| tokens | method | accuracy | features | fit | 30,000 predictions |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for path in given.tokens:
        for cells in rows(path):
            print(f"| {' | '.join(cells)} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
