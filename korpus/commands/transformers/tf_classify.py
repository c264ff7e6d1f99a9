from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.options import split_list
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import TransformerGuarding, TransformerOptions, run_records


@command
def tf_classify(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--labels", metavar="LABEL,…", help="Instead of the model's classes: 배송,가격,품질."
        ),
    ] = None,
    hypothesis: Annotated[
        str,
        typer.Option(
            "--hypothesis",
            metavar="TEXT",
            help="With --labels: the sentence that a text may entail, with braces for the label.",
        ),
    ] = "이 글은 {}에 대한 것이다.",
    several: Annotated[
        bool, typer.Option("--several", help="With --labels: they do not exclude each other.")
    ] = False,
    scores: Annotated[
        bool, typer.Option("--scores", help="Add the probabilities of all classes.")
    ] = False,
) -> None:
    """With --labels, any classes by a model of inference (zero-shot).

    Example: korpus tf classify reviews.csv -m MODEL -o labels.jsonl
    """
    from korpus.models import tf

    run_records(
        tf.tf_classify,
        reading,
        given(sources),
        out,
        guarding,
        labels=None if labels is None else split_list(labels),
        hypothesis=hypothesis,
        several=several,
        scores=scores,
        **transformer.arguments(tf.CLASSIFY),
    )
