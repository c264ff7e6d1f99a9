from typing import Annotated

import typer

from korpus import fitting, options


def nmf(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    topics: options.Topics = 20,
    loss: Annotated[
        str, typer.Option("--loss", help="frobenius (on TF-IDF), or kl (on counts: PLSA).")
    ] = "frobenius",
    iterations: options.Updates = 200,
    min_df: options.MinDf = "1",
    max_df: options.MaxDf = "1.0",
    top: options.TopTerms = 10,
    model: options.KeepModel = None,
    docs: options.Documents = None,
    seed: options.Seed = 0,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Find topics by non-negative matrix factorisation of TF-IDF.

    In: id, tokens. Out: topic, rank, term, weight, share (of all tokens); --docs: id, topic,
    weight.

    Example: korpus nmf tokens.jsonl -k 20 -m nmf.safetensors
    """
    from korpus import models

    fitting.check_topics_output(top, model, docs, output, format, source, force)
    records = options.read_counts(ctx, source, input_format, output, 0)
    with fitting.rounds("update") as report:
        fitted = models.nmf(
            records,
            k=topics,
            loss=loss,
            iterations=iterations,
            min_df=options.number_or_share("--min-df", min_df),
            max_df=options.number_or_share("--max-df", max_df),
            seed=seed,
            report=report,
        )
    fitting.write_topics(
        fitted, top=top, model=model, docs=docs, output=output, format=format, excel=excel
    )
