"""Model files of every kind: the same bytes twice, and nothing runs that a file says."""

import re
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy
import orjson
import pytest
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save

from korpus import __version__
from korpus.cli import registry
from korpus.files import load, load_model, read
from korpus.models import lda, word2vec
from tests.contract import TIME
from tests.support import ROOT, SAMPLE, environment, korpus, lines

FITS = {
    "lda": "lda -k 3 --iterations 20",
    "lda-gensim": "lda -k 3 --engine gensim",
    "lda-sklearn": "lda -k 3 --engine sklearn",
    "nmf": "nmf -k 3",
    "plsa": "plsa -k 3",
    "lsa": "lsa -k 3",
    "tfidf": "tfidf --matrix matrix.mtx",
    "word2vec": "word2vec --vector-size 8 --epochs 2",
    "fasttext": "word2vec --vector-size 8 --epochs 2 --fasttext",
}


def fit(name: str, source: Path, folder: Path, run: Any = korpus) -> Any:
    """Fit a model in a folder: the output, the messages, and what the files hold."""
    line = [*FITS[name].split(), source, "-m", "model.safetensors"]
    if not line[0].startswith(("tfidf", "word2vec")):
        line += ["--documents", "documents.csv"]
    done = run(*line, cwd=folder)
    assert done.returncode == 0, done.stderr
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    return done.stdout, re.sub(TIME, "", done.stderr), files


@pytest.fixture(scope="module")
def fitted(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that fits a model once, and gives its folder and what `fit` gives."""

    @cache
    def once(name: str) -> tuple[Path, Any]:
        folder = tmp_path_factory.mktemp("fitted")
        return folder, fit(name, sample_nouns, folder)

    return once


def grouped(name: str, *more: object) -> Any:
    """Parameters of a test that takes a fitted model, in one process with others of its name."""
    return pytest.param(name, *more, marks=pytest.mark.xdist_group(f"fit {name}"))


@pytest.mark.parametrize("name", list(map(grouped, FITS)))
def test_same_bytes_in_every_process(
    name: str, fitted: Any, sample_nouns: Path, tmp_path: Path
) -> None:
    """And a model that is loaded and saved again is the same file.

    The contract tests compare other hashes for each command, with its default engine.
    """
    folder, found = fitted(name)
    (tmp_path / "other").mkdir()
    run = korpus if name in registry.stages() else partial(korpus, is_bare=True)
    assert fit(name, sample_nouns, tmp_path / "other", run) == found
    again = tmp_path / "again.safetensors"
    load(folder / "model.safetensors").save(again)
    assert again.read_bytes() == found[2]["model.safetensors"]


@pytest.mark.parametrize(
    ("name", "used"),
    [
        grouped(*case)
        for case in [
            ("lda", {"engine": "tomotopy", "eta": 0.05, "iterations": 20, "alpha_learned": True}),
            ("lda-gensim", {"alpha": 1 / 3, "eta": 1 / 3, "iterations": 50, "passes": 10}),
            ("lda-sklearn", {"alpha": 1 / 3, "eta": 1 / 3, "iterations": 100, "passes": 10}),
            ("nmf", {"loss": "frobenius", "iterations": 200, "tf": "raw", "idf": "smooth"}),
            ("plsa", {"loss": "kl", "iterations": 200}),
            ("lsa", {"k": 3, "idf": "smooth", "norm": "l2"}),
            ("tfidf", {"tf": "raw", "min_df": 1, "max_df": 1.0}),
            ("word2vec", {"vector_size": 8, "epochs": 2, "negative": 5, "fasttext": False}),
            ("fasttext", {"ngram_lengths": [3, 6], "min_count": 5, "fasttext": True}),
        ]
    ],
)
def test_headers_hold_the_values_used(name: str, used: dict[str, object], fitted: Any) -> None:
    header, arrays = load_model(str(fitted(name)[0] / "model.safetensors"))
    options = header["options"]
    assert {key: options.get(key) for key in used} == used
    assert None not in options.values()
    assert header["analysis"] == "--pos noun | stopwords --min-length 2"
    assert (header["analyzer"], header["documents"]) == ("mecab", 210)
    if name.startswith("lda"):
        alpha = options["alpha"] if name == "lda" else [options["alpha"]] * 3
        assert alpha == arrays["alpha"].tolist()


def test_given_priors_are_in_the_header(sample_nouns: Path) -> None:
    for engine in ("tomotopy", "gensim", "sklearn"):
        options = {"engine": engine, "alpha": 0.3, "eta": 0.2, "iterations": 5}
        model = lda(read(sample_nouns), k=2, **options, min_df=2, max_df=0.5)  # type: ignore[arg-type]
        options |= {"alpha_learned": False, "min_df": 2, "max_df": 0.5}
        assert options.items() <= model.header()["options"].items()


@pytest.fixture(scope="module")
def lda_file(sample_nouns: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "lda.safetensors"
    assert korpus("lda", sample_nouns, "-k", 3, "--iterations", 5, "-m", path).returncode == 0
    return path


def _changed(data: bytes, change: Callable[[dict, dict], None]) -> bytes:
    """The file with its header or arrays changed."""
    length = struct.unpack("<Q", data[:8])[0]
    header = orjson.loads(orjson.loads(data[8 : 8 + length])["__metadata__"]["korpus"])
    arrays = load_arrays(data)
    change(header, arrays)
    return save(arrays, metadata={"korpus": orjson.dumps(header).decode()})


def _drop_array(header: dict, arrays: dict) -> None:
    del arrays["alpha"]


def _cut_array(header: dict, arrays: dict) -> None:
    arrays["topic_term"] = arrays["topic_term"][:, :-1].copy()


def _strange_array(header: dict, arrays: dict) -> None:
    arrays["surprise"] = numpy.zeros(3)


def _broken_ids(header: dict, arrays: dict) -> None:
    arrays["ids"] = numpy.frombuffer(b"[1,", dtype=numpy.uint8)


def _ids_of_another_type(header: dict, arrays: dict) -> None:
    arrays["ids"] = numpy.frombuffer(orjson.dumps([1] * 210), dtype=numpy.uint8)


def _no_vocabulary(header: dict, arrays: dict) -> None:
    del header["vocabulary"]


def _number_as_vocabulary(header: dict, arrays: dict) -> None:
    header["vocabulary"] = 7


def _text_as_numbers(header: dict, arrays: dict) -> None:
    arrays["shares"] = numpy.array([1, 2, 3], dtype=numpy.uint8)


def _newer(header: dict, arrays: dict) -> None:
    header["format"] = 99
    header["korpus"] = "9.9"


def _another_kind(header: dict, arrays: dict) -> None:
    header["kind"] = "sentiment"


def _format_of_another_type(header: dict, arrays: dict) -> None:
    header["format"] = "new"


CHANGES = [
    (_drop_array, "not a complete lda model"),
    (_cut_array, "not a complete lda model"),
    (_strange_array, "not a complete lda model"),
    (_broken_ids, "not a complete lda model"),
    (_ids_of_another_type, "not a complete lda model"),
    (_no_vocabulary, "not a complete lda model"),
    (_number_as_vocabulary, "not a complete lda model"),
    (_text_as_numbers, "not a complete lda model"),
    (_newer, f"made by korpus 9.9, newer than this {__version__}"),
    (_another_kind, "unknown kind of model: sentiment"),
    (_format_of_another_type, "that korpus did not write"),
]
COMMANDS = [["topics"], ["similar", "의사"], ["infer"]]


@pytest.mark.parametrize(
    ("change", "message"), CHANGES, ids=lambda value: getattr(value, "__name__", None)
)
def test_files_that_do_not_hold_together(
    change: Callable[[dict, dict], None], message: str, lda_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "changed.safetensors"
    path.write_bytes(_changed(lda_file.read_bytes(), change))
    for command, *arguments in COMMANDS:
        done = korpus(command, path, *arguments, stdin='{"id":"1","tokens":["의사"]}\n')
        assert done.returncode == 1 and message in done.stderr, (command, done.stderr)
        assert len(done.stderr.splitlines()) <= 2 and done.stdout == ""
        assert done.stderr.count("changed.safetensors") == 1


def test_cut_and_flipped_files(lda_file: Path, tmp_path: Path) -> None:
    """Cut anywhere, or with any byte of the header changed: one line, never a crash."""
    data = lda_file.read_bytes()
    path = tmp_path / "damaged.safetensors"
    from korpus.errors import KorpusError

    length = struct.unpack("<Q", data[:8])[0]
    damaged = [data[:size] for size in (0, 1, 7, 8, 100, 8 + length, len(data) - 1)]
    damaged += [data + b"x", b"\xff" * 8 + data[8:]]
    damaged += [
        data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        for place in range(0, 8 + length, max(1, length // 300))
    ]
    refused = 0
    for content in damaged:
        path.write_bytes(content)
        try:
            load(path)
        except KorpusError:
            refused += 1
    assert refused >= 9


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pickle_is_not_run(command: list[str], tmp_path: Path) -> None:
    import os
    import pickle

    proof = tmp_path / "proof"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {proof}",)

    path = tmp_path / "model.safetensors"
    path.write_bytes(pickle.dumps(Evil()))
    done = korpus(command[0], path, *command[1:], stdin='{"id":"1","tokens":["의사"]}\n')
    assert done.returncode == 1 and "not a model file" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert not proof.exists()
    pickle.loads(pickle.dumps(Evil()))  # it would have
    assert proof.exists()


def test_foreign_safetensors(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(save({"x": numpy.zeros(3)}, metadata={"korpus": "[]"}))
    done = korpus("topics", path)
    assert done.returncode == 1 and "that korpus did not write" in done.stderr
    path.write_bytes(save({"x": numpy.zeros(3)}))
    assert "that korpus did not write" in korpus("topics", path).stderr
    path.write_text(SAMPLE.read_text())
    assert "not a model file" in korpus("topics", path).stderr
    assert "no such file" in korpus("topics", tmp_path / "nowhere.safetensors").stderr


def test_arrays_keep_their_order(sample_tokens: Path, tmp_path: Path) -> None:
    """safetensors writes an array in the order of its memory, whatever that is."""
    model = word2vec(read(sample_tokens), vector_size=6, epochs=1)
    model.vectors = numpy.asfortranarray(model.vectors)
    model.save(tmp_path / "w2v.safetensors")
    _, arrays = load_model(str(tmp_path / "w2v.safetensors"))
    assert (arrays["vectors"] == model.vectors).all()


FIT_BOTH = """
import sys, korpus
source, folder = sys.argv[1:]
korpus.lsa(korpus.read(source), k=30).save(f"{folder}/lsa.safetensors")
korpus.nmf(korpus.read(source), k=5, iterations=5).save(f"{folder}/nmf.safetensors")
"""


def test_threads_of_blas_do_not_change_the_bytes(tmp_path: Path) -> None:
    draw = numpy.random.default_rng(1)
    terms = draw.zipf(1.4, (2000, 15)) % 2000
    tokens = [[f"w{number}" for number in row] for row in terms]
    source = tmp_path / "tokens.jsonl"
    documents = ({"id": str(i), "tokens": row, "tags": [""] * 15} for i, row in enumerate(tokens))
    source.write_text(lines(*documents))
    found = []
    for threads in ("1", "4"):
        folder = tmp_path / threads
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", FIT_BOTH, source, folder],
            check=True,
            cwd=ROOT,
            env=environment() | {"OPENBLAS_NUM_THREADS": threads},
        )
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
        assert len(found[0]) == 2
    assert found[0] == found[1]
