from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput


@command
def lsa(
    source: TokenSource,
    out: TopicOutput,
    vocabulary: options.Vocabulary,
    k: options.K = 100,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus lsa tokens.jsonl -m lsa.safetensors -o terms.csv"""
    from korpus import models

    parts = source.term_counts(out.output, keep=out.columns())
    out.write_model(models.lsa(parts, k=k, seed=seed, **vocabulary.limits()))
