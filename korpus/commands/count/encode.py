from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def encode(
    source: TokenSource,
    out: TableOutput,
    vocab_size: Annotated[
        int | None,
        typer.Option("--vocab-size", metavar="N", help="Number only the N most frequent terms."),
        options.NotWith(("vocab",)),
    ] = None,
    oov: Annotated[
        bool,
        typer.Option("--oov", help="Give all other terms one more id, instead of none."),
        options.NotWith(("vocab",)),
    ] = False,
    max_length: Annotated[
        int | None,
        typer.Option(
            "--max-length", metavar="N", help="Pad documents with 0 to N ids, and cut longer ones."
        ),
        options.NotWith(("one_hot", "bag", "vocab")),
    ] = None,
    padding: Annotated[
        str,
        typer.Option(
            "--padding", metavar="pre|post", help="Pad and cut at the start (as Keras) or end."
        ),
        options.NotWith(("one_hot", "bag", "vocab")),
        options.OnlyWith("max_length"),
    ] = "pre",
    one_hot: Annotated[
        bool,
        typer.Option("--one-hot", help="A vector per token, with a single 1 (원-핫 인코딩)."),
        options.NotWith(("bag",)),
    ] = False,
    bag: Annotated[
        bool, typer.Option("--bag", help="Counts per document: a bag of words (단어 주머니).")
    ] = False,
    vocab: Annotated[
        str | None,
        typer.Option("--vocab", metavar="MODEL", help="Use the vocabulary of -m x.safetensors."),
        options.Reads(),
    ] = None,
    model: Annotated[options.ModelFile, options.NotWith(("vocab",))] = None,
    matrix: Annotated[
        str | None,
        typer.Option(
            "--matrix",
            metavar="FILE",
            help="Save the numbers to x.npz, for numpy; the rows are then the vocabulary.",
        ),
        options.Writes((".npz",)),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus encode tokens.jsonl --max-length 30 --matrix x.npz"""
    from korpus import files, models

    models.check_encode(vocab_size, max_length, padding)
    fitted = models.encode(
        source.records(out.output) if vocab else source.term_counts(out.output, jobs),
        vocab_size=vocab_size,
        oov=oov,
        max_length=max_length,
        padding=padding,
        one_hot=one_hot,
        bag=bag,
        vocab=files.load(vocab) if vocab else None,
    )
    table = fitted.vocabulary() if matrix else fitted.table()
    if model:
        fitted.save(model)
    if matrix and not fitted.is_sparse:
        files.save_codes(matrix, fitted.padded(), fitted.documents.ids, fitted.names)
    elif matrix:
        files.save_matrix(matrix, *fitted.matrix(), fitted.names)
    out.write(table)
