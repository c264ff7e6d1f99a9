from typing import Annotated

import typer

from korpus import options


def similar(
    model: options.Model,
    words: Annotated[list[str], typer.Argument(metavar="WORD…", show_default=False)],
    minus: Annotated[
        list[str] | None,
        typer.Option(
            "--minus", metavar="WORD", help="Take away: 왕 여자 --minus 남자. Repeatable."
        ),
    ] = None,
    nearest: Annotated[
        str, typer.Option("--nearest", help="terms, or documents of a topic model.")
    ] = "terms",
    top: Annotated[int, typer.Option("--top", metavar="N", help="How many.")] = 10,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Find the terms nearest to words, by word vectors or topics (유사어).

    In: a model of word2vec, lsa, lda, nmf or plsa. Out: rank, term or id, similarity (cosine).

    Example: korpus similar w2v.safetensors 왕 여자 --minus 남자
    """
    from korpus import files, models

    files.check_table(output, format)
    options.check_outputs([model], force, output=output)
    table = models.similar(
        files.load(model),
        words,
        minus=options.split_list(minus),
        nearest=nearest,
        top=top,
    )
    files.write_table(table, output, format, excel)
