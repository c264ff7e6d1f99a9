"""Training classifiers: scikit-learn's own numbers, classes of all kinds, cross-validation."""

import csv
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

import korpus as api
from korpus.models.classify.codes import as_numbers
from korpus.models.classify.folds import group_folds, time_folds
from korpus.tokens.texts import text_parts
from tests.classified import document, labelled
from tests.support import korpus, lines


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def analyze(record: dict[str, Any]) -> list[str]:
    """The features of a document, by plain Python."""
    terms = [f"{token}/{tag}" for token, tag in zip(record["tokens"], record["tags"], strict=True)]
    pairs = [f"{a} {b}" for a, b in pairwise(terms)]
    text = f" {''.join(record['text'].lower().split())} "
    often = {c for c in text if ALL.count(c) > 1}
    grams = [text[i : i + n] for n in range(1, 6) for i in range(len(text) - n + 1)]
    return [*terms, *pairs, *(f'"{gram}"' for gram in grams if set(gram) <= often)]


ALL = "".join(f" {record['text'].lower().replace(' ', '')} " for record in labelled())


def analyze_more(record: dict[str, Any]) -> list[str]:
    """The features of the method best: pairs of tokens up to 5 apart, and tokens near the ends."""
    terms = [f"{token}/{tag}" for token, tag in zip(record["tokens"], record["tags"], strict=True)]
    apart = [f"{a} … {b}" for n, a in enumerate(terms) for b in terms[n + 2 : n + 6]]
    ends = [*(f"{term} …" for term in terms[:4]), *(f"… {term}" for term in terms[-4:])]
    return [*analyze(record), *apart, *ends]


@pytest.mark.parametrize(("method", "find"), [("standard", analyze), ("best", analyze_more)])
def test_features_weights_and_predictions_are_those_of_scikit_learn(method: str, find: Any) -> None:
    documents = labelled()
    model = api.classify_train(documents, folds=0, method=method).model
    vectorizer = CountVectorizer(analyzer=find, binary=True, min_df=2, dtype=float)
    found = vectorizer.fit_transform(documents)
    names = {model.vocabulary.name(n): n for n in range(len(model.vocabulary))}
    assert names.keys() == set(vectorizer.get_feature_names_out())
    order = [names[name] for name in vectorizer.get_feature_names_out()]
    numbers = as_numbers(text_parts(documents), model.vocabulary.numbers)
    matrix = model.vocabulary.matrix(numbers)
    assert (matrix[:, order] != found).nnz == 0
    # Wang & Manning's log-count ratio times idf, in rows of length 1.
    is_good = numpy.array([record["label"] == "긍정" for record in documents])
    p, q = (found[side].sum(axis=0).A1 + 1 for side in (is_good, ~is_good))
    ratio = abs(numpy.log(p / p.sum()) - numpy.log(q / q.sum()))
    idf = numpy.log(61 / (1 + found.sum(axis=0).A1)) + 1
    assert model.weights[order] == pytest.approx(ratio * idf, rel=1e-9)
    rows = found.multiply(ratio * idf).tocsr()
    rows = rows.multiply(1 / numpy.sqrt(rows.multiply(rows).sum(axis=1))).tocsr()
    theirs = LinearSVC(C=0.3, tol=1e-6, random_state=0).fit(rows, ~is_good)
    assert model.scores(matrix)[:, 0] == pytest.approx(theirs.decision_function(rows), abs=0.02)


def test_a_saved_model_predicts_as_scikit_learn_bit_for_bit(tmp_path: Path) -> None:
    documents = labelled()
    for name, label, method in (
        *(("two", "label", "standard"), ("six", "author", "standard"), ("best", "label", "best")),
    ):
        trained = api.classify_train(documents, label=label, method=method, folds=0).model
        trained.save(tmp_path / f"{name}.safetensors")
        model: Any = api.load(tmp_path / f"{name}.safetensors")
        theirs = LinearSVC()
        theirs.coef_, theirs.intercept_ = model.coef, model.intercept
        theirs.classes_ = numpy.array(model.labels)
        numbers = as_numbers(text_parts(documents), model.vocabulary.numbers)
        matrix = scipy.sparse.csr_matrix(model.vocabulary.matrix(numbers))
        from korpus.models.classify.linear import weighted

        weights = weighted(matrix, model.weights)
        scores = model.scores(matrix)
        expected = theirs.decision_function(weights)
        assert (scores.ravel() == expected.ravel()).all()
        predicted = [row["predicted"] for row in model.transform(documents)]
        assert predicted == theirs.predict(weights).tolist()
        assert [*trained.transform(documents)] == [*model.transform(documents)]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    data = lines(*labelled())
    for name in "ab":
        done = korpus("classify", "train", "-m", tmp_path / f"{name}.safetensors", stdin=data)
        assert done.returncode == 0, done.stderr
    a, b = (tmp_path / f"{name}.safetensors" for name in "ab")
    assert a.read_bytes() == b.read_bytes()
    table = {(row["measure"], row["label"]): row for row in rows(done.stdout)}
    accuracy = table["accuracy", ""]
    assert float(accuracy["low"]) <= float(accuracy["value"]) <= float(accuracy["high"])
    assert float(accuracy["value"]) > 0.8 and accuracy["documents"] == "60"
    assert float(table["largest_class", ""]["value"]) == 0.5
    assert table.keys() >= {(m, c) for m in ("precision", "recall", "f1") for c in ("긍정", "부정")}


def test_classes_of_all_kinds(sample_tokens: Path) -> None:
    done = korpus("classify", "train", sample_tokens, "--label", "category", "--folds", "3")
    found = {(row["measure"], row["label"]): float(row["value"]) for row in rows(done.stdout)}
    assert found["accuracy", ""] > 0.9 and found["recall", "휴대폰"] > 0.8
    done = korpus("classify", "train", sample_tokens, "--label", "rating:1-2,4-5", "--folds", "2")
    assert "in none of the bins" in done.stderr
    cut = korpus("where", "rating != 3", sample_tokens).stdout
    done = korpus("classify", "train", "--label", "rating:1-2,4-5", "--folds", "2", stdin=cut)
    assert [row["label"] for row in rows(done.stdout)[-2:]] == ["1-2", "4-5"]


def test_documents_without_a_label_are_left_out_and_counted() -> None:
    documents = labelled()
    more = [{**document(90 + n, "재미 없다"), "label": value} for n, value in enumerate(["", None])]
    done = korpus("classify", "train", "--folds", "0", stdin=lines(*documents, *more))
    assert "2 documents without a label left out" in done.stderr
    same = api.classify_train(documents, folds=0).model
    found = api.classify_train([*documents, *more], folds=0).model
    assert found.provenance["documents"] == same.provenance["documents"] == 60
    assert found.terms == same.terms and (found.coef == same.coef).all()


def test_documents_without_text_or_time_are_counted() -> None:
    documents = [
        {
            **record,
            "date": record["date"] if n % 6 else "",
            "text": "" if n == 7 else record["text"],
        }
        for n, record in enumerate(labelled())
    ]
    done = korpus("classify", "train", "--time", "date", "--folds", "2", stdin=lines(*documents))
    assert "1 document without text: judged by tokens only" in done.stderr
    assert "10 documents without a value of date: counted as the earliest" in done.stderr


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"label": "긍정"}, [], "a classifier needs two classes: column 'label' has 긍정"),
        ({"label": ""}, [], "a classifier needs two classes: column 'label' has no value"),
        ({}, ["--label", "nothing"], "has no column 'nothing'"),
        ({}, ["--min-df", "1000"], "no feature occurs in 1,000 documents"),
        ({}, ["--group", "label"], "2 groups cannot make 5 folds"),
        ({}, ["--time", "label"], "2 times cannot make 5 folds"),
        ({}, ["--folds", "31"], "fewer than 31 documents are 긍정, 부정"),
        ({}, ["--folds", "1"], "--folds 1 gives no test"),
        ({}, ["--folds", "0", "--curve", "c.csv"], "--folds 0 gives no test"),
        ({}, ["--c", "0"], "--c must be above 0"),
        ({}, ["--features", "words"], "--features words is unknown"),
        ({}, ["--method", "worst"], "--method worst is unknown"),
        ({}, ["--method", "best", "--features", "characters"], "--method best does nothing with"),
        ({}, ["--group", "author", "--time", "date"], "--group and --time exclude each other"),
    ],
)
def test_errors(change: dict[str, str], options: list[str], message: str) -> None:
    data = lines(*({**record, **change} for record in labelled()))
    done = korpus("classify", "train", *options, stdin=data)
    assert done.returncode in (1, 2) and message in done.stderr
    assert "Traceback" not in done.stderr


def test_no_group_is_on_both_sides_and_no_test_is_earlier() -> None:
    truth = numpy.arange(60) % 2
    groups = [f"a{n % 12}" for n in range(60)]
    tested: list[int] = []
    for train, test in group_folds(truth, groups, 3, 0):
        assert not {groups[n] for n in train} & {groups[n] for n in test}
        tested += test.tolist()
    assert sorted(tested) == list(range(60))
    times = [str(n % 15) for n in range(60)]  # numbers, ordered by value
    for train, test in time_folds(times, 4):
        assert max(int(times[n]) for n in train) < min(int(times[n]) for n in test)
    for column in ("--group", "author"), ("--time", "date"):
        done = korpus("classify", "train", "--folds", "3", *column, stdin=lines(*labelled()))
        assert done.returncode == 0, done.stderr
    assert int(rows(done.stdout)[0]["documents"]) < 60  # the first days are only trained on


def test_features_can_be_tokens_or_characters_only() -> None:
    for features, has_terms, has_grams in (("tokens", True, False), ("characters", False, True)):
        model = api.classify_train(labelled(), features=features, folds=0).model
        assert bool(model.terms) == has_terms == bool(len(model.pairs))
        assert bool(len(model.ngrams)) == has_grams
        assert {row["predicted"] for row in model.transform(labelled())} == {"긍정", "부정"}


def test_rare_classes_count_as_much_when_balanced() -> None:
    documents = labelled()
    few = [r for r in documents if r["label"] == "긍정"] + [
        r for r in documents if r["label"] == "부정"
    ][:4]
    unsure = [document(100, "무엇")]
    plain, balanced = (
        api.classify_train(few, folds=0, balanced=balanced).model for balanced in (False, True)
    )
    scores = [
        model.scores(
            model.vocabulary.matrix(as_numbers(text_parts(unsure), model.vocabulary.numbers))
        )
        for model in (plain, balanced)
    ]
    assert scores[1][0, 0] > scores[0][0, 0]  # nearer to the rare class


def test_info_describes_a_classifier(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    api.classify_train(labelled(), folds=0).model.save(path)
    shown = korpus("info", path, "-f", "json").stdout
    found = {row["property"]: row["value"] for row in json.loads(shown)}
    assert found["kind"] == "model (classify)"
    assert all(len(str(value)) < 1000 for value in found.values())


def test_learning_curve_and_pictures(tmp_path: Path) -> None:
    curve, plot = tmp_path / "c.csv", tmp_path / "p.svg"
    done = korpus(
        *("classify", "train", "--curve", curve, "--plot", plot), stdin=lines(*labelled())
    )
    assert done.returncode == 0, done.stderr
    table = rows(curve.read_text())
    assert [int(row["documents"]) for row in table] == [10, 19, 34, 48]
    assert all(float(r["low"]) <= float(r["accuracy"]) <= float(r["high"]) for r in table)
    assert all(word in plot.read_text() for word in ("긍정", "learning curve", "ROC"))
