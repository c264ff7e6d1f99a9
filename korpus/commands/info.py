from typing import Annotated

import typer

from korpus import options


def info(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="Documents, tokens, a table or a model.")
    ] = options.STDIN,
    rows: Annotated[int, typer.Option("--rows", metavar="N", help="First rows to show.")] = 3,
    column: options.Column = None,
    encoding: options.Encoding = None,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    force: options.Force = False,
) -> None:
    """Say what a file is: documents, tokens, a table or a model, with columns and counts.

    Out: property, value.

    Example: korpus info tokens.jsonl
    """
    from korpus import files

    files.check_table(output, format)
    options.check_outputs([path], force, output=output)
    table = files.info(
        options.check_input(path),
        column=column,
        encoding=encoding,
        input_format=input_format,
        rows=rows,
    )
    files.write_table(table, output, format)
