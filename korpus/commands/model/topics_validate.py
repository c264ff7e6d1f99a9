from pathlib import Path
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.documents_again import DocumentsAgain
from korpus.cli.inputs import row_records
from korpus.cli.outputs import TableOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def topics_validate(
    model: options.ModelArgument,
    reading: DocumentsAgain,
    out: TableOutput,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="COLUMN", help="Column to read (default: text)."),
    ] = None,
    words: Annotated[
        int, typer.Option("--words", metavar="N", help="Items of word intrusion per topic.")
    ] = 1,
    texts: Annotated[
        int, typer.Option("--texts", metavar="N", help="Documents of topic intrusion.")
    ] = 20,
    coders: Annotated[
        str, typer.Option("--coders", metavar="NAMES", help="Columns for answers: 김,이.")
    ] = "coder1",
    write_key: Annotated[
        str | None,
        typer.Option("--write-key", metavar="FILE", help="Write the right answers: key.csv …"),
        options.Writes("tables"),
    ] = None,
    score: Annotated[
        list[str] | None,
        typer.Option("--score", metavar="FILE", help="Score a sheet with answers. Repeatable."),
        options.Reads(),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="FILE", help="The key that --write-key wrote."),
        options.Reads(),
        options.OnlyWith("score"),
    ] = None,
    seed: options.Seed = 0,
) -> None:
    """Coders write down the number of the word, or topic, that does not belong.

    Example: korpus topics validate m.safetensors -o s.csv --write-key k.csv
    """
    from korpus import files, models

    if score:
        if key is None:
            raise UsageError(
                _("--score needs the key of the sheet"), _("add --key key.csv, from --write-key")
            )
        names = {Path(path).stem: row_records(reading, path, out.output) for path in score}
        if len(names) < len(score):
            raise UsageError(_("two files have the same name"), _("rename one of them"))
        out.write(models.intrusion_scores(row_records(reading, key, out.output), names))
        return
    found = models.topics_validate(
        files.load(model),
        reading.again(out.output),
        text=text,
        words=words,
        texts=texts,
        coders=coders,
        seed=seed,
    )
    if write_key:
        files.write_table(found.key(), write_key, None, out.excel)
    out.write(found.sheet())
