from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput


@command
def subword_train(
    reading: DocumentReading,
    out: TableOutput,
    sources: Sources = None,
    algorithm: Annotated[
        str,
        typer.Option("--algorithm", metavar="bpe|wordpiece|unigram", help="How they are learned."),
    ] = "bpe",
    vocab_size: Annotated[
        int, typer.Option("--vocab-size", metavar="N", help="Number of pieces.")
    ] = 8000,
    min_count: Annotated[
        int,
        typer.Option(
            "--min-count", metavar="N", help="bpe, wordpiece: merge pieces that meet N times."
        ),
    ] = 2,
    model: Annotated[
        str | None,
        typer.Option("-m", "--model", metavar="FILE", help="Save the tokenizer: tokenizer.json."),
        options.Writes((".json",)),
    ] = None,
) -> None:
    """The file is that of Hugging Face tokenizers; morph -a subword:tokenizer.json uses it.

    Example: korpus subword train reviews.csv --vocab-size 8000 -m tokenizer.json
    """
    from korpus import analyzers, files

    analyzers.check_train_subwords(algorithm, vocab_size, min_count)
    found = analyzers.subword_train(
        reading.documents(given(sources), out.output),
        algorithm=algorithm,
        vocab_size=vocab_size,
        min_count=min_count,
    )
    if model:
        files.write_text(model, found.content)
    out.write(found.table())
