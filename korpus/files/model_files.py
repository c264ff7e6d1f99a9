"""Models on disk: one .safetensors file of arrays with a JSON header. Nothing in it can run."""

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
