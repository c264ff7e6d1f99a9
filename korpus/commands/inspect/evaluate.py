from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import Decoding, Sources, given, row_records
from korpus.cli.outputs import TableOutput


@command
def evaluate(
    reading: Decoding,
    out: TableOutput,
    sources: Sources = None,
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", metavar="COLUMN", help="What is right. Repeatable."),
    ] = None,
    hypothesis: Annotated[
        str | None,
        typer.Option("--hypothesis", metavar="COLUMN", help="What a model or coder gave."),
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measures",
            metavar="NAME,…",
            help="bleu, chrf, rouge, wer, cer (default: these five); or labels: accuracy, F1, κ.",
        ),
    ] = None,
    tokenize: Annotated[
        str | None,
        typer.Option(
            "--tokenize",
            metavar="morph|space|char",
            help="What bleu and rouge count n-grams of (default: morph).",
        ),
    ] = None,
    analyzer: Annotated[
        str | None,
        typer.Option(
            "-a", "--analyzer", help="Of --tokenize morph (형태소 분석기) (default: mecab)."
        ),
    ] = None,
    by: options.By = None,
    documents: Annotated[
        str | None,
        typer.Option(
            "--documents", metavar="FILE", help="Write the measures of each text: x.csv …"
        ),
        options.Writes("tables"),
    ] = None,
    replicates: Annotated[
        int,
        typer.Option(
            "--replicates", metavar="N", help="Samples for the 95 % intervals; 0 for none."
        ),
    ] = 1000,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """SOURCE: a table with both columns; or hypotheses, then files of references (text), by id.

    Perplexity is of language models: korpus lm perplexity.

    Example: korpus evaluate system.txt human.txt --measures bleu,chrf
    """
    from korpus import files
    from korpus.models import evaluate as stages

    tables = [row_records(reading, path, out.output) for path in given(sources)]
    chosen = options.split_list(measures) or list(stages.TEXT_MEASURES)
    stages.check_evaluate(chosen, reference or [], tokenize or "morph", replicates)
    stages.check_effects(chosen, tokenize, analyzer, has_documents=bool(documents))
    pairs, columns = stages.paired(tables, reference, hypothesis)
    found = stages.evaluate(
        pairs,
        **columns,
        measures=chosen,
        tokenize=tokenize or "morph",
        analyzer=analyzer or "mecab",
        by=by,
        replicates=replicates,
        seed=seed,
        jobs=jobs,
    )
    if documents:
        files.write_table(found.each, documents, None, out.excel)
    out.write(found.table)
