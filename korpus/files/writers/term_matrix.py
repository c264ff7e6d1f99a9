"""Write a document-term matrix as .npz (scipy) or .mtx (Matrix Market)."""

import io
from typing import TYPE_CHECKING

from korpus.files.atomic import open_output

if TYPE_CHECKING:
    import scipy.sparse

_COMMENT = "korpus"


def save_matrix(
    path: str, matrix: "scipy.sparse.csr_matrix", ids: list[str], terms: list[str]
) -> None:
    """Write a sparse matrix, documents × terms, with the names of its rows and columns.

    .npz: scipy's format with two more arrays, `ids` and `terms`, which numpy.load reads.
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
        parts |= {"ids": numpy.array(ids, dtype=str), "terms": numpy.array(terms, dtype=str)}
        numpy.savez_compressed(buffer, format=numpy.array(b"csr"), **parts)
    with open_output(path) as stream:
        stream.write(buffer.getbuffer())
    for name_path, names in zip(matrix_names(path), (ids, terms), strict=False):
        with open_output(name_path) as stream:
            stream.write("".join(" ".join(name.split()) + "\n" for name in names).encode())


def matrix_names(path: str) -> list[str]:
    """The name files that belong to a .mtx file: row names, column names. Empty for others."""
    return [f"{path[:-4]}.{kind}.txt" for kind in ("ids", "terms") if path.lower().endswith(".mtx")]
