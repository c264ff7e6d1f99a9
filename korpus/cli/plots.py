"""The options of a picture: its file, title, size and resolution."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli.marks import OnlyWith, Writes
from korpus.cli.pixels import pixels_of

if TYPE_CHECKING:
    import altair

PICTURE = "Picture"  # a heading of help
Dpi = Annotated[
    int | None,
    typer.Option(
        "--dpi",
        metavar="N",
        min=36,
        max=2400,
        help="Dots per inch of a PNG: 300 for print (default: 192, two per pixel of --size).",
        rich_help_panel=PICTURE,
    ),
]


@dataclass(frozen=True)
class Plot:
    """A picture of the result. False if none was asked for."""

    plot: Annotated[
        str | None,
        typer.Option(
            "--plot",
            metavar="FILE",
            help="Draw the result: x.png, x.svg, x.pdf, or a page x.html.",
            rich_help_panel=PICTURE,
        ),
        Writes("chart"),
    ] = None
    title: Annotated[
        str | None,
        typer.Option(
            "--title",
            metavar="TEXT",
            help="Title of the picture ('': none, and no note below it).",
            rich_help_panel=PICTURE,
        ),
        OnlyWith("plot"),
    ] = None
    size: Annotated[
        str | None,
        typer.Option(
            "--size",
            metavar="WxH",
            help="Width and height of the picture in pixels, 96 per inch: 900x600.",
            rich_help_panel=PICTURE,
        ),
        OnlyWith("plot"),
    ] = None
    dpi: Annotated[Dpi, OnlyWith("plot")] = None

    def __post_init__(self) -> None:
        if self.size:
            pixels_of(self.size)  # raises an error before any work

    def __bool__(self) -> bool:
        return self.plot is not None

    def write(self, chart: "altair.TopLevelMixin") -> None:
        """Write the chart to the file that was named."""
        from korpus import files, views

        if self.plot is None:
            return
        if self.title is not None:
            chart = views.titled(chart, self.title)
        size = pixels_of(self.size) if self.size else None
        files.write_chart(chart, self.plot, size=size, dpi=self.dpi)
