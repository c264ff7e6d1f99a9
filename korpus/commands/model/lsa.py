from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput


@command
def lsa(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    k: options.K = 100,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus lsa tokens.jsonl -m lsa.safetensors -o terms.csv"""
    from korpus import models, views

    parts = source.term_counts(out.output, keep=out.columns())
    fitted = models.lsa(parts, k=k, seed=seed, **vocabulary.limits())
    if plot:
        plot.write(views.plot_topic_words(fitted.topic_terms(top=out.top)))
    out.write_model(fitted)
