"""Where commands that write prose write it."""

from dataclasses import dataclass
from typing import Annotated

import typer

from korpus.cli.options import OUTPUT, STDOUT, Writes
from korpus.cli.outputs import Force, NoClobber


@dataclass(frozen=True)
class ProseOutput:
    """An output of prose: Markdown on a terminal and in a pipe."""

    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File to write: .md, .txt, .docx or .tex; - is standard output, as Markdown.",
            rich_help_panel=OUTPUT,
        ),
        Writes("prose"),
    ] = STDOUT
    no_clobber: NoClobber = False
    force: Force = False

    @property
    def kind(self) -> str:
        """The format by the suffix, without its dot."""
        return "md" if self.output == STDOUT else self.output.lower().rpartition(".")[2]
