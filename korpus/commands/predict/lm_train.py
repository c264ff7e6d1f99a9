from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.language_options import LanguageSource
from korpus.cli.outputs import TableOutput


@command
def lm_train(
    source: LanguageSource,
    out: TableOutput,
    model: options.ModelFile = None,
    arpa: Annotated[
        str | None,
        typer.Option(
            "--arpa", metavar="FILE", help="Write the model for KenLM, SRILM …: x.arpa, x.arpa.gz."
        ),
        options.Writes((".arpa", ".arpa.gz")),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", help="morpheme (the tokens); or of the text syllable or word.")
    ] = "morpheme",
    order: Annotated[
        int, typer.Option("--order", metavar="N", help="Length of the longest n-grams.")
    ] = 3,
    smoothing: Annotated[
        str,
        typer.Option(
            "--smoothing",
            help="kneser-ney, add-k, or mle (maximum likelihood: what was not seen is impossible).",
        ),
    ] = "kneser-ney",
    k: Annotated[
        float,
        typer.Option("--k", metavar="K", help="What add-k adds to all counts."),
        options.OnlyWith("smoothing", ("add-k",)),
    ] = 1.0,
    min_count: Annotated[
        int,
        typer.Option(
            "--min-count", metavar="N", help="Rarer units are one unknown unit (미등록어)."
        ),
    ] = 1,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus morph reviews.csv | korpus lm train -m lm.safetensors"""
    from korpus import files
    from korpus.models import lm

    lm.check_train(unit, order, smoothing, k, min_count)
    documents = source.of_tokens(unit == lm.MORPHEME)
    parts = documents.parts(partial(lm.sequence_parts, unit=unit), out.output, jobs)
    fitted = lm.lm_train(
        parts, unit=unit, order=order, smoothing=smoothing, k=k, min_count=min_count
    )
    if model:
        fitted.model.save(model)
    if arpa:
        with files.open_output(arpa) as stream:
            stream.writelines(f"{line}\n".encode() for line in lm.as_arpa(fitted.model))
    out.write(fitted.table)
