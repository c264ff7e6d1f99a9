from typing import Annotated

import typer

from korpus import options, running

_BATCH = 1 << 15  # characters


def read(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Files and folders: .txt .csv .tsv .jsonl .json .parquet .xlsx, also .gz or .zst; "
            "- is standard input.",
            show_default=False,
        ),
    ] = None,
    column: options.Column = None,
    id_column: options.IdColumn = None,
    encoding: options.Encoding = None,
    input_format: options.InputFormat = None,
    whole_file: options.WholeFile = False,
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", help="Read konlpy's bills or constitution: kobill or kolaw."),
    ] = None,
    jobs: options.Jobs = 0,
    output: options.Output = options.STDOUT,
    format: options.RecordFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Join and convert files to documents, one JSON object a line.

    Out: id, text, source (where there are several files), and every other column.

    Example: korpus read news/ notes.csv -e cp949 -o documents.jsonl
    """
    from korpus import files

    if not sources and not corpus:
        sources = [options.check_input(options.STDIN)]
    options.check_outputs(list(sources or []), force, output=output)
    reading = options.reading(column, id_column, encoding, input_format, whole_file)
    if not sources or len(sources) > 1 or corpus:
        documents = files.read(sources or [], corpus=corpus, **reading)
        ids = files.Ids()
        files.write_records(ids.watch(documents), output, format, excel)
        ids.log_repeated()
        return
    running.run_stage(
        files.unchanged,
        running.batches(sources[0], output, size=_BATCH, **reading),
        output=output,
        format=format,
        excel=excel,
        jobs=jobs,
    )
