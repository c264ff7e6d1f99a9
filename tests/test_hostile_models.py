"""Model files made to harm: refused in one line, without running anything or taking memory."""

import json
import marshal
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from safetensors.numpy import load_file, save_file

from tests.support import korpus, lines, peak

COMMANDS = [["infer"], ["topics"], ["similar"], ["info"]]
MEMORY = 400  # MiB


class Harm:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch '{self.path}'",)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of topics as korpus makes it."""
    path = tmp_path_factory.mktemp("good") / "lda.safetensors"
    source = lines(
        *({"id": str(n), "tokens": ["가", "나", "다"], "tags": ["N"] * 3} for n in range(20))
    )
    done = korpus("lda", "-k", "2", "--iterations", "2", "-m", path, stdin=source)
    assert done.returncode == 0, done.stderr
    return path


def used(model: Path, command: list[str]) -> tuple[int, str, int]:
    """Exit code, messages and peak memory in MiB of a command with a model."""
    more = {"infer": ["-"], "similar": ["가"]}.get(command[0], [])
    return peak(*command, model, *more)


def refused(model: Path, commands: list[list[str]] = COMMANDS) -> None:
    for command in commands:
        code, said, memory = used(model, command)
        assert code == 1, (command, said)
        assert said.startswith(f"korpus: error: {model}: ") and said.count("\n") <= 2
        assert "--debug" not in said and memory < MEMORY


def raw(header: dict[str, Any] | bytes, data: bytes = b"", length: int | None = None) -> bytes:
    """A safetensors file, as written or as claimed."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape: list[int], start: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


HEADER = {"kind": "lda", "format": 1, "korpus": "0", "vocabulary": ["가"], "options": {}}
META = {"__metadata__": {"korpus": json.dumps(HEADER)}}
TERA = 1 << 40

RAW: dict[str, bytes | Callable[[], bytes]] = {  # large ones are made when they are written
    "nothing": b"",
    "eight bytes": b"\0" * 8,
    "a header longer than the file": raw(b"{}", length=1000),
    "a header of exabytes": raw(b"{}", length=1 << 60),
    "a terabyte of header": raw(b"{}", length=TERA),
    "an array of terabytes": raw({**META, "a": tensor([TERA], 0, 4 * TERA)}, b"1234"),
    "a shape larger than its bytes": raw({**META, "a": tensor([TERA, TERA], 0, 4)}, b"1234"),
    "a shape that overflows": raw({**META, "a": tensor([2**63, 2**63, 2], 0, 4)}, b"1234"),
    "a negative shape": raw({**META, "a": tensor([-1], 0, 4)}, b"1234"),
    "overlapping arrays": raw(
        {**META, "a": tensor([2], 0, 8), "b": tensor([2], 4, 12)}, b"123456781234"
    ),
    "a hole between arrays": raw(
        {**META, "a": tensor([1], 0, 4), "b": tensor([1], 8, 12)}, b"123456781234"
    ),
    "offsets in the wrong order": raw({**META, "a": tensor([1], 4, 0)}, b"1234"),
    "a type that is none": raw({**META, "a": tensor([1], 0, 4, "PY")}, b"1234"),
    "bytes behind the end": raw(META, b"1234"),
    "deep JSON": raw(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "deep JSON in the metadata": raw({"__metadata__": {"korpus": "[" * 100_000}}),
    "wide JSON": lambda: raw({"__metadata__": {"korpus": "[" + "{}," * 15_000_000 + "{}]"}}),
    "wide JSON in the vocabulary": lambda: raw(
        {"__metadata__": {"korpus": '{"format":1,"vocabulary":[' + "[]," * 15_000_000 + "1]}"}}
    ),
    "many names": lambda: raw(
        {**META, **{f"a{number}": tensor([0], 0, 0) for number in range(200_000)}}
    ),
    "no metadata": raw({"a": tensor([1], 0, 4)}, b"1234"),
    "metadata of others": raw({"__metadata__": {"format": "pt"}}),
    "a header that is a list": raw({"__metadata__": {"korpus": "[1]"}}),
    "a header that is a number": raw({"__metadata__": {"korpus": "1"}}),
    "a format that is a word": raw({"__metadata__": {"korpus": '{"format":"x"}'}}),
    "no arrays": raw(META),
    "half a float": raw({**META, "a": tensor([2], 0, 4, "BF16")}, b"1234"),
    "zip": b"PK\x03\x04" + b"\0" * 100,
}


@pytest.mark.parametrize("what", RAW)
def test_files_made_by_hand(tmp_path: Path, what: str) -> None:
    path = tmp_path / "m.safetensors"
    data = RAW[what]
    path.write_bytes(data() if callable(data) else data)
    if what in ("no arrays", "half a float"):  # info shows what is there
        code, said, _ = used(path, ["topics"])
        assert code == 1 and said.startswith(f"korpus: error: {path}: "), said
        return
    place = list(RAW).index(what)  # each command has its turn
    refused(path, COMMANDS if what == "nothing" else [COMMANDS[place % len(COMMANDS)]])


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    touched, path = tmp_path / "touched", tmp_path / "m.safetensors"
    harm = pickle.dumps(Harm(touched))
    code = compile(f"open({str(touched)!r}, 'w')", "x", "exec")
    numpy.save(tmp_path / "a.npy", numpy.array([Harm(touched)], dtype=object), allow_pickle=True)
    harmful = [
        harm,
        pickle.dumps(Harm(touched), protocol=0),
        marshal.dumps(code),
        (tmp_path / "a.npy").read_bytes(),
        raw({**META, "a": tensor([len(harm)], 0, len(harm), "U8")}, harm),
    ]
    for data in harmful:
        path.write_bytes(data)
        for command in COMMANDS:
            code_, said, _ = used(path, command)
            assert code_ == 1 or command == ["info"], said
            assert not touched.exists()
    (tmp_path / "a.npy").rename(path)
    assert korpus("read", path, "--input-format", "parquet").returncode == 1
    assert not touched.exists()


Change = Callable[[dict[str, Any], dict[str, Any]], None]


def _delete(name: str) -> Change:
    return lambda header, arrays: arrays.pop(name)


def _set(name: str, make: Callable[[Any], Any]) -> Change:
    def change(header: dict[str, Any], arrays: dict[str, Any]) -> None:
        arrays[name] = numpy.ascontiguousarray(make(arrays[name]))

    return change


def _head(name: str, value: Any) -> Change:
    return lambda header, arrays: header.update({name: value})


CHANGES: dict[str, Change] = {
    "a term more than arrays have": _head("vocabulary", ["가", "나", "다", "라"]),
    "terms that are numbers": _head("vocabulary", [1, 2, 3]),
    "terms that are one string": _head("vocabulary", "가나다"),
    "options that are a list": _head("options", [1]),
    "options that are pairs": _head("options", [["k", 2]]),
    "an analysis that is a list": _head("analysis", ["--pos noun"]),
    "an analyzer that is a number": _head("analyzer", 7),
    "a number of documents that is a word": _head("documents", "many"),
    "another kind": _head("kind", "tfidf"),
    "a kind that is none": _head("kind", "evil"),
    "a newer format": _head("format", 99),
    "no array of topics": _delete("topic_term"),
    "an array of another type": _set("topic_term", lambda a: a.astype("float32")),
    "an array of whole numbers": _set("shares", lambda a: a.astype("int64")),
    "an array turned round": _set("topic_term", lambda a: a.T),
    "an array of too many dimensions": _set("shares", lambda a: a[None]),
    "an array of no dimension": _set("shares", lambda a: a.sum()),
    "one topic too few": _set("shares", lambda a: a[:1]),
    "one document too few": _set("document_topic", lambda a: a[1:]),
    "ids that are no JSON": _set("ids", lambda a: a[:-3]),
    "ids that are a bomb": _set(
        "ids",
        lambda a: numpy.frombuffer(b"[" + b"[]," * 15_000_000 + b"1]", dtype="uint8"),
    ),
    "no topic at all": lambda header, arrays: arrays.update(
        topic_term=arrays["topic_term"][:0],
        document_topic=numpy.ascontiguousarray(arrays["document_topic"][:, :0]),
        shares=arrays["shares"][:0],
        alpha=arrays["alpha"][:0],
    ),
    "an array that nobody knows": lambda header, arrays: arrays.update(x=numpy.zeros(1)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_models_that_do_not_fit_themselves(tmp_path: Path, good: Path, what: str) -> None:
    from safetensors import safe_open

    with safe_open(good, framework="numpy") as model:
        header = json.loads(model.metadata()["korpus"])
    arrays = load_file(good)
    CHANGES[what](header, arrays)
    path = tmp_path / "m.safetensors"
    save_file(arrays, path, metadata={"korpus": json.dumps(header)})
    for command in COMMANDS[list(CHANGES).index(what) % 3 :][:1]:
        code, said, memory = used(path, command)
        assert code == 1 and said.startswith(f"korpus: error: {path}: "), said
        assert said.count("\n") <= 2 and "--debug" not in said and memory < MEMORY


def test_models_of_other_kinds_that_do_not_fit_themselves(tmp_path: Path) -> None:
    from korpus.errors import KorpusError
    from korpus.files import load, load_model
    from korpus.models import lda, tfidf, word2vec

    tokens = [{"id": str(n), "tokens": ["가", "나", "다"]} for n in range(20)]
    path = tmp_path / "m.safetensors"

    def changed(change: Change) -> None:
        header, arrays = load_model(str(path))
        change(header, arrays)
        save_file(arrays, path, metadata={"korpus": json.dumps(header)})
        with pytest.raises(KorpusError, match="not a complete"):
            load(path)

    for name, value in (("tf", "cube"), ("norm", None), ("log_base", 7), ("idf", ["smooth"])):
        tfidf(tokens).save(path)
        changed(lambda header, arrays, n=name, v=value: header["options"].update({n: v}))
    tfidf(tokens).save(path)
    changed(lambda header, arrays: header["options"].pop("tf"))
    for text in (b'{"a": [1]}', b'{"a": ' + b"[[]," * 19 + b"1" + b"]" * 19 + b"}", b"[]", b"{"):
        lda(tokens, k=1, iterations=1).save(path)
        changed(lambda header, arrays, t=text: arrays.update(kept=numpy.frombuffer(t, "uint8")))
    for name in ("ngrams", "ngram_vectors"):
        word2vec(tokens, fasttext=True, vector_size=2).save(path)
        changed(_delete(name))


def test_every_cut_and_many_flips_of_a_model(tmp_path: Path, good: Path) -> None:
    """In this process, as a thousand commands take long."""
    from korpus.errors import KorpusError
    from korpus.files import load, load_model

    data, path = good.read_bytes(), tmp_path / "m.safetensors"
    for length in [*range(0, len(data), 7), len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(KorpusError):
            load_model(str(path))
    header_end = 8 + struct.unpack("<Q", data[:8])[0]
    for place in range(0, header_end):
        flipped = bytearray(data)
        flipped[place] ^= 0x11
        path.write_bytes(flipped)
        try:
            load(path)
        except KorpusError as error:
            assert "\n" not in error.message


def test_a_mask_that_is_no_picture(tmp_path: Path) -> None:
    from PIL import Image

    source = lines({"id": "1", "tokens": ["가"], "tags": ["N"]})
    picture = tmp_path / "m.png"
    Image.new("L", (300, 200)).save(picture)
    whole = picture.read_bytes()
    large = bytearray(whole)
    large[16:24] = struct.pack(">II", 60_000, 60_000)
    for data in (b"", b"x", whole[:40], whole[: len(whole) // 2], bytes(large), pickle.dumps(1)):
        picture.write_bytes(data)
        done = korpus("wordcloud", "-o", tmp_path / "a.png", "--mask", picture, stdin=source)
        assert done.returncode == 1 and "m.png" in done.stderr
        assert "--debug" not in done.stderr and done.stderr.count("\n") <= 2
