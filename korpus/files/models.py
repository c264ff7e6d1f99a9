"""Models on disk: one .safetensors file of arrays with a JSON header. Nothing in it can run."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from korpus import __version__
from korpus.errors import KorpusError, UsageError
from korpus.files.atomic import open_output
from korpus.files.sources import source_errors
from korpus.records import Model, check_flat

if TYPE_CHECKING:
    import numpy

# Raise when a header or its arrays change meaning; readers refuse what is newer than they know.
MODEL_FORMAT = 1
_LONGEST_HEADER = 64 << 20  # bytes; safetensors reads 100 MB
_MOST_ARRAYS = 64
_DTYPES = {"float64": "F64", "float32": "F32", "int64": "I64", "uint8": "U8"}


def save_model(path: str, model: Model) -> None:
    """Write a model file, whole or not at all. The same model gives the same bytes.

    The safetensors format is written here, array by array: its library makes copies of them all,
    or a file of its own beside the temporary one.
    Raises KorpusError where it cannot be written.
    """
    import numpy

    header = {"kind": model.kind, "korpus": __version__, "format": MODEL_FORMAT, **model.header()}
    text = orjson.dumps(header)
    if len(text) > _LONGEST_HEADER:
        raise KorpusError(
            f"{path}: a model keeps no more than {_LONGEST_HEADER >> 20} MiB of terms",
            "leave out the rare ones with --min-df",
        )
    described: dict[str, Any] = {"__metadata__": {"korpus": text.decode("utf-8")}}
    arrays = {name: numpy.asarray(array) for name, array in sorted(model.arrays().items())}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        dtype = _DTYPES[array.dtype.name]
        described[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [start, end]}
    head = orjson.dumps(described)
    head += b" " * (-len(head) % 8)
    with open_output(path) as stream:
        stream.write(len(head).to_bytes(8, "little") + head)
        for array in arrays.values():
            little = numpy.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            stream.write(little.data.cast("B") if little.nbytes else b"")


def save_matrix(path: str, matrix: Any, ids: list[str], terms: list[str]) -> None:
    """Write a sparse matrix, documents × terms, with the names of its rows and columns.

    As .npz (scipy's) the names are the arrays `ids` and `terms` beside it, which numpy.load reads;
    as .mtx (Matrix Market) they are NAME.ids.txt and NAME.terms.txt, a name a line.
    Raises KorpusError where it cannot be written.
    """
    import scipy.io
    import scipy.sparse

    buffer = io.BytesIO()  # whole before it is a file
    if path.lower().endswith(".mtx"):
        scipy.io.mmwrite(buffer, matrix, comment="korpus", symmetry="general")
    else:
        import numpy

        # What scipy.sparse.save_npz writes, and the names.
        csr = matrix.tocsr()
        parts = {name: getattr(csr, name) for name in ("data", "indices", "indptr", "shape")}
        parts |= {"ids": numpy.array(ids, dtype=str), "terms": numpy.array(terms, dtype=str)}
        numpy.savez_compressed(buffer, format=numpy.array(b"csr"), **parts)
    with open_output(path) as stream:
        stream.write(buffer.getbuffer())
    for name_path, names in zip(matrix_names(path), (ids, terms), strict=False):
        with open_output(name_path) as stream:
            stream.write("".join(" ".join(name.split()) + "\n" for name in names).encode())


def matrix_names(path: str) -> list[str]:
    """The files of names that go with a matrix: those of its rows and of its columns."""
    return [f"{path[:-4]}.{kind}.txt" for kind in ("ids", "terms") if path.lower().endswith(".mtx")]


def export_vectors(path: str, terms: list[str], vectors: "numpy.ndarray") -> None:
    """Write word vectors in word2vec's formats, which gensim reads: .bin binary, else text.

    White space in a term, which these formats have not, becomes `_`.
    Raises KorpusError where it cannot be written.
    """
    is_binary = path.lower().endswith(".bin")
    with open_output(path) as stream:
        stream.write(f"{len(terms)} {vectors.shape[1]}\n".encode())
        for term, vector in zip(terms, vectors, strict=True):
            name = "_".join(term.split()).encode("utf-8", "replace")
            if is_binary:
                stream.write(name + b" " + vector.astype("<f4").tobytes())
            else:
                stream.write(name + b" " + " ".join(map(str, vector)).encode() + b"\n")


def check_suffix(path: str | None, suffixes: tuple[str, ...]) -> None:
    """Raises UsageError where a file to keep has not one of the suffixes that tell its format."""
    if path is not None and not path.lower().endswith(suffixes):
        raise UsageError(
            f"{path}: the name must end in {' or '.join(suffixes)}", f"such as: result{suffixes[0]}"
        )


def load_model(
    path: str, kind: str | None = None
) -> "tuple[dict[str, Any], dict[str, numpy.ndarray]]":
    """The header and the arrays of a model file.

    Nothing is unpacked before safetensors has found that the arrays are as large as the file says,
    and this that the header is no bomb. Raises KorpusError for a file that is damaged, foreign,
    newer than this korpus, too large for the memory or, when `kind` is given, of another kind.
    """
    from safetensors import SafetensorError, safe_open

    if Path(path).is_dir():
        raise KorpusError(f"{path}: is a folder", "give a model file: x.safetensors")
    with source_errors(path):
        try:
            with safe_open(path, framework="numpy") as model:
                header = _header((model.metadata() or {})["korpus"].encode())
                is_newer = header["format"] > MODEL_FORMAT
                names = model.keys()
                if len(names) > _MOST_ARRAYS:
                    raise ValueError(f"{len(names):,} arrays")
                arrays = {name: model.get_tensor(name) for name in names}
        except SafetensorError as error:
            raise KorpusError(
                f"{path}: not a model file, or a damaged one ({error})",
                "make it again: korpus lda -m, tfidf -m …",
            ) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise KorpusError(
                f"{path}: a safetensors file, but not one of korpus's",
                "make one with korpus lda -m, tfidf -m …",
            ) from None
        except MemoryError:
            raise KorpusError(f"{path}: larger than the memory") from None
    if is_newer:
        raise KorpusError(
            f"{path}: made by korpus {header.get('korpus')}, newer than this {__version__}",
            "upgrade: pip install --upgrade korpus",
        )
    if kind is not None and header.get("kind") != kind:
        raise KorpusError(f"{path}: a {header.get('kind')} model, not a {kind} model")
    return header, arrays


def _header(text: bytes) -> dict[str, Any]:
    """Raises ValueError where it is no JSON object, or a bomb."""
    if len(text) > _LONGEST_HEADER:
        raise ValueError("too long a header")
    check_flat(text)
    header = orjson.loads(text)
    if not isinstance(header, dict):
        raise ValueError("no header")
    return header
