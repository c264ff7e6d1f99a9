from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import TransformerGuarding, TransformerOptions, run_records


@command
def tf_answer(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    question: Annotated[
        str | None,
        typer.Option(
            "--question",
            metavar="TEXT",
            help="For all texts (default: each document's own, in the "
            "column question, query or 질문).",
        ),
    ] = None,
    max_answer: Annotated[
        int, typer.Option("--max-answer", metavar="N", help="The most pieces of an answer.")
    ] = 15,
) -> None:
    """The texts are where the answer is looked for, such as what search gives.

    Example: korpus tf answer found.jsonl -m MODEL --question '누가 썼나?'
    """
    from korpus.models import tf

    run_records(
        tf.tf_answer,
        reading,
        given(sources),
        out,
        guarding,
        question=question,
        max_answer=max_answer,
        **transformer.arguments(tf.ANSWER),
    )
