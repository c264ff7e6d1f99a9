"""The options of topic models that take more than a line."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli import options
from korpus.errors import UsageError
from korpus.messages import _

if TYPE_CHECKING:
    from korpus.models import TopicModel

_MOST_TOPICS = 100_000


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
        options.OnlyWith("by"),
    ] = None

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `models.lda`."""
        from korpus import files

        seeds = None if self.seeds is None else files.read_text(self.seeds)
        return {"seeds": seeds, "hierarchical": self.hierarchical, "by": self.by or []}

    def columns(self) -> list[str]:
        """The columns of the documents that the groups need."""
        from korpus import models

        return models.columns_of(self.by or [])

    def write_priors(self, fitted: "TopicModel", excel: bool) -> None:
        """Write the priors by groups, if that was asked for."""
        from korpus import files, models

        if self.priors and isinstance(fitted, models.DmrModel):
            files.write_table(fitted.priors(), self.priors, None, excel)


def numbers_of_topics(text: str) -> list[int]:
    """5:40:5 is 5, 10 … 40; 5:8 is 5, 6, 7, 8; 5,10,20 is a list. Raises UsageError."""
    try:
        if ":" not in text:
            return sorted({int(number) for number in text.split(",")})
        start, end, step = (int(number) for number in [*text.split(":"), "1"][:3])
        if step < 1 or max(start, end) > _MOST_TOPICS:
            raise ValueError
        numbers = range(start, end + 1, step)
    except ValueError:
        raise UsageError(
            _("--range {text} is not FROM:TO:STEP").format(text=text),
            _("such as --range 5:40:5, or 5,10,20"),
        ) from None
    if not 1 <= len(numbers) <= 1000:
        raise UsageError(
            _("--range {text} has {count} numbers").format(text=text, count=f"{len(numbers):,}"),
            _("such as --range 5:40:5, or 5,10,20"),
        )
    return list(numbers)
