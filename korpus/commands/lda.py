from typing import Annotated

import typer

from korpus import fitting, options


def lda(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    topics: options.Topics = 20,
    engine: Annotated[
        str, typer.Option("--engine", help="tomotopy (Gibbs sampling), gensim or sklearn.")
    ] = "tomotopy",
    alpha: Annotated[
        float | None,
        typer.Option(
            "--alpha",
            help="Prior of a topic in a document (default: tomotopy learns it; others 1/k).",
        ),
    ] = None,
    eta: Annotated[
        float | None,
        typer.Option(
            "--eta",
            help="Prior of a term in a topic (default: tomotopy 0.01, or 0.05 for less than "
            "10,000 documents; others 1/k).",
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations",
            metavar="N",
            help="Sweeps (tomotopy: 500), or updates of a document (gensim: 50, sklearn: 100).",
        ),
    ] = None,
    passes: Annotated[
        int | None,
        typer.Option(
            "--passes", metavar="N", help="Passes over the documents (gensim, sklearn: 10)."
        ),
    ] = None,
    min_df: options.MinDf = "1",
    max_df: options.MaxDf = "1.0",
    top: options.TopTerms = 10,
    model: options.KeepModel = None,
    docs: options.Documents = None,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Find topics by latent Dirichlet allocation (토픽 모델).

    In: id, tokens. Out: topic, rank, term, weight, share (of all tokens); --docs: id, topic,
    weight.

    Example: korpus lda tokens.jsonl -k 20 -m lda.safetensors --docs topics.csv
    """
    from korpus import models

    fitting.check_topics_output(top, model, docs, output, format, source, force)
    records = options.read_counts(ctx, source, input_format, output, 0)
    with fitting.rounds("iteration" if engine == "tomotopy" else "pass") as report:
        fitted = models.lda(
            records,
            k=topics,
            engine=engine,
            alpha=alpha,
            eta=eta,
            iterations=iterations,
            passes=passes,
            min_df=options.number_or_share("--min-df", min_df),
            max_df=options.number_or_share("--max-df", max_df),
            seed=seed,
            jobs=fitting.threads(jobs),
            report=report,
        )
    fitting.write_topics(
        fitted, top=top, model=model, docs=docs, output=output, format=format, excel=excel
    )
