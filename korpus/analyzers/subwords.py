"""Tokenizers of subwords (서브워드): the content of a tokenizer.json of Hugging Face tokenizers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.tables import Table

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SUBWORD = "subword"
INSIDE = "##"  # the tag of a piece that goes on a word


class Pieces(NamedTuple):
    """The subwords of a text.

    `names`: as the tokenizer's vocabulary has them; `codes`: their numbers there. `forms`, `tags`:
    what stands in the text, white space left out, with INSIDE for pieces that go on a word.
    """

    names: list[str]
    codes: list[int]
    forms: list[str]
    tags: list[str]


@dataclass(frozen=True)
class Subwords:
    """A tokenizer, as the text of its tokenizer.json. It holds data only: nothing in it is run."""

    content: str

    def __hash__(self) -> int:
        return hash(self.content)

    @property
    def name(self) -> str:
        """The name of the analyzer, with a digest of the content: another tokenizer is another."""
        return f"{SUBWORD}:{sha256(self.content.encode()).hexdigest()[:12]}"

    def pieces(self, text: str) -> Pieces:
        """The subwords of a text. Raises KorpusError for content that is no tokenizer."""
        found = loaded(self.content).encode(text, add_special_tokens=False)
        cut = list(_cut(text, found.offsets))
        tags = [INSIDE if is_inside else "" for _form, is_inside in cut]
        return Pieces(found.tokens, found.ids, [form for form, _inside in cut], tags)

    def table(self) -> Table:
        """The vocabulary: `code`, `piece`. Raises KorpusError for content that is no tokenizer."""
        vocabulary = loaded(self.content).get_vocab()
        rows = sorted((code, piece) for piece, code in vocabulary.items())
        return Table(["code", "piece"], lambda: rows)


@lru_cache(maxsize=1)
def loaded(content: str) -> "Tokenizer":
    """Load a tokenizer from the text of a tokenizer.json. Raises KorpusError for other text."""
    kind: type[Tokenizer] = library().Tokenizer
    try:
        return kind.from_str(content)
    except Exception as error:  # all errors of the library are of this type
        raise KorpusError(
            _("this is not a tokenizer of subwords: {reason}").format(reason=error),
            _("make one: korpus subword train reviews.csv -m tokenizer.json"),
        ) from None


def library() -> Any:
    """The package tokenizers. Raises KorpusError where it is not installed."""
    try:
        import tokenizers
    except ImportError:
        raise KorpusError(
            _("subwords need the package tokenizers"),
            _("install it: {command}").format(command="pip install 'korpus[subword]'"),
        ) from None
    return tokenizers


def _cut(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """What stands at spans of a text, and whether it goes on a word. Parts of letters are one."""
    done = 0
    for start, end in spans:
        piece = text[max(start, done) : end]
        done = max(end, done)
        if form := piece.strip():
            at = end - len(piece.lstrip())
            yield form, at > 0 and not text[at - 1].isspace()
