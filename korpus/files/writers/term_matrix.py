"""Write a document-term matrix as .npz (scipy) or .mtx (Matrix Market)."""

import io
import logging
from typing import TYPE_CHECKING, Any

from korpus.files.atomic import open_output
from korpus.messages import _

if TYPE_CHECKING:
    import numpy
    import scipy.sparse

logger = logging.getLogger("korpus")

_MOST_BYTES = 64 << 20  # of an array of names
_COMMENT = "korpus"


def save_matrix(
    path: str, matrix: "scipy.sparse.csr_matrix", ids: list[str], terms: list[str]
) -> None:
    """Write a sparse matrix, documents × terms, with the names of its rows and columns.

    .npz: scipy's format with two more arrays, `ids` and `terms`, which numpy.load reads. If a name
    is so long that an array of strings would take far more room than the names, they are the
    letters of all names as UTF-8, one per line: `bytes(array).decode().split("\\n")`.
    .mtx: the names go into NAME.ids.txt and NAME.terms.txt, one per line.
    Raises KorpusError where a file cannot be written.
    """
    import scipy.io
    import scipy.sparse

    buffer = io.BytesIO()  # complete before the file is opened
    if path.lower().endswith(".mtx"):
        scipy.io.mmwrite(buffer, matrix, comment=_COMMENT, symmetry="general")
    else:
        import numpy

        # The arrays of scipy.sparse.save_npz, and the names.
        csr = matrix.tocsr()
        parts = {name: getattr(csr, name) for name in ("data", "indices", "indptr", "shape")}
        parts |= _names("ids", ids) | _names("terms", terms)
        numpy.savez_compressed(buffer, format=numpy.array(b"csr"), **parts)
    with open_output(path) as stream:
        stream.write(buffer.getbuffer())
    for name_path, names in zip(matrix_names(path), (ids, terms), strict=False):
        with open_output(name_path) as stream:
            stream.write("".join(" ".join(name.split()) + "\n" for name in names).encode())


def save_codes(path: str, codes: "numpy.ndarray", ids: list[str], terms: list[str]) -> None:
    """Write documents as rows of codes to a .npz file: arrays `codes`, `ids` and `terms`.

    Code 1 is the first of `terms`. For long names see `save_matrix`.
    """
    import numpy

    buffer = io.BytesIO()
    parts: dict[str, Any] = {"codes": codes} | _names("ids", ids) | _names("terms", terms)
    numpy.savez_compressed(buffer, **parts)
    with open_output(path) as stream:
        stream.write(buffer.getbuffer())


def _names(kind: str, names: list[str]) -> "dict[str, numpy.ndarray]":
    """Names as an array of strings, or of the bytes of all if one is very long."""
    import numpy

    longest = max(map(len, names), default=0)
    if 4 * longest * len(names) <= _MOST_BYTES:  # all strings of an array take the same room
        return {kind: numpy.array(names, dtype=str)}
    logger.warning(
        _("names of up to %s characters: %s are bytes of UTF-8, one per line"),
        f"{longest:,}",
        kind,
    )
    text = "\n".join(" ".join(name.split()) for name in names)
    return {kind: numpy.frombuffer(text.encode(), dtype=numpy.uint8)}


def matrix_names(path: str) -> list[str]:
    """The name files that belong to a .mtx file: row names, column names. Empty for others."""
    return [f"{path[:-4]}.{kind}.txt" for kind in ("ids", "terms") if path.lower().endswith(".mtx")]
