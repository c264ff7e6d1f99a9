"""LDA's options, and what its engines return."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.term_model import Options
from korpus.models.topics.seeds import Seeds, seeds_of
from korpus.records import as_list

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

ENGINES = ("tomotopy", "gensim", "sklearn")


@dataclass(frozen=True)
class LdaOptions:
    """How to fit LDA; `fit_lda` explains each option. None means the engine's default.

    Raises UsageError for an option out of range or of another engine.
    """

    k: int = 20
    engine: str = "tomotopy"
    alpha: float | None = None
    eta: float | None = None
    iterations: int | None = None
    passes: int | None = None
    seed: int = 0
    jobs: int = 1
    seeds: Seeds = field(default_factory=dict)
    hierarchical: bool = False
    by: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """The engine, or the model of tomotopy that the options ask for."""
        return "hdp" if self.hierarchical else "dmr" if self.by else self.engine

    def __post_init__(self) -> None:
        check_choice("--engine", self.engine, ENGINES)
        check_least("-k", self.k, 1)
        self._check_model()
        for name in ("alpha", "eta"):
            value = getattr(self, name)
            most = 1 if self.engine == "sklearn" else 1e6  # single precision overflows above
            if value is not None and not 1e-6 <= value <= most:
                raise UsageError(
                    _("{option} {value} is not between {least} and {most}").format(
                        option=f"--{name}",
                        value=f"{value:g}",
                        least="0.000001",
                        most=f"{most:,.0f}",
                    )
                )
        for name in ("iterations", "passes", "jobs"):
            value = getattr(self, name)
            check_least(f"--{name}", value, 1)
        if self.engine == "tomotopy" and self.passes is not None:
            raise UsageError(
                _("--passes is for gensim and sklearn"), _("for tomotopy use --iterations")
            )
        if self.engine == "gensim" and self.jobs > 1:
            raise UsageError(
                _("gensim's LDA runs on one core"),
                _("leave --jobs out, or use --engine tomotopy"),
            )

    def _check_model(self) -> None:
        given = {"--seeds": self.seeds, "--hierarchical": self.hierarchical, "--by": self.by}
        for option in (name for name, value in given.items() if value):
            if self.engine != "tomotopy":
                raise UsageError(
                    _("{option} is for --engine tomotopy, not {engine}").format(
                        option=option, engine=self.engine
                    ),
                    _("leave --engine out"),
                )
        if self.hierarchical and (self.seeds or self.by):
            raise UsageError(
                _("--hierarchical cannot be combined with {option}").format(
                    option="--seeds" if self.seeds else "--by"
                ),
                _("choose the number of topics with -k, and leave --hierarchical out"),
            )
        if self.by and self.alpha is not None:
            raise UsageError(
                _("--by learns the priors of topics, so --alpha has no effect"),
                _("leave --alpha out"),
            )
        if self.hierarchical and self.jobs > 1:
            raise UsageError(_("--hierarchical runs on one core"), _("leave --jobs out"))
        if repeated := [name for name, times in Counter(self.by).items() if times > 1]:
            raise UsageError(
                _("--by {column} is given twice").format(column=repeated[0]),
                _("give each column once"),
            )
        if len(self.seeds) > self.k:
            raise UsageError(
                _("-k {k} is less than the number of topics with seed words ({count})").format(
                    k=self.k, count=len(self.seeds)
                ),
                _("use -k {count} or more").format(count=len(self.seeds)),
            )


class EngineFit(NamedTuple):
    """What an engine returns.

    `topic_term` (k × terms), `document_topic` (documents × k), `alpha` (k). `word_weight` (k ×
    terms): the weights it infers by, None if they are `topic_term`. `used`: the options it used.
    `effects` (k × (1 + groups)): with --by, see `DmrModel`.
    """

    topic_term: "Array"
    document_topic: "Array"
    alpha: "Array"
    word_weight: "Array | None"
    used: Options
    effects: "Array | None" = None


def lda_options(
    k: int | None,
    hierarchical: bool,
    *,
    seeds: str | Mapping[str, Sequence[str]] | None,
    by: str | Sequence[str],
    **others: Any,
) -> LdaOptions:
    """The options of `lda` as given. Raises UsageError for `k` with `hierarchical`."""
    if hierarchical and k is not None:
        raise UsageError(_("--hierarchical chooses the number of topics"), _("leave -k out"))
    return LdaOptions(
        k=20 if k is None else k,
        hierarchical=hierarchical,
        seeds={} if seeds is None else seeds_of(seeds),
        by=tuple(as_list(by)),
        **others,
    )
