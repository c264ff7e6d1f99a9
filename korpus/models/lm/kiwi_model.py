"""The language model that comes with Kiwi (cong), with the methods of `NgramModel`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from korpus.documents.kiwi import kiwi, parts
from korpus.documents.letters import mend_lone
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.lm.language_model import UNKNOWN, Following, LanguageModel, Scores
from korpus.models.lm.sequences import LINE, Documents, as_sequence_parts
from korpus.records import Record
from korpus.statistics.sampling import drawn

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_ALL = 1 << 20  # more morphemes than it has
_BEGINNING = [0]  # of a sentence, as the numbers of morphemes
_ENDS = ("EF", "SF")  # tags of what ends a sentence


class KiwiModel(LanguageModel):
    """Kiwi's language model of 70,488 morphemes, trained on the Sejong and NIKL corpora.

    How likely a text is, is what Kiwi gives its best analysis: the log probabilities of the
    morphemes and of the end, less its penalties for spacing and unknown words.
    """

    unit = LINE

    def scored(
        self, documents: Documents, *, by: str | None = None, texts: bool = False
    ) -> Iterator[Scores]:
        """See `LanguageModel.scored`. Lines are sentences."""
        import numpy

        for part in as_sequence_parts(documents, LINE, by=by, texts=True):
            found = numpy.array(list(map(_summed, _analysed(part.texts)))).reshape(-1, 4)
            units, oov = found[:, 0].astype(numpy.int64), found[:, 1].astype(numpy.int64)
            yield Scores(
                part.ids,
                part.groups,
                numpy.asarray(part.sentences),
                part.texts if texts else [],
                units,
                oov,
                numpy.zeros(len(units), numpy.int64),
                found[:, 2],
                found[:, 2] - found[:, 3],
            )

    def following(self, text: str) -> Following:
        """See `LanguageModel.following`. A few words before the end of the text count."""
        import numpy

        found = _following(normalize("NFC", text) if text.strip() else _BEGINNING, _ALL)
        found.sort(key=lambda each: each.id)
        probabilities = numpy.exp([each.score for each in found])
        return Following(
            [mend_lone(each.form) if each.form else UNKNOWN for each in found],
            [each.tag for each in found],
            probabilities / probabilities.sum(),
        )

    def spellings(self, texts: list[str]) -> list[tuple[int, float]]:
        """See `LanguageModel.spellings`."""
        found = map(_summed, _analysed(texts))
        return [(int(oov), -log) for _units, oov, log, _unknown in found]

    def sampled(
        self, start: str, count: int, longest: int, temperature: float, top: int | None, seed: int
    ) -> Iterator[Record]:
        """See `LanguageModel.sampled`."""
        import numpy

        dice = numpy.random.default_rng(seed)
        given = [(token.form, token.tag) for token in kiwi().tokenize(normalize("NFC", start))]
        for number in range(1, count + 1):
            units = list(given)
            while len(units) - len(given) < longest:
                found = [
                    each
                    for each in _following(units or _BEGINNING, (top or _ALL) + len(_BEGINNING))
                    if each.form
                ]
                probabilities = numpy.exp([each.score for each in found])
                unit = drawn(probabilities, temperature, top, dice)
                if unit is None:
                    break
                units.append((found[unit].form, found[unit].tag))
                if found[unit].tag in _ENDS:
                    break
            yield {"id": str(number), "text": mend_lone(kiwi().join(units)) if units else ""}


def _following(prefix: "str | Sequence[object]", count: int) -> list[Any]:
    try:
        return list(kiwi().predict_next_morpheme(prefix, top_n=count))
    except Exception as error:  # Kiwi has errors of its own
        raise KorpusError(
            _("this Kiwi has no language model: {reason}").format(reason=error),
            _("run: {command}").format(command="pip install --upgrade kiwipiepy"),
        ) from None


def _analysed(texts: list[str]) -> Iterator[list[Any]]:
    """What Kiwi makes of the parts of each text: tokens and their score."""
    pieces = [parts(normalize("NFC", text)) for text in texts]
    found = kiwi().analyze(piece for its in pieces for piece in its)
    for its in pieces:
        yield [next(found)[0] for _piece in its]


def _summed(results: list[Any]) -> tuple[float, float, float, float]:
    """Of a text: units, unknown ones, the log probability of all, and of the unknown ones."""
    unknown = [token.score for tokens, _score in results for token in tokens if token.oov]
    units = sum(len(tokens) + 1 for tokens, _score in results)
    return units, len(unknown), sum(score for _tokens, score in results), sum(unknown)
