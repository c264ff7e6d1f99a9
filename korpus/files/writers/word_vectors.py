"""Write word vectors in word2vec's formats, text and binary."""

from typing import TYPE_CHECKING

from korpus.files.atomic import open_output

if TYPE_CHECKING:
    import numpy


def export_vectors(path: str, terms: list[str], vectors: "numpy.ndarray") -> None:
    """Write word vectors in a format that gensim reads: .bin is binary, all else is text.

    The formats separate fields by white space, so white space in a term becomes `_`.
    Raises KorpusError where the file cannot be written.
    """
    import numpy
    import orjson

    is_binary = path.lower().endswith(".bin")
    with open_output(path) as stream:
        stream.write(f"{len(terms)} {vectors.shape[1]}\n".encode())
        for term, vector in zip(terms, vectors, strict=True):
            name = "_".join(term.split()).encode("utf-8", "replace")
            if is_binary:
                stream.write(name + b" " + vector.astype("<f4").tobytes())
            else:
                # The shortest digits, as str() gives them, in a tenth of the time.
                numbers = numpy.ascontiguousarray(vector)
                listed = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)
                stream.write(name + b" " + listed[1:-1].replace(b",", b" ") + b"\n")
