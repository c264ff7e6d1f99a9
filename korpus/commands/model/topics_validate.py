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

_SHEET = options.NotWith(("score",))  # what only the making of a sheet needs


@command
def topics_validate(
    model: options.ModelArgument,
    reading: DocumentsAgain,
    out: TableOutput,
    text: Annotated[
        str | None,
        typer.Option("--text", metavar="COLUMN", help="Column to read (default: text)."),
        _SHEET,
    ] = None,
    words: Annotated[
        int, typer.Option("--words", metavar="N", help="Items of word intrusion per topic."), _SHEET
    ] = 1,
    texts: Annotated[
        int, typer.Option("--texts", metavar="N", help="Documents of topic intrusion."), _SHEET
    ] = 20,
    coders: Annotated[
        str, typer.Option("--coders", metavar="NAMES", help="Columns for answers: 김,이."), _SHEET
    ] = "coder1",
    write_key: Annotated[
        str | None,
        typer.Option("--write-key", metavar="FILE", help="Write the right answers: key.csv …"),
        options.Writes("tables"),
        _SHEET,
    ] = None,
    score: Annotated[
        list[str] | None,
        typer.Option("--score", metavar="FILE", help="Score a sheet with answers. Repeatable."),
        options.Reads(),
        options.NotWith(("documents",)),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="FILE", help="The key that --write-key wrote."),
        options.Reads(),
        options.OnlyWith("score"),
    ] = None,
    seed: Annotated[options.Seed, _SHEET] = 0,
) -> None:
    """Coders write down the number of the word, or topic, that does not belong.

    Example: korpus topics validate m.safetensors -o s.csv --write-key k.csv
    """
    from korpus import files, models

    fitted = files.load(model)
    if score:
        if key is None:
            raise UsageError(
                _("--score needs the key of the sheet"), _("add --key key.csv, from --write-key")
            )
        names = {Path(path).stem: row_records(reading, path, out.output) for path in score}
        if len(names) < len(score):
            raise UsageError(_("two files have the same name"), _("rename one of them"))
        key_rows = row_records(reading, key, out.output)
        out.write(models.intrusion_scores(key_rows, names, fitted))
        return
    found = models.topics_validate(
        fitted,
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
