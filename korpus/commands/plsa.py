import typer

from korpus import options
from korpus.commands.nmf import nmf


def plsa(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    topics: options.Topics = 20,
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
    """Find topics by probabilistic latent semantic analysis: nmf --loss kl.

    In: id, tokens. Out: topic, rank, term, weight, share (of all tokens); --docs: id, topic,
    weight.

    Example: korpus plsa tokens.jsonl -k 20 -m plsa.safetensors
    """
    nmf(
        ctx,
        source,
        topics=topics,
        loss="kl",
        iterations=iterations,
        min_df=min_df,
        max_df=max_df,
        top=top,
        model=model,
        docs=docs,
        seed=seed,
        input_format=input_format,
        output=output,
        format=format,
        excel=excel,
        force=force,
    )
