"""The options of lda for seed words, the number of topics and priors by groups."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import options
from korpus.errors import UsageError
from korpus.messages import _

if TYPE_CHECKING:
    from korpus.models import TopicModel


@dataclass(frozen=True)
class LdaExtensions:
    """What is known about the topics before the fit."""

    seeds: Annotated[
        str | None,
        typer.Option(
            "--seeds",
            metavar="FILE",
            help="Words that pull topics, a topic per line: '경제: 물가 금리 환율'. Topics have "
            "these names.",
        ),
        options.Reads(),
    ] = None
    hierarchical: Annotated[
        bool,
        typer.Option(
            "--hierarchical",
            help="Let the data choose the number of topics (HDP); a larger --eta gives fewer.",
        ),
    ] = False
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="Learn the priors of topics per group (DMR): media, date:year, rating:1-2,3-5. "
            "Repeatable.",
        ),
    ] = None
    priors: Annotated[
        str | None,
        typer.Option(
            "--priors", metavar="FILE", help="With --by: write the priors per group: x.csv …"
        ),
        options.Writes("tables"),
    ] = None
    plot: options.Plot = None

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `models.lda`. Raises UsageError."""
        from korpus import files

        for option, path in (("--priors", self.priors), ("--plot", self.plot)):
            if path and not self.by:
                raise UsageError(
                    _("{option} shows the priors of groups, which need --by").format(option=option),
                    _("add --by COLUMN"),
                )
        seeds = None if self.seeds is None else files.read_text(self.seeds)
        return {"seeds": seeds, "hierarchical": self.hierarchical, "by": self.by or []}

    def columns(self) -> list[str]:
        """The columns of the documents that the groups need."""
        from korpus import models

        return models.columns_of(self.by or [])

    def write_priors(self, fitted: "TopicModel", excel: bool) -> None:
        """Write the priors by groups, and draw them, if that was asked for."""
        from korpus import files, models, views

        if not isinstance(fitted, models.DmrModel):
            return
        if self.priors:
            files.write_table(fitted.priors(), self.priors, None, excel)
        if self.plot:
            chart = views.plot_priors(fitted.priors(), fitted.topic_terms(top=3))
            files.write_chart(chart, self.plot)
