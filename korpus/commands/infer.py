import typer

from korpus import options


def infer(
    ctx: typer.Context,
    model: options.Model,
    source: options.Source = options.STDIN,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Describe new documents by a fitted model, in its vocabulary.

    In: id, tokens. Out: id, topic, weight (lda, nmf, plsa); id, d1 … (lsa, word2vec);
    id, term, tf, df, idf, tfidf (tfidf).

    Example: korpus morph new.csv | korpus infer lda.safetensors -o topics.csv
    """
    from korpus import files, models

    files.check_table(output, format)
    options.check_outputs([model, source], force, output=output)
    fitted = files.load(model)
    records = options.read_tokens(ctx, source, input_format, output)
    table = models.infer(records, fitted)
    files.write_table(table, output, format, excel)
