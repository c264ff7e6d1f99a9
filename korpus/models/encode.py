"""The stage encode (정수 인코딩): tokens → a numbered vocabulary, and documents as numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self, cast

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import ArraySpec, Header, Model
from korpus.messages import _, plural
from korpus.models.term_model import TermModel, log_unknown
from korpus.records import Record, Row, Table, rename_clashes
from korpus.tokens import Part, document_term_matrix, parts_of

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

IDS, ONE_HOT, BAG = FORMS = ("ids", "one-hot", "bag")
BEFORE, AFTER = SIDES = ("pre", "post")
OOV = "OOV"
_MOST_COLUMNS = 1000  # of a table
_LONGEST = 1_000_000  # codes of a padded document


class Encoded(NamedTuple):
    """Documents as numbers of terms.

    `ids`: of the documents. `codes`: int32, one document after the other. `lengths`: int64, codes
    per document.
    """

    ids: list[str]
    codes: "Array"
    lengths: "Array"


@dataclass(kw_only=True, eq=False, repr=False)
class Encoder(TermModel):
    """A numbered vocabulary: the first of `terms` has code 1. `count` (int64): of each term.

    `fitted`: encoded documents; they are not written to the model file.
    """

    kind: ClassVar[str] = "encode"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {"count": ("int64", "v")}

    count: "Array"
    fitted: Encoded | None = None

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """See `Model.restored`."""
        model = super().restored(header, arrays)
        options = model.options
        try:
            check_choice("form", options["form"], FORMS)
            check_encode(None, options["max_length"], options["padding"])
            options["oov"] = bool(options["oov"])
        except UsageError as error:
            raise ValueError(error.message) from None
        return model

    @property
    def names(self) -> list[str]:
        """The terms, and what stands for all others if those have a code."""
        return [*self.terms, OOV] if self.options["oov"] else self.terms

    @property
    def is_sparse(self) -> bool:
        """Whether documents are mostly zeros, one-hot vectors or bags of words: see `matrix`."""
        return bool(self.options["form"] != IDS)

    def vocabulary(self) -> Table:
        """The terms with their codes: `code`, `term`, `count`."""
        rows = zip(range(1, len(self.terms) + 1), self.terms, self.count.tolist(), strict=True)
        return Table(["code", "term", "count"], lambda: list(rows))

    @property
    def documents(self) -> Encoded:
        """The encoded documents. Raises UsageError for a model loaded from a file."""
        if self.fitted is None:
            raise UsageError(
                _("a model loaded from a file does not hold the documents it was fitted on"),
                _("give it documents: korpus infer MODEL FILE"),
            )
        return self.fitted

    def encoded(self, records: Iterable[Record]) -> Self:
        """This vocabulary with new documents. Terms without a code are left out, or OOV.

        Raises KorpusError for tokens of another analyzer.
        """
        import numpy

        number = {term: code for code, term in enumerate(self.terms, 1)}
        ids: list[str] = []
        codes = [numpy.empty(0, numpy.int32)]
        lengths = [numpy.empty(0, numpy.int64)]
        for part in parts_of(self.checked(records)):
            ours = numpy.array([number.get(term, 0) for term in part.terms], numpy.int32)
            codes.append(ours[numpy.asarray(part.numbers)])
            lengths.append(numpy.asarray(part.lengths, numpy.int64))
            ids += part.ids
        found = Encoded(ids, numpy.concatenate(codes), numpy.concatenate(lengths))
        log_unknown(int((found.codes == 0).sum()), len(found.codes))
        return self.holding(found)

    def holding(self, found: Encoded) -> Self:
        """This vocabulary with documents whose code 0, of unknown terms, is left out or OOV."""
        import numpy

        is_known = found.codes > 0
        if self.options["oov"]:
            codes = numpy.where(is_known, found.codes, numpy.int32(len(self.terms) + 1))
            return replace(self, fitted=found._replace(codes=codes))
        owners = numpy.repeat(numpy.arange(len(found.lengths)), found.lengths)
        lengths = numpy.bincount(owners[is_known], minlength=len(found.lengths))
        return replace(self, fitted=Encoded(found.ids, found.codes[is_known], lengths))

    def padded(self) -> "Array":
        """The encoded documents as rows of equal length (int32): 0 is padding, longer ones are cut.

        The length is that of `max_length`, else of the longest document.
        """
        import numpy

        found = self.documents
        longest = int(found.lengths.max(initial=0))
        size = longest if self.options["max_length"] is None else self.options["max_length"]
        is_before = self.options["padding"] == BEFORE
        rows = numpy.zeros((len(found.ids), size), numpy.int32)
        for row, codes in zip(rows, self._split(found), strict=True):
            kept = codes[-size:] if is_before else codes[:size]
            row[size - len(kept) if is_before else 0 :][: len(kept)] = kept
        return rows

    def matrix(self) -> "tuple[csr_matrix, list[str]]":
        """One-hot vectors of tokens, or bags of words, as CSR (int64) with the ids of its rows."""
        import numpy
        import scipy.sparse

        found = self.documents
        ends = numpy.concatenate([[0], found.lengths.cumsum()])
        ids = found.ids
        if self.options["form"] == ONE_HOT:
            ends = numpy.arange(len(found.codes) + 1)
            ids = numpy.repeat(numpy.array(ids, object), found.lengths).tolist()
        ones = numpy.ones(len(found.codes), numpy.int64)
        shape = (len(ids), len(self.names))
        matrix = scipy.sparse.csr_matrix((ones, found.codes - 1, ends), shape=shape)
        matrix.sum_duplicates()
        return matrix, ids

    def table(self) -> Table:
        """The encoded documents as rows, see `korpus.encode`.

        Raises KorpusError for more than 1,000 columns.
        """
        found = self.documents
        if self.options["form"] == IDS:
            if self.options["max_length"] is not None:
                lists: Iterable[Array] = self.padded()
            else:
                lists = self._split(found)
            return Table(
                ["id", "codes"],
                lambda: [(i, row.tolist()) for i, row in zip(found.ids, lists, strict=True)],
            )
        if len(self.names) > _MOST_COLUMNS:
            raise KorpusError(
                _("a table with a column for each of {terms} is too wide").format(
                    terms=plural(len(self.names), "term")
                ),
                _("add --matrix x.npz, or --vocab-size {size}").format(size=_MOST_COLUMNS),
            )
        own = ["id", "term"] if self.options["form"] == ONE_HOT else ["id"]
        columns = rename_clashes(dict.fromkeys(self.names), own)
        return Table([*own, *columns], self._rows)

    def transform(self, records: Iterable[Record]) -> Table:
        """New documents as numbers, see `table`; with the options of the vocabulary."""
        return self.encoded(records).table()

    def _split(self, found: Encoded) -> "Iterator[Array]":
        end = 0
        for length in found.lengths.tolist():
            yield found.codes[end : end + length]
            end += length

    def _rows(self) -> Iterator[Row]:
        matrix, ids = self.matrix()
        names, found = self.names, self.documents
        for number, name in enumerate(ids):
            row = matrix[[number]].toarray()[0].tolist()
            if self.options["form"] == ONE_HOT:
                yield (name, names[found.codes[number] - 1], *row)
            else:
                yield (name, *row)


def encode(
    documents: Iterable[Record] | Iterable[Part],
    *,
    vocab_size: int | None = None,
    oov: bool = False,
    max_length: int | None = None,
    padding: str = BEFORE,
    one_hot: bool = False,
    bag: bool = False,
    vocab: Model | None = None,
) -> Encoder:
    """Number the terms, the most frequent 1, and encode documents so. Needs the whole input.

    Terms of equal frequency are in the order in which they first occur.
    Parameters: `vocab_size`, how many terms have a code (default: all). `oov`: all others have the
    next code, that of OOV; else they are left out. `max_length`: pad documents with 0 to this
    length and cut longer ones, at the side of `padding`, `pre` (the start, as Keras does) or
    `post`. `one_hot`: a vector per token. `bag`: the counts of each document. `vocab`: a model of
    this stage, whose vocabulary and options are used; only `one_hot` and `bag` can be given too.

    Columns in: `id`, `tokens`. Out: a model, whose `table()` has `id`, `codes`; one-hot: `id`,
    `term` and a column per term; bag: `id` and a column per term. `padded()` and `matrix()` are
    arrays. Raises UsageError for wrong options, KorpusError without tokens.
    """
    import numpy

    form = ONE_HOT if one_hot else BAG if bag else IDS
    if vocab is not None:
        model = _encoder(vocab).encoded(cast("Iterable[Record]", documents))
        return model if form == IDS else replace(model, options={**model.options, "form": form})
    check_encode(vocab_size, max_length, padding)
    matrix = document_term_matrix(documents)
    counts = matrix.term_frequency
    _values, first = numpy.unique(matrix.numbers, return_index=True)
    order = numpy.lexsort((first, -counts))[:vocab_size]
    code = numpy.zeros(len(matrix.terms), numpy.int32)
    code[order] = numpy.arange(1, len(order) + 1)
    model = Encoder(
        terms=[matrix.terms[number] for number in order.tolist()],
        options={
            "vocab_size": vocab_size,
            "oov": oov,
            "max_length": max_length,
            "padding": padding,
            "form": form,
        },
        provenance=matrix.provenance(),
        count=counts[order].astype(numpy.int64),
    )
    found = Encoded(matrix.ids, code[matrix.numbers], matrix.lengths.astype(numpy.int64))
    if unknown := int((found.codes == 0).sum()):  # beyond `vocab_size`
        log_unknown(unknown, len(found.codes))
    return model.holding(found)


def check_encode(vocab_size: int | None, max_length: int | None, padding: str) -> None:
    """Raises UsageError for options that `encode` does not take."""
    check_choice("--padding", padding, SIDES)
    check_least("--vocab-size", vocab_size, 1)
    check_least("--max-length", max_length, 1)
    if max_length is not None and max_length > _LONGEST:
        raise UsageError(
            _("{option} {value} is more than {limit}").format(
                option="--max-length", value=max_length, limit=_LONGEST
            )
        )


def _encoder(model: Model) -> Encoder:
    """A vocabulary. Raises UsageError for a model of another kind."""
    if not isinstance(model, Encoder):
        raise UsageError(
            _("{kind} models are not numbered vocabularies").format(kind=model.kind),
            _("make one: korpus encode tokens.jsonl -m vocabulary.safetensors"),
        )
    return model
