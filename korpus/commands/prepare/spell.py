from korpus.cli import diffs, options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.kiwi_runs import run
from korpus.cli.outputs import RecordOutput


@command
def spell(
    reading: DocumentReading,
    out: RecordOutput,
    guarding: options.Guarding,
    sources: Sources = None,
    diff: options.Diff = False,
) -> None:
    """Some corrections are wrong: look at --diff first. Names stay.

    Example: korpus spell reviews.csv --diff
    """
    from korpus import documents

    if diff:
        diffs.write_of(documents.spell, reading, given(sources), out.output)
        return
    run(
        documents.spell,
        reading,
        out,
        given(sources),
        options={"command": "spell"},
        log_counts=documents.log_spelled,
        **guarding.arguments(),
    )
