from typing import Annotated

import typer

from korpus import options


def tfidf(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", help="Only the first N terms of each document."),
    ] = None,
    overall: Annotated[
        bool, typer.Option("--overall", help="One ranking of all terms, by the sum of weights.")
    ] = False,
    tf: Annotated[str, typer.Option("--tf", help="raw, binary, log or augmented.")] = "raw",
    idf: Annotated[
        str, typer.Option("--idf", help="smooth, plain, add-one, inverse or none.")
    ] = "smooth",
    log_base: Annotated[str, typer.Option("--log-base", help="e, 2 or 10.")] = "e",
    norm: Annotated[str, typer.Option("--norm", help="none, l1 or l2.")] = "l2",
    min_df: options.MinDf = "1",
    max_df: options.MaxDf = "1.0",
    max_features: options.MaxFeatures = None,
    model: Annotated[
        str | None,
        typer.Option("-m", "--model", metavar="FILE", help="Keep the model: x.safetensors."),
    ] = None,
    matrix: Annotated[
        str | None,
        typer.Option(
            "--matrix",
            metavar="FILE",
            help="Keep the matrix with its ids and terms: x.npz or x.mtx.",
        ),
    ] = None,
    jobs: options.Jobs = 0,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Weigh terms by TF-IDF. The defaults are scikit-learn's.

    In: id, tokens. Out: id, term, tf, df, idf, tfidf; greatest first.

    Example: korpus tfidf tokens.jsonl --top 5 -m tfidf.safetensors
    """
    from korpus import files, models

    files.check_suffix(model, (".safetensors",))
    files.check_table(output, format)
    files.check_suffix(matrix, (".npz", ".mtx"))
    options.check_outputs([source], force, output=output, model=model, matrix=matrix)
    fitted = models.tfidf(
        options.read_counts(ctx, source, input_format, output, jobs),
        tf=tf,
        idf=idf,
        log_base=log_base,
        norm=norm,
        min_df=options.number_or_share("--min-df", min_df),
        max_df=options.number_or_share("--max-df", max_df),
        max_features=max_features,
    )
    table = fitted.table(top=top, overall=overall)
    if model:
        fitted.save(model)
    if matrix:
        files.save_matrix(matrix, *fitted.weights(), fitted.terms)
    files.write_table(table, output, format, excel)
