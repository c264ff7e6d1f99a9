"""What a language model can do, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.models.lm.sequences import Documents
from korpus.records import Record

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

KNESER_NEY, ADD_K, MLE = SMOOTHINGS = ("kneser-ney", "add-k", "mle")
END, UNKNOWN, START = "</s>", "<unk>", "<s>"  # as in ARPA files


@dataclass
class Scores:
    """How likely the sentences of some documents are.

    `ids`: of the documents. `groups`: the group of each; empty if they were not asked for.
    `sentences`: their number per document. `texts`: of the sentences; empty if not asked for. Of
    each sentence: `units`, predicted units, with its end; `oov`: how many of them are unknown;
    `zeros`: how many have the probability 0; `log_probability`: of all units, natural; `log_known`:
    of those that are known.
    """

    ids: list[str]
    groups: list[str]
    sentences: "Array"
    texts: list[str]
    units: "Array"
    oov: "Array"
    zeros: "Array"
    log_probability: "Array"
    log_known: "Array"


@dataclass
class Following:
    """What may follow a text: `probabilities` of units, each a token with its tag.

    The units are those of the model, always in the same order.
    """

    tokens: list[str]
    tags: list[str]
    probabilities: "Array"


class LanguageModel(ABC):
    """A language model, of n-grams or of Kiwi."""

    unit: str
    needs_tokens: ClassVar[bool] = False

    @abstractmethod
    def scored(
        self, documents: Documents, *, by: str | None = None, texts: bool = False
    ) -> Iterator[Scores]:
        """How likely documents are. Streams, in batches. `by`: a column that groups them."""

    @abstractmethod
    def following(self, text: str) -> Following:
        """What may follow a text, which is the beginning of a sentence."""

    @abstractmethod
    def spellings(self, texts: list[str]) -> list[tuple[int, float]]:
        """Of each text, a sentence: unknown units, and the negative log probability."""

    @abstractmethod
    def sampled(
        self, start: str, count: int, longest: int, temperature: float, top: int | None, seed: int
    ) -> Iterator[Record]:
        """Documents that begin with a text and go on at random; see `korpus.lm_generate`."""
