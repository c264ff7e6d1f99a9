"""Word vectors on a cluster, by MLlib's Word2Vec: skip-gram with hierarchical softmax."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.models.report import Report
from korpus.models.word2vec import check_frequency, check_word2vec, log_few
from korpus.models.word2vec_model import WordVectors, on_one_line
from korpus.spark.documents import Documents
from korpus.spark.vectors import Learned, refuse
from korpus.spark.vocabulary import vocabulary
from korpus.spark.work import failing
from korpus.tokens import Part

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_LINE_LENGTH = 10_000  # tokens that are learned from together; MLlib cuts longer texts
_RATE = 0.025


def word2vec(
    documents: Documents,
    *,
    method: str,
    fasttext: bool,
    vector_size: int,
    window: int,
    min_count: int,
    epochs: int,
    negative: int,
    seed: int,
    jobs: int,
    report: Report | None,
) -> WordVectors:
    """The plan of `korpus.word2vec`. `jobs`: tasks that train at once; 0 for one per core.

    Their vectors are averaged after each epoch; tasks of one process write into the same vectors,
    so that with more than 1 the result differs from run to run. Frequent words are not subsampled,
    and there are no negative samples: MLlib has neither.
    """
    refuse(
        "word2vec",
        {
            "--method": method == "cbow",
            "--fasttext": fasttext,
            "--negative": negative != 5,
        },
    )
    numbers = {"vector_size": vector_size, "window": window, "min_count": min_count}
    numbers["epochs"] = epochs
    check_word2vec(method, numbers)
    check_least("--jobs", jobs, 0)
    import numpy
    import pyspark

    found = vocabulary(documents)
    frequency: Counter[str] = Counter()
    names: dict[str, str] = {}
    for term, count in zip(found.terms, found.frequency.tolist(), strict=True):
        if term.strip():
            frequency[on_one_line(term)] += count
            names.setdefault(on_one_line(term), term)
    check_frequency(frequency, min_count)
    # Alphabetical where equal: workers name words by their numbers here.
    words = sorted(
        (word for word, count in frequency.items() if count >= min_count),
        key=lambda word: (-frequency[word], word),
    )
    rows = _lines(documents, words)
    partitions = jobs or documents.cluster.session.sparkContext.defaultParallelism
    vectors = _trained(rows, len(words), numbers, partitions, seed)
    log_few(found.provenance["tokens"])
    options = {
        "engine": "spark",
        "method": method,
        "fasttext": False,
        **numbers,
        "softmax": "hierarchical",
        "learning_rate": _RATE,
        "partitions": partitions,
        "seed": seed,
        "spark": pyspark.__version__,
    }
    return WordVectors(
        terms=[names[word] for word in words],
        options=options,
        provenance=found.provenance,
        vectors=vectors,
        counts=numpy.array([frequency[word] for word in words], numpy.int64),
    )


def _lines(documents: Documents, words: list[str]) -> "DataFrame":
    """The rows that are learned from."""
    from pyspark.sql.types import (
        ArrayType,
        BinaryType,
        IntegerType,
        LongType,
        StringType,
        StructField,
        StructType,
    )

    fields = [
        StructField("kind", IntegerType()),
        StructField("data", BinaryType()),
        StructField("at", LongType()),
        StructField("words", ArrayType(StringType())),
    ]
    return Learned(documents, LineColumns(words), StructType(fields)).rows("words")


@dataclass(frozen=True)
class LineColumns:
    """Columns of a part: the number of the document, and the numbers of its words as strings.

    Long documents are several rows. Tokens that are not in `words` are left out.
    """

    words: list[str]

    def __call__(self, part: Part, at: int) -> Sequence[Any]:
        """The columns."""
        import pyarrow

        number = {word: str(place) for place, word in enumerate(self.words)}
        names = [number.get(on_one_line(term)) for term in part.terms]
        ats: list[int] = []
        lines: list[list[str]] = []
        for document, (start, end) in enumerate(pairwise(accumulate(part.lengths, initial=0)), at):
            found = [names[one] for one in part.numbers[start:end]]
            known = [name for name in found if name is not None]
            for first in range(0, len(known), _LINE_LENGTH):
                ats.append(document)
                lines.append(known[first : first + _LINE_LENGTH])
        strings = pyarrow.list_(pyarrow.string())
        return pyarrow.array(ats, pyarrow.int64()), pyarrow.array(lines, strings)


def _trained(
    rows: "DataFrame", words: int, numbers: dict[str, int], partitions: int, seed: int
) -> Any:
    """The vectors (float32) of words by their numbers."""
    import numpy
    from pyspark.ml.feature import Word2Vec

    engine = Word2Vec(
        inputCol="words",
        vectorSize=numbers["vector_size"],
        windowSize=numbers["window"],
        minCount=0,
        maxIter=numbers["epochs"],
        stepSize=_RATE,
        numPartitions=partitions,
        maxSentenceLength=_LINE_LENGTH,
        seed=seed,
    )
    vectors = numpy.zeros((words, numbers["vector_size"]), numpy.float32)
    with failing():
        for word, vector in engine.fit(rows).getVectors().toLocalIterator():
            vectors[int(word)] = vector.toArray()
    return vectors
