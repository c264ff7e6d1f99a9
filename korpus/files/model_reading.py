"""Read model files: safetensors checks them, and no code of theirs runs."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from korpus.errors import KorpusError
from korpus.files.sources import source_errors
from korpus.messages import _
from korpus.records import check_flat
from korpus.version import __version__

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Increase when a header or its arrays change meaning. Files with a higher number are refused.
MODEL_FORMAT = 1
MAX_HEADER = 64 << 20  # bytes; safetensors reads up to 100 MB
_MAX_ARRAYS = 64
DTYPES = {"float64": "F64", "float32": "F32", "int64": "I64", "int32": "I32", "uint8": "U8"}
_NAMES = {short: name for name, short in DTYPES.items()}
# Kinds whose arrays stay on disk until they are used.
_MAPPED = frozenset({"index"})

Header = dict[str, Any]  # parsed JSON


def load_header(path: str) -> Header:
    """The header of a model file; its arrays are not read. Raises what `load_model` raises."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, KorpusError):
        if Path(path).is_file():
            with Path(path).open("rb") as stream:
                size = int.from_bytes(stream.read(8), "little")
                text = stream.read(size) if size <= MAX_HEADER else b""
            check_flat(text)
            header = _header(orjson.loads(text)["__metadata__"]["korpus"].encode())
            if header["format"] <= MODEL_FORMAT:
                return header
    return load_model(path)[0]  # which says what is wrong


def load_model(path: str, kind: str | None = None) -> "tuple[Header, dict[str, Array]]":
    """The header and the arrays of a model file.

    safetensors checks that all arrays fit the file's size before anything is allocated, and the
    header is checked for bombs before it is parsed. Raises KorpusError for a file that is damaged,
    not a model, made by a newer korpus, too large for the memory or, with `kind`, of another kind.
    """
    from safetensors import SafetensorError, safe_open

    if Path(path).is_dir():
        raise KorpusError(
            _("{path}: is a folder").format(path=path), _("give a model file: x.safetensors")
        )
    with source_errors(path):
        if Path(path).exists() and not Path(path).is_file():  # waiting for it ignores signals
            raise KorpusError(
                _("{path}: a model cannot be read from a pipe or a device").format(path=path),
                _("give a model file: x.safetensors"),
            )
        try:
            with safe_open(path, framework="numpy") as model:
                header = _header((model.metadata() or {})["korpus"].encode())
                is_newer = header["format"] > MODEL_FORMAT
                names = model.keys()
                if len(names) > _MAX_ARRAYS:
                    raise ValueError(f"{len(names):,} arrays")
                if header.get("kind") in _MAPPED:
                    arrays = _mapped(path)
                else:
                    arrays = {name: model.get_tensor(name) for name in names}
        except SafetensorError:
            if _is_json(path):
                raise KorpusError(
                    _("{path}: holds records, not a model").format(path=path),
                    _("a model is what korpus lda -m FILE or another command with -m wrote"),
                ) from None
            raise KorpusError(
                _("{path}: not a model file, or damaged").format(path=path),
                _("a model is what korpus lda -m FILE or another command with -m wrote"),
            ) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise KorpusError(
                _("{path}: a safetensors file that korpus did not write").format(path=path),
                _("fit a model: korpus lda -m, korpus tfidf -m …"),
            ) from None
        except MemoryError:
            raise KorpusError(_("{path}: larger than the memory").format(path=path)) from None
    if is_newer:
        raise KorpusError(
            _("{path}: made by korpus {version}, newer than this {this}").format(
                path=path, version=header.get("korpus"), this=__version__
            ),
            _("upgrade: pip install --upgrade korpus"),
        )
    if kind is not None and header.get("kind") != kind:
        raise KorpusError(
            _("{path}: a model of the kind {found}, not {kind}").format(
                path=path, found=header.get("kind"), kind=kind
            )
        )
    return header, arrays


def _mapped(path: str) -> "dict[str, Array]":
    """The arrays of a file that safetensors has checked, read where and when they are used."""
    import numpy

    whole = numpy.memmap(path, numpy.uint8, "r")
    first = 8 + int.from_bytes(whole[:8].tobytes(), "little")
    described = orjson.loads(whole[8:first].tobytes())
    described.pop("__metadata__")
    arrays = {}
    for name, about in described.items():
        start, end = about["data_offsets"]
        array = whole[first + start : first + end]
        dtype = numpy.dtype(_NAMES[about["dtype"]]).newbyteorder("<")
        arrays[name] = array.view(dtype).reshape(about["shape"])
    return arrays


def _is_json(path: str) -> bool:
    with Path(path).open("rb") as stream:
        return stream.read(100).lstrip(b" \xef\xbb\xbf").startswith((b"{", b"["))


def _header(text: bytes) -> Header:
    """Raise ValueError unless the text is a JSON object of acceptable size and nesting."""
    if len(text) > MAX_HEADER:
        raise ValueError
    check_flat(text)
    header = orjson.loads(text)
    if not isinstance(header, dict):
        raise ValueError
    return header
