from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.kiwi_runs import run
from korpus.cli.outputs import RecordOutput


@command
def sentences(
    reading: DocumentReading,
    out: RecordOutput,
    guarding: options.Guarding,
    sources: Sources = None,
) -> None:
    """A blank document gives one empty sentence. start and end count characters in NFC.

    Example: korpus sentences news.csv | korpus morph --pos noun
    """
    from korpus import documents

    run(
        documents.sentences_of,
        reading,
        out,
        given(sources),
        options={"command": "sentences"},
        log_counts=documents.log_sentences,
        **guarding.arguments(),
        gives_lists=True,
    )
