from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import RecordOutput


@command
def code(
    rules: Annotated[
        str,
        typer.Argument(
            metavar="RULES",
            help="File of concepts, each a name and its condition, as *가격 가격 | 비싸다 & !배송; "
            "the condition may also stand on the lines below.",
            show_default=False,
        ),
        options.Reads(),
    ],
    source: TokenSource,
    out: RecordOutput,
    jobs: options.Jobs = 0,
) -> None:
    """Rules have 가격, 가격/NNG, 비싸*, */NNP, 배송+빠르다 (one after the other),
    near(배송-늦다)[5] and seq(…) (in this order), 'a string of the text', <*가격> (a concept
    above), with | & ! and ( ). # begins a comment.

    Example: korpus code rules.txt tokens.jsonl -o coded.jsonl
    """
    from korpus import files, tokens

    parsed = tokens.CodingRules(files.read_text(rules))
    out.run(
        partial(tokens.code, rules=parsed),
        source.batches(out.output),
        jobs=jobs,
        log_counts=partial(tokens.log_coded, rules=parsed),
    )
