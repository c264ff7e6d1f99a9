import typer

from korpus import fitting, options


def lsa(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    topics: options.Topics = 100,
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
    """Find latent dimensions by SVD of TF-IDF (잠재 의미 분석).

    In: id, tokens. Out: topic, rank, term, weight (signed), variance (share explained);
    --docs: id, d1 … dk.

    Example: korpus lsa tokens.jsonl -m lsa.safetensors --docs vectors.parquet
    """
    from korpus import models

    fitting.check_topics_output(top, model, docs, output, format, source, force)
    fitted = models.lsa(
        options.read_counts(ctx, source, input_format, output, 0),
        k=topics,
        min_df=options.number_or_share("--min-df", min_df),
        max_df=options.number_or_share("--max-df", max_df),
        seed=seed,
    )
    fitting.write_topics(
        fitted, top=top, model=model, docs=docs, output=output, format=format, excel=excel
    )
