from functools import partial

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import RecordOutput


@command
def words_apply(
    words: options.WordTable,
    source: TokenSource,
    out: RecordOutput,
    jobs: options.Jobs = 0,
) -> None:
    """Joins tokens only; morph --words also cuts words out of tokens.

    Example: korpus words apply words.tsv tokens.jsonl -o merged.jsonl
    """
    from korpus import analyzers, files, tokens

    table = analyzers.word_table(files.read_table(words))
    out.run(
        partial(tokens.words_apply, words=table),
        source.batches(out.output),
        jobs=jobs,
        log_counts=partial(tokens.log_applied, words=table),
    )
