from typing import Annotated

import typer

from korpus import options


def topics(
    model: options.Model,
    top: options.TopTerms = 10,
    relevance: Annotated[
        float | None,
        typer.Option(
            "--relevance",
            metavar="LAMBDA",
            help="Terms by weight (1), or by how special they are (towards 0); 0.6 is usual.",
        ),
    ] = None,
    examples: Annotated[
        int, typer.Option("--examples", metavar="N", help="Most typical documents of each topic.")
    ] = 3,
    terms: Annotated[
        bool, typer.Option("--terms", help="A row a term, as korpus lda prints them.")
    ] = False,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Print the topics of a model: terms, shares, typical documents.

    In: a model of lda, lsa, nmf or plsa. Out: topic, share, terms, examples; with --terms topic,
    rank, term, weight, share.

    Example: korpus topics lda.safetensors --relevance 0.6 -f table
    """
    from korpus import files, models

    files.check_table(output, format)
    options.check_outputs([model], force, output=output)
    fitted = files.load(model)
    if terms:
        table = models.topic_terms(fitted, top=top, relevance=relevance)
    else:
        table = models.topics(fitted, top=top, relevance=relevance, examples=examples)
    files.write_table(table, output, format, excel)
