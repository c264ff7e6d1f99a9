"""The quality of classifiers: scikit-learn's measures, McNemar's test, errors to look at."""

import csv
from pathlib import Path

import numpy
import pytest
from scipy.stats import binomtest
from sklearn import metrics

import korpus as api
from korpus.models.classify import classify_evaluate
from korpus.models.classify.quality import label_rows
from korpus.statistics import classification
from tests.classified import document, labelled
from tests.support import korpus, lines


def test_measures_are_those_of_scikit_learn() -> None:
    random = numpy.random.default_rng(1)
    truth, predicted = random.integers(4, size=(2, 300))
    predicted = numpy.where(random.random(300) < 0.5, truth, predicted)
    confusion = classification.confusion_matrix(truth, predicted, 4)
    assert (confusion == metrics.confusion_matrix(truth, predicted)).all()
    for ours, theirs in (
        (classification.accuracy, metrics.accuracy_score),
        (classification.mcc, metrics.matthews_corrcoef),
        (classification.macro_f1, lambda *y: metrics.f1_score(*y, average="macro")),
        (classification.precision, lambda *y: metrics.precision_score(*y, average=None)),
        (classification.recall, lambda *y: metrics.recall_score(*y, average=None)),
    ):
        assert ours(confusion) == pytest.approx(theirs(truth, predicted), abs=1e-12)
    chances = random.dirichlet(numpy.ones(4), 300)
    losses = classification.log_losses(chances, truth)
    assert losses.mean() == pytest.approx(metrics.log_loss(truth, chances), abs=1e-12)
    binary = numpy.stack([chances[:, 0], 1 - chances[:, 0]], axis=1)
    scores = classification.brier_scores(binary, truth % 2)
    expected = metrics.brier_score_loss(truth % 2, binary[:, 1])
    assert scores.mean() == pytest.approx(expected, abs=1e-12)


def test_intervals_are_those_of_documents_drawn_again() -> None:
    random = numpy.random.default_rng(0)
    truth = random.integers(2, size=200)
    predicted = numpy.where(random.random(200) < 0.8, truth, 1 - truth)
    confusion = classification.confusion_matrix(truth, predicted, 2)
    low, high = classification.intervals(
        confusion, classification.accuracy, replicates=4000, seed=0
    )
    drawn = [numpy.mean((truth == predicted)[random.integers(200, size=200)]) for _ in range(4000)]
    assert [low, high] == pytest.approx(numpy.percentile(drawn, [2.5, 97.5]).tolist(), abs=0.011)


def test_an_empty_class_and_one_class_are_defined() -> None:
    one = classification.confusion_matrix(numpy.zeros(3, int), numpy.zeros(3, int), 2)
    assert classification.mcc(one) == 0 and classification.macro_f1(one) == 1
    assert classification.f1(one).tolist() == [1, 0]


def test_calibration_error_of_a_hand_made_case() -> None:
    confidence = numpy.array([0.95, 0.95, 0.55, 0.55])
    is_right = numpy.array([True, True, True, False])
    assert classification.calibration_error(confidence, is_right) == pytest.approx(0.05)


def test_mcnemar_is_a_binomial_test() -> None:
    assert classification.mcnemar_p(3, 12) == pytest.approx(binomtest(3, 15).pvalue, abs=1e-12)
    assert classification.mcnemar_p(0, 0) == 1


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classify")
    api.classify_train(labelled()[:40], folds=2).model.save(folder / "a.safetensors")
    worse = [{**r, "label": "긍정" if n % 3 else r["label"]} for n, r in enumerate(labelled())]
    api.classify_train(worse, folds=2).model.save(folder / "b.safetensors")
    return folder


def test_errors_confusion_and_two_models(models: Path, tmp_path: Path) -> None:
    test = [
        *labelled()[40:],
        {**document(90, "정말 재미있다"), "label": "부정"},
        {**document(91, "꿀잼"), "label": "중립"},
        {**document(92, "꿀잼"), "label": ""},
    ]
    done = korpus(
        *("classify", "evaluate", models / "a.safetensors", "--against", models / "b.safetensors"),
        *("--errors", tmp_path / "e.csv", "--confusion", tmp_path / "c.csv"),
        stdin=lines(*test),
    )
    assert done.returncode == 0, done.stderr
    assert "1 document without a label left out" in done.stderr
    assert "1 document left out, of classes that the model does not know: 중립" in done.stderr
    table = {(row["measure"], row["label"]): row for row in csv.DictReader(done.stdout.split("\n"))}
    with (tmp_path / "e.csv").open(encoding="utf-8") as stream:
        errors = list(csv.DictReader(stream))
    with (tmp_path / "c.csv").open(encoding="utf-8") as stream:
        counts = {(r["label"], r["predicted"]): int(r["count"]) for r in csv.DictReader(stream)}
    assert sum(counts.values()) == 21
    right = counts["긍정", "긍정"] + counts["부정", "부정"]
    assert float(table["accuracy", ""]["value"]) == pytest.approx(right / 21)
    assert len(errors) == 21 - right and "90" in [row["id"] for row in errors]
    sureness = [float(row["probability"]) for row in errors]
    assert sureness == sorted(sureness, reverse=True)
    difference = float(table["accuracy", ""]["value"]) - float(table["other_accuracy", ""]["value"])
    assert float(table["difference", ""]["value"]) == pytest.approx(difference)
    assert 0 <= float(table["mcnemar_p", ""]["value"]) <= 1


def test_a_model_is_as_good_as_itself(models: Path) -> None:
    model = api.load(models / "a.safetensors")
    found = classify_evaluate(labelled(), model, against=model)
    values = {row["measure"]: row["value"] for row in found}
    assert values["difference"] == 0 and values["mcnemar_p"] == 1


def test_no_known_class_is_an_error(models: Path) -> None:
    data = lines({**document(1, "꿀잼"), "label": "중립"})
    done = korpus("classify", "evaluate", models / "a.safetensors", stdin=data)
    assert done.returncode == 1 and "its classes are 긍정, 부정" in done.stderr


def test_samples_without_a_class_say_nothing_about_it() -> None:
    right = numpy.diag([6, 2, 0])
    found = {row[:2]: row[3:] for row in label_rows(right, ["가", "나", "다"])}
    assert found["precision", "나"] == found["recall", "나"] == found["f1", "나"] == (1, 1, 1)
    assert found["precision", "다"] == (0, None, None)
