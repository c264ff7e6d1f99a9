"""Predictions: columns, empty texts, other analyzers, which documents to label next."""

import csv
import gzip
import io
import json
import re
import tomllib
from pathlib import Path

import numpy
import pytest

import korpus as api
from korpus.cli.inputs import TOKEN_BATCH
from korpus.models.classify.lookup import Lookup
from tests.classified import document, labelled
from tests.support import ROOT, SHARED, korpus, lines

FLOORS = tomllib.loads((ROOT / "tests" / "floors.toml").read_text())["classify"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("classify") / "m.safetensors"
    api.classify_train(labelled(), folds=3).model.save(path)
    return path


def test_every_document_stays_and_columns_are_kept(model: Path) -> None:
    new = [
        {**document(1, "정말 재미있다"), "predicted": "mine"},
        document(2, ""),
        document(3, "ＱＱＱ zzz"),
    ]
    done = korpus("classify", "predict", model, stdin=lines(*new))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["id"] for record in found] == ["1", "2", "3"]
    assert found[0]["predicted"] == "긍정" and found[0]["predicted_"] == "mine"
    assert 0.5 < found[0]["probability"] <= 1
    assert found[1]["predicted"] == found[2]["predicted"]  # both have no known feature
    inferred = korpus("infer", model, "-f", "jsonl", stdin=lines(*new)).stdout.splitlines()
    assert [json.loads(line) for line in inferred] == [
        {name: record[name] for name in ("id", "predicted", "probability")} for record in found
    ]


def test_the_least_sure_documents_without_a_label_are_to_be_labelled_next(model: Path) -> None:
    new = [
        document(1, "정말 재미있다"),
        document(2, "배우 연기"),
        {**document(3, "배우"), "label": "긍정"},
        {**document(4, "너무 지루하다"), "label": None},
    ]
    done = korpus("classify", "predict", model, "--active", "2", stdin=lines(*new))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert found[0]["id"] == "2" and len(found) == 2
    chances = [record["probability"] for record in found]
    assert chances == sorted(chances)


def test_the_number_of_processes_changes_nothing(model: Path, tmp_path: Path) -> None:
    texts = ["정말 재미있다", "배우 연기", "", "ＱＱＱ", "너무 지루하다 정말", "꿀잼"]
    more = {"analysis": "| stopwords", "long": "x" * 30_000}
    rows = [{**document(n, text), **more} for n, text in enumerate(texts)]
    rows[0]["label"] = "긍정"
    block = lines(*rows) + "{broken\n"
    source = tmp_path / "long.jsonl"
    source.write_text(block * (17 * 4 * TOKEN_BATCH // len(block.encode())), encoding="utf-8")
    for extra in ((), ("--active", "3")):
        found = []
        for jobs in ("1", "2"):
            kept = tmp_path / f"{jobs}.jsonl", tmp_path / f"{jobs}.rejects.jsonl"
            done = korpus(
                *("classify", "predict", model, source, "-o", kept[0], "-j", jobs, *extra)
            )
            assert done.returncode == 3, done.stderr
            said = re.sub(r"\d[\d.]* s$|/\d.rejects", "", done.stderr, flags=re.MULTILINE)
            found.append((said, *(path.read_bytes() for path in kept)))
        assert found[0] == found[1]
        assert "steps after morph differ" in said and "without a known feature" in said


def test_codes_are_found_where_they_stand() -> None:
    random = numpy.random.default_rng(2)
    for size in (0, 1, 5000):
        known = numpy.unique(random.integers(-(2**62), 2**62, size))
        known[: size // 2] = numpy.arange(size // 2) - 9  # neighbours, which could share slots
        known = numpy.unique(known)
        codes = numpy.concatenate([known[::2], random.integers(-30, 9000, 3000), known])
        place = {code: at for at, code in enumerate(known.tolist())}
        found = Lookup(known).find(codes)
        assert found.tolist() == [place.get(code, -1) for code in codes.tolist()]


def test_what_does_not_fit_is_an_error(model: Path, tmp_path: Path) -> None:
    other = {**document(1, "정말"), "analyzer": "kiwi"}
    done = korpus("classify", "predict", model, stdin=lines(other))
    assert done.returncode == 1 and "was analysed by kiwi" in done.stderr
    api.tfidf(labelled()).save(tmp_path / "t.safetensors")
    done = korpus("classify", "predict", tmp_path / "t.safetensors", stdin=lines(other))
    assert done.returncode == 2 and "tfidf models do not classify" in done.stderr


def test_documents_that_the_model_knows_nothing_of_are_counted(model: Path) -> None:
    known = document(1, "정말 재미있다")
    records = [known, {**known, "id": "2", "text": None}, document(3, "")]
    done = korpus("classify", "predict", model, stdin=lines(*records))
    assert done.returncode == 0, done.stderr
    assert "2 documents without text: judged by tokens only" in done.stderr
    assert "1 document without a known feature" in done.stderr


def test_a_damaged_model_is_refused(model: Path, tmp_path: Path) -> None:
    import numpy

    from korpus.files import load_model
    from korpus.models.classify.classifier import Classifier

    header, arrays = load_model(str(model))
    for name, damage in (
        ("pairs", lambda codes: codes + (1 << 32) * 10_000),
        ("ngrams", lambda codes: codes[::-1].copy()),
        ("ngrams", lambda codes: codes | (1 << 61)),
        ("characters", lambda codes: codes - 10_000),
        ("weights", lambda values: values[1:].copy()),
        ("intercept", lambda values: numpy.append(values, 1.0)),
    ):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Classifier.restored(header, {**arrays, name: damage(arrays[name])})
    for change in ({"labels": ["a"] * 4}, {"temperature": 0.0}, {"labels": 3}):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Classifier.restored({**header, **change}, arrays)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}")
def test_film_reviews_of_the_lecture(tmp_path: Path) -> None:
    with gzip.open(SHARED / "nsmc_train.tsv.gz", "rt", encoding="utf-8") as stream:
        (tmp_path / "some.tsv").write_text("".join(stream.readline() for _ in range(10_000)))
    tokens = korpus("morph", tmp_path / "some.tsv", "-j", "1").stdout.splitlines(keepends=True)
    model, best = tmp_path / "m.safetensors", tmp_path / "best.safetensors"
    for path, method in ((best, "best"), (model, "standard")):
        train = ["train", "-m", path, "--folds", "0", "--method", method]
        done = korpus("classify", *train, stdin="".join(tokens[:8000]))
        assert done.returncode == 0, done.stderr
        done = korpus("classify", "evaluate", path, stdin="".join(tokens[8000:]))
        first = next(csv.DictReader(io.StringIO(done.stdout)))
        assert first["measure"] == "accuracy" and float(first["value"]) >= FLOORS[method]
    new = korpus("morph", stdin="영화 노잼이네\n영화 꿀잼이다\n").stdout
    found = korpus("classify", "predict", model, stdin=new).stdout.splitlines()
    assert [json.loads(line)["predicted"] for line in found] == ["0", "1"]
