"""The options of how search ranks documents."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from korpus.cli import options
from korpus.cli.models import load_model


@dataclass(frozen=True)
class RankingOptions:
    """How documents are ranked."""

    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            metavar="bm25|vectors|both",
            help="By words, by meaning, or both fused (default: bm25; with --vectors both).",
        ),
    ] = None
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors",
            metavar="MODEL",
            help="The model of vectors that the index was made with, or kiwi.",
        ),
        options.Reads(),
    ] = None
    k1: Annotated[
        float, typer.Option("--k1", metavar="X", help="BM25: how much repeated words count.")
    ] = 1.2
    b: Annotated[
        float, typer.Option("--b", metavar="X", help="BM25: how much long documents lose, 0 to 1.")
    ] = 0.75

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of `models.search`."""
        vectors = load_model(self.vectors) if self.vectors else None
        return {"method": self.method, "vectors": vectors, "k1": self.k1, "b": self.b}
