"""The stage units: a text in words, morphemes, subwords, syllables and jamo, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from korpus.analyzers.morph import morph
from korpus.analyzers.subwords import Subwords
from korpus.documents.letters import as_letters
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Counts, DocumentSource, Row, Table, as_records

COLUMNS = ["unit", "tokens", "types", "length", "pieces"]
_SHOWN = 60  # pieces of the first document


def units(
    documents: DocumentSource,
    *,
    column: str | None = None,
    analyzer: str = "mecab",
    subwords: Subwords | None = None,
    jobs: int = 1,
) -> Table:
    """Count the words, morphemes, subwords, syllables and jamo of texts. Streams; holds the types.

    Parameters: `analyzer`, of the morphemes; `subwords`, a tokenizer that `subword_train` made
    (default: subwords are not counted); `jobs`, see `korpus.morph`.
    Columns in: `id`, `text`. Columns out: `unit` (word, morpheme, subword, syllable, jamo),
    `tokens`, `types`, `length` (mean characters per token), `pieces`: the first document in these
    units, its first 60. Syllables are all characters but white space; jamo are their letters (갔
    is ㄱㅏㅆ). Morphemes are counted without tags, subwords with their marks (▁, ##).
    Raises KorpusError for empty input and a document that cannot be analysed.
    """
    found = {name: _Found() for name in ("word", "morpheme", "subword", "syllable", "jamo")}
    if subwords is None:
        del found["subword"]
    for record in morph(as_records(documents, column), analyzer, jobs=jobs, counts=Counts()):
        text = normalize("NFC", record["text"])
        found["word"].add(text.split())
        found["morpheme"].add(record["tokens"])
        if subwords:
            found["subword"].add(subwords.pieces(text).names)
        letters = "".join(text.split())
        found["syllable"].add(letters)
        found["jamo"].add(as_letters(normalize("NFD", letters)))
    if found["word"].first is None:
        raise KorpusError(_("there is no text: the input is empty"))
    rows = [(name, *its.row()) for name, its in found.items()]
    return Table(COLUMNS, lambda: rows)


@dataclass
class _Found:
    """Counts of one unit, and the pieces of the first document."""

    counts: Counts = field(default_factory=Counts)
    first: list[str] | None = None

    def add(self, pieces: Sequence[str]) -> None:
        self.counts.update(pieces)
        if self.first is None:
            self.first = list(pieces)

    def row(self) -> Row:
        tokens = self.counts.total()
        characters = sum(len(piece) * count for piece, count in self.counts.items())
        first = self.first or []
        shown = " ".join(first[:_SHOWN]) + (" …" if len(first) > _SHOWN else "")
        return tokens, len(self.counts), characters / tokens if tokens else None, shown
