from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import (
    Prefix,
    TransformerGuarding,
    TransformerOptions,
    WritingOptions,
    run_records,
)


@command
def tf_summarize(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    writing: WritingOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    prefix: Prefix = "",
) -> None:
    """Example: korpus tf summarize news.csv -m MODEL -o summaries.jsonl"""
    from korpus.models import tf

    run_records(
        tf.tf_summarize,
        reading,
        given(sources),
        out,
        guarding,
        prefix=prefix,
        **writing.choices(),
        **transformer.arguments(tf.REWRITE),
    )
