"""The stage lm_correct: spellings near those of a text, ranked by a language model."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unicodedata import normalize

from korpus.checks import check_least
from korpus.documents.syllables import LETTERS, composed, decomposed
from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.lm.choose import KIWI, language_model
from korpus.models.lm.language_model import LanguageModel
from korpus.records import Row, Table

if TYPE_CHECKING:
    from korpus.files.model_files import Model

COLUMNS = ["rank", "text", "change", "distance", "oov", "log_probability"]
_WORD = re.compile("[가-힣]+")
_BEST = 5  # texts that are changed again
_MOST = 4  # letters


def lm_correct(
    text: str,
    model: "Model | LanguageModel | str" = KIWI,
    *,
    distance: int = 1,
    top: int = 10,
) -> Table:
    """Rank the spellings near that of a text (맞춤법): those that a language model finds likely.

    `text`: one line. `model`: see `lm_score`. `distance`: letters (jamo) that change, are added or
    left out. All texts with one such change are compared; for more, the best 5 are changed again.
    `top`: texts to show. The text itself is one of them.
    Columns out: `rank`, `text`, `change` (its words that differ), `distance` (Levenshtein distance
    of the letters, with the silent ㅇ), `oov` (unknown units), `log_probability`. Texts with fewer
    unknown units come first, then likelier ones.
    Raises UsageError for a text without Hangul.
    """
    check_least("--distance", distance, 1)
    check_least("--top", top, 1)
    if distance > _MOST:
        raise UsageError(
            _("--distance {distance} is more than {most}").format(distance=distance, most=_MOST)
        )
    from rapidfuzz.distance import Levenshtein

    found = language_model(model)
    given = " ".join(normalize("NFC", text).split())
    if not _WORD.search(given):
        raise UsageError(
            _("{text!r} has no Hangul to correct").format(text=text),
            _("such as: {example}").format(example="korpus lm correct '부리나케 잘려갔다'"),
        )
    scores: dict[str, tuple[int, float]] = {}
    best = [given]
    for _change in range(distance):
        new = dict.fromkeys(near for each in best for near in [each, *_near(each)])
        texts = [each for each in new if each not in scores]
        scores |= dict(zip(texts, found.spellings(texts), strict=True))
        best = sorted(scores, key=lambda each: (*scores[each], each))[:_BEST]
    letters = decomposed(given)
    ranked = sorted(scores, key=lambda each: (*scores[each], each))[:top]
    rows: list[Row] = [
        (
            rank,
            each,
            _changes(given, each),
            Levenshtein.distance(letters, decomposed(each)),
            scores[each][0],
            -scores[each][1],
        )
        for rank, each in enumerate(ranked, start=1)
    ]
    return Table(COLUMNS, lambda: rows)


def _near(text: str) -> Iterator[str]:
    """The texts with one more, one less or another letter in one of the words."""
    for word in _WORD.finditer(text):
        letters = decomposed(word[0])
        for at in range(len(letters) + 1):
            changed = [letters[:at] + new + letters[at:] for new in LETTERS]
            if at < len(letters):
                changed += [letters[:at] + new + letters[at + 1 :] for new in ("", *LETTERS)]
            for each in changed:
                if new := composed(each):
                    yield text[: word.start()] + new + text[word.end() :]


def _changes(before: str, after: str) -> str:
    pairs = zip(before.split(), after.split(), strict=True)
    return ", ".join(f"{one} → {other}" for one, other in pairs if one != other)
