"""Topics whose priors depend on metadata: Dirichlet-multinomial regression (DMR)."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from korpus.errors import KorpusError
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _, plural
from korpus.models.topics.covariates import columns_of
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.lda_model import LdaModel
from korpus.models.topics.tomotopy_engines import priors
from korpus.records import Record, Row, Table, tokenized

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_MOST_GROUPS = 1000
COLUMNS = ["column", "group", "documents", "topic", "prior", "share", "ratio"]


@dataclass(kw_only=True, eq=False, repr=False)
class DmrModel(LdaModel):
    """LDA with priors by groups of documents (Mimno & McCallum 2008).

    The prior of a topic in a document is exp of the topic's mean and of the effects of the
    document's groups, one group per column of `by`. `effects`: float64, k × (1 + groups): the
    mean, and the groups in the order of the option `groups`. `document_groups`: int64, documents ×
    columns: the groups of the fitted documents. `alpha`: the mean prior of the fitted documents.
    """

    kind: ClassVar[str] = "dmr"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        **LdaModel.array_specs,
        "effects": ("float64", "kg"),
        "document_groups": ("int64", "nf"),
    }

    effects: "Array"
    document_groups: "Array"

    def certainty(self) -> "Array":
        """See `LdaModel.certainty`; each document has the prior of its groups."""
        found: Array = self.document_tokens + priors(self.effects, self.document_groups).sum(axis=1)
        return found

    @property
    def prior_columns(self) -> list[str]:
        """See `TopicModel.prior_columns`."""
        return columns_of(self.options["by"])

    def priors(self) -> Table:
        """The priors of the topics by group, averaged over the fitted documents of the group.

        Columns out: `column`, `group`, `documents`, `topic`, `prior`, `share` (of the topic in the
        sum of the priors), `ratio` (of that share to its mean over all documents).
        """
        return Table(COLUMNS, self._prior_rows)

    def _prior_rows(self) -> Iterator[Row]:
        alpha = priors(self.effects, self.document_groups)
        shares = alpha / alpha.sum(axis=1, keepdims=True)
        usual = shares.mean(axis=0)
        for number, (column, group) in enumerate(self.options["groups"]):
            chosen = (self.document_groups == number).any(axis=1)
            documents = int(chosen.sum())
            means = (values[chosen].mean(axis=0) for values in (alpha, shares))
            for topic, (prior, share) in enumerate(zip(*means, strict=True)):
                ratio = float(share / usual[topic])
                name = self.topic_names[topic]
                yield column, group, documents, name, float(prior), float(share), ratio

    def transform(self, records: Iterable[Record]) -> Table:
        """The topics of new documents, with the priors of their groups; see `korpus.infer`.

        A column that a document lacks, or a group that the fit did not have, has no effect; such
        documents are counted and logged.
        """
        import numpy

        numbers: list[list[int]] = []
        counts, ids = self._known_counts(self._with_groups(records, numbers))
        groups = numpy.array(numbers, dtype=numpy.int64).reshape(-1, len(self.options["by"]))
        if unknown := int((groups < 0).any(axis=1).sum()):
            logger.info(
                _("%s without a known group of %s: the mean prior is used"),
                plural(unknown, "document"),
                ", ".join(self.options["by"]),
            )
        alpha = priors(self.effects, groups)
        weights = fold_in(counts, self.topic_term, alpha).astype(numpy.float32)
        known = numpy.asarray(counts.sum(axis=1)).ravel()
        return self._documents_table(ids, weights, known)

    def _with_groups(self, records: Iterable[Record], numbers: list[list[int]]) -> Iterator[Record]:
        """Pass on documents, and append the numbers of their groups; -1 for unknown ones."""
        from korpus.documents.groups import Groups

        number = {(column, name): n for n, (column, name) in enumerate(self.options["groups"])}
        named: list[tuple[str, Callable[[Record], str]]] = [
            (column, Groups(column, text_of=str).name) for column in self.options["by"]
        ]

        def group(record: Record, column: str, name: Callable[[Record], str]) -> int:
            try:
                return number.get((column, name(record)), -1)
            except KorpusError:
                return -1

        for record in tokenized(records):
            numbers.append([group(record, column, name) for column, name in named])
            yield record

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file; see `TermModel.restored`."""
        model = super().restored(header, arrays)
        by, groups = model.options["by"], model.options["groups"]
        columns = [column for column, name in groups if isinstance(name, str)]
        if len(columns) != len(groups) or not set(columns) <= set(by):
            raise ValueError(_("its groups are not pairs of a column and a name"))
        shape = (len(groups) + 1, len(by))
        in_range = (model.document_groups >= 0) & (model.document_groups < len(groups))
        if (model.effects.shape[1], model.document_groups.shape[1]) != shape or not in_range.all():
            raise ValueError(_("its groups, effects and documents do not agree in number"))
        return model


def check_groups(groups: list[list[str]], numbers: "Array", by: Sequence[str]) -> None:
    """Log columns with missing values or a single group. KorpusError for more than 1,000 groups."""
    for column in by:
        names = [name for its, name in groups if its == column]
        if len(names) > _MOST_GROUPS:
            raise KorpusError(
                _("--by {column} makes {count}, more than {most}").format(
                    column=column, count=plural(len(names), "group"), most=f"{_MOST_GROUPS:,}"
                ),
                _("cut dates with date:year, and numbers with bins: rating:1-4,5-7,8-10"),
            )
        missing = groups.index([column, ""]) if "" in names else None
        if missing is not None:
            logger.info(
                _("%s without a value of %s: a group of their own"),
                plural(int((numbers == missing).sum()), "document"),
                column,
            )
        if len(names) == 1:
            logger.warning(_("--by %s has a single group: there is nothing to compare"), column)
