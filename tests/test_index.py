"""The index: what it keeps, what it says, and damaged files."""

from pathlib import Path
from typing import Any

import numpy
import pytest

from korpus.analyzers import morph
from korpus.errors import KorpusError
from korpus.files import load, load_model
from korpus.files.model_files import save_model
from korpus.models import SearchIndex, index, word2vec
from tests.support import korpus, lines

TEXTS = ["배송이 빨라요. 포장도 좋아요", "환불이 안 돼요", "배송이 늦어서 환불했어요"]
DEEP: list[Any] = []
for _level in range(300):  # deeper than orjson writes
    DEEP = [DEEP]
DOCUMENTS = [
    {"id": str(n), "text": text, "rating": n, "note": DEEP if n == 2 else "a"}
    for n, text in enumerate(TEXTS, 1)
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    index(morph(DOCUMENTS, spans=True)).save(tmp_path / "i.safetensors")
    return tmp_path / "i.safetensors"


def test_one_process_or_two_and_python_give_the_same_bytes(tmp_path: Path) -> None:
    documents = [{"id": str(n), "text": TEXTS[n % 3] * 40} for n in range(600)]
    source = tmp_path / "tokens.jsonl"
    tokens = list(morph(documents, spans=True))
    source.write_text(lines(*tokens))
    for jobs in (1, 2):
        done = korpus("index", source, "-m", tmp_path / f"{jobs}.safetensors", "-j", jobs)
        assert done.returncode == 0
        assert "index of 600 documents" in done.stderr
    index(tokens).save(tmp_path / "python.safetensors")
    contents = {path.read_bytes() for path in tmp_path.glob("*.safetensors")}
    assert len(contents) == 1


def test_a_loaded_index_stays_on_disk_and_gives_the_same(path: Path, tmp_path: Path) -> None:
    loaded = load(path)
    assert isinstance(loaded, SearchIndex)
    array = loaded.blocks
    while array.base is not None and not isinstance(array, numpy.memmap):
        array = array.base
    assert isinstance(array, numpy.memmap)
    loaded.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()
    found = list(loaded.search("배송"))
    assert [(row["id"], row["rating"]) for row in found] == [("3", 3), ("1", 1)]


def test_all_columns_come_back_as_they_were(path: Path) -> None:
    rows = list(load(path).search("환불"))
    assert rows[0].keys() == {"rank", "score", "id", "passage", "rating", "note", "text"}
    assert {row["id"]: row["note"] for row in rows} == {"2": DEEP, "3": "a"}


def test_documents_without_text_or_places(tmp_path: Path) -> None:
    bare = lines(
        {"id": "1", "tokens": ["가"], "tags": ["N"]}, {"id": "2", "tokens": [], "tags": []}
    )
    done = korpus("index", "-m", tmp_path / "i.safetensors", stdin=bare)
    assert done.returncode == 0
    assert "2 documents without a text" in done.stderr
    assert "2 documents without places" in done.stderr
    found = korpus("search", tmp_path / "i.safetensors", "가")
    assert "split at spaces" in found.stderr
    assert found.stdout.splitlines() == ["rank,score,id,passage,text", "1,0.223596,1,,"]


def test_no_tokens_is_an_error(tmp_path: Path) -> None:
    empty = lines({"id": "1", "text": "", "tokens": [], "tags": []})
    done = korpus("index", "-m", tmp_path / "i.safetensors", stdin=empty)
    assert done.returncode == 1 and "no tokens to count" in done.stderr
    assert not (tmp_path / "i.safetensors").exists()


def test_vectors_of_documents(tmp_path: Path) -> None:
    tokens = list(morph(DOCUMENTS, spans=True))
    model = word2vec(tokens, vector_size=4, epochs=2, min_count=1)
    found = index(tokens, vectors=model)
    means = model.transform(tokens).to_pandas().set_index("id").to_numpy()
    means = means / numpy.linalg.norm(means, axis=1, keepdims=True)
    assert found.vectors is not None
    assert found.vectors == pytest.approx(means, abs=1e-6)


def test_other_models_are_no_indexes(tmp_path: Path, path: Path) -> None:
    model = tmp_path / "w2v.safetensors"
    word2vec(morph(DOCUMENTS), vector_size=4, epochs=2, min_count=1).save(model)
    done = korpus("search", model, "배송")
    assert (done.returncode, done.stderr) == (
        2,
        "korpus: error: word2vec models cannot be searched\n"
        "hint: make one: korpus index tokens.jsonl -m index.safetensors\n",
    )
    for command in ("infer", "topics", "similar"):
        more = {"infer": ["-"], "similar": ["배송"]}.get(command, [])
        done = korpus(command, path, *more, stdin=lines(*morph(DOCUMENTS[:1])))
        assert done.returncode == 2 and "index" in done.stderr.splitlines()[0], done.stderr


CHANGES = {
    "one start too few": ("starts", lambda a: a[:-1]),
    "starts out of order": ("starts", lambda a: a[::-1].copy()),
    "one length too few": ("lengths", lambda a: a[:-1]),
    "blocks cut": ("blocks", lambda a: a[:-1]),
    "an end too many": ("block_ends", lambda a: numpy.append(a, a[-1])),
    "a count of documents that is wrong": ("block_lasts", lambda a: a + 1),
    "counts of another type": ("counts", lambda a: a.astype("int64")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_indexes_that_do_not_fit_themselves(path: Path, what: str) -> None:
    _change(path, *CHANGES[what])
    with pytest.raises(KorpusError, match="not a complete index"):
        load(path)


def test_damage_that_shows_when_it_is_used(path: Path) -> None:
    good = path.read_bytes()
    bomb = numpy.frombuffer(b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 7 + b"\x00" * 9, dtype="uint8")
    for name, change in (
        ("blocks", lambda a: numpy.zeros_like(a)),
        ("blocks", lambda a: numpy.resize(bomb, a.shape)),
        ("documents", lambda a: a + 1000),
    ):
        path.write_bytes(good)
        _change(path, name, change)
        done = korpus("search", path, "배송")
        assert done.returncode == 1, done.stderr
        assert done.stderr.endswith("hint: make it again: korpus index\n"), done.stderr


def test_every_cut_is_refused(path: Path) -> None:
    data = path.read_bytes()
    for length in [*range(0, len(data), 97), len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(KorpusError):
            load(path)


def _change(path: Path, name: str, change: object) -> None:
    header, arrays = load_model(str(path))
    arrays = {key: numpy.array(array) for key, array in arrays.items()}
    arrays[name] = numpy.ascontiguousarray(change(arrays[name]))  # type: ignore[operator]

    class Changed(SearchIndex):
        def __init__(self) -> None:
            pass

        def header(self) -> dict[str, object]:
            return header

        def arrays(self) -> dict[str, numpy.ndarray]:
            return arrays

    save_model(str(path), Changed())
