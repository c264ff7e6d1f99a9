"""What all models with a vocabulary share: their file, and the checks of new documents."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.errors import KorpusError
from korpus.files.model_files import ArraySpec, Header, Model, check_arrays
from korpus.messages import _
from korpus.records import Counts, Record, tokenized
from korpus.tokens import Provenance, known_term_counts, split_analysis

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

Options = dict[str, Any]  # JSON
_STEPS, _UNKNOWN, _READ = "steps: ", "unknown tokens", "tokens"  # what is counted
_later: ContextVar[Counts | None] = ContextVar("later", default=None)  # of `counting`


@dataclass(kw_only=True, eq=False, repr=False)
class TermModel(Model):
    """A fitted model with a vocabulary.

    `terms`: the vocabulary. `options`: the options of the fit with the values that were used.
    `provenance`: the documents it was fitted on. Subclasses declare their arrays as fields and in
    `array_specs`; those in `optional_arrays` may be None.
    """

    array_specs: ClassVar[Mapping[str, ArraySpec]]
    optional_arrays: ClassVar[frozenset[str]] = frozenset()

    terms: list[str]
    options: Options
    provenance: Provenance

    def __repr__(self) -> str:
        documents = self.provenance["documents"]
        return f"<{self.kind} model of {documents:,} documents, {len(self.terms):,} terms>"

    def header(self) -> Header:
        """What the model file's header records: options, fitted documents and vocabulary."""
        return {"options": self.options, **self.provenance, "vocabulary": self.terms}

    def arrays(self) -> "dict[str, Array]":
        """The arrays of the model file."""
        arrays = {name: getattr(self, name) for name in self.array_specs}
        return {name: array for name, array in arrays.items() if array is not None}

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file's header and arrays.

        Raises KeyError, TypeError or ValueError if they are incomplete or do not fit together.
        """
        terms = strings(header["vocabulary"])
        check_arrays(arrays, cls.array_specs, cls.optional_arrays, {"v": len(terms)})
        options = header["options"]
        if not isinstance(options, dict):
            raise TypeError(_("its options are not an object"))
        fields: dict[str, Any] = dict.fromkeys(cls.optional_arrays) | cls._fields(arrays)
        fields |= cls._header_fields(header)
        return cls(terms=terms, options=options, provenance=_provenance(header), **fields)

    @classmethod
    def _fields(cls, arrays: "dict[str, Array]") -> dict[str, Any]:
        """The fields that come from the arrays of a file."""
        return dict(arrays)

    @classmethod
    def _header_fields(cls, header: Header) -> dict[str, Any]:
        """The fields that come from the header of a file, besides those of all models."""
        return {}

    def checked(
        self,
        documents: Iterable[Record],
        *,
        looked_up: bool = False,
        counts: Counts | None = None,
    ) -> Iterator[Record]:
        """Pass on new documents with tokens. Streams. `looked_up`: see `tokenized`.

        `counts`: where to count documents with other later steps for `log_steps`; without it, the
        first ones are logged as they come.
        Raises KorpusError for tokens of another analyzer or other options of morph than the
        model's. Unknown analyses count as equal.
        """
        analyzer = self.provenance["analyzer"]
        wanted, wanted_steps = split_analysis(self.provenance["analysis"])
        is_logged = False
        last: object = None  # the analysis that `options` and `steps` are of
        options, steps = split_analysis(None)
        for record in tokenized(documents, looked_up=looked_up):
            found = record.get("analyzer")
            if not analyzer or not isinstance(found, str) or not found:
                yield record
                continue
            if (analysis := record.get("analysis")) != last:
                options, steps = split_analysis(_string_or_none(analysis))
                last = analysis
            if (found, options) != (analyzer, wanted):
                raise KorpusError(
                    _("document {id!r} was analysed by {found}, the model's by {wanted}").format(
                        id=record["id"],
                        found=f"{found} {options}".strip(),
                        wanted=f"{analyzer} {wanted}".strip(),
                    ),
                    _("run: {command}").format(
                        command=f"korpus morph FILE -a {f'{analyzer} {wanted}'.strip()} | "
                        "korpus infer MODEL"
                    ),
                )
            if steps != wanted_steps and counts is not None:
                counts[f"{_STEPS}{steps}"] += 1
            elif steps != wanted_steps and not is_logged:
                is_logged = True
                self.log_steps(Counts({f"{_STEPS}{steps}": 1}))
            yield record

    def log_steps(self, counts: Counts) -> None:
        """Log the later steps of most of the documents that have others than the model's."""
        if (later := _later.get()) is not None:
            later.update(counts)
            return
        found = {name: number for name, number in counts.items() if name.startswith(_STEPS)}
        if found:
            # Of equally many the first in alphabetical order, as workers count in any order.
            most = min(found, key=lambda name: (-found[name], name))
            logger.info(
                _("steps after morph differ: %s (model), %s (these documents)"),
                split_analysis(self.provenance["analysis"])[1] or _("none"),
                most.removeprefix(_STEPS) or _("none"),
            )

    def log_counts(self, counts: Counts) -> None:
        """Log what `counting` counted."""
        self.log_steps(counts)
        log_unknown(counts[_UNKNOWN], counts[_READ])

    def _known_counts(self, documents: Iterable[Record]) -> "tuple[csr_matrix, list[str]]":
        """Counts of the model's terms in new documents (documents × terms), and document ids."""
        counts, ids, read = known_term_counts(self.checked(documents), self.terms)
        log_unknown(read - int(counts.sum()), read)
        return counts, ids


@contextmanager
def counting(counts: Counts) -> Iterator[None]:
    """Count what would be logged about the documents of a batch, for `TermModel.log_counts`."""
    before = _later.set(counts)
    try:
        yield
    finally:
        _later.reset(before)


def log_unknown(unknown: int, read: int) -> None:
    """Log the share of tokens that are not in a model's vocabulary."""
    if (later := _later.get()) is not None:
        later.update({_UNKNOWN: unknown, _READ: read})
        return
    if read and unknown == read:
        logger.warning(_("no token is in the model's vocabulary: were they made in the same way?"))
    elif read:
        logger.info(
            _("%.1f %% of %s tokens are not in the model's vocabulary"),
            100 * unknown / read,
            f"{read:,}",
        )


def strings(value: object) -> list[str]:
    """The value if it is a list of strings; raises TypeError otherwise."""
    if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise TypeError(_("its names are not a list of strings"))
    return value


def _provenance(header: Header) -> Provenance:
    documents, tokens, digest = header["documents"], header["tokens"], header["digest"]
    if not (isinstance(documents, int) and isinstance(tokens, int) and isinstance(digest, str)):
        raise TypeError(_("its counts of documents and tokens are not numbers"))
    for name in ("analyzer", "analysis"):
        if _string_or_none(header[name]) != header[name]:
            raise TypeError(_("its {name} is not a string").format(name=name))
    return {
        "analyzer": header["analyzer"],
        "analysis": header["analysis"],
        "documents": documents,
        "tokens": tokens,
        "digest": digest,
    }


def _string_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
