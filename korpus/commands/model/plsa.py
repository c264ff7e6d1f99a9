from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput
from korpus.cli.progress import training_progress


@command
def plsa(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    k: options.K = 20,
    iterations: options.Iterations = 200,
    seed: options.Seed = 0,
) -> None:
    """The same as nmf --loss kl.

    Example: korpus plsa tokens.jsonl -k 20 -m plsa.safetensors
    """
    from korpus import models, views

    parts = source.term_counts(out.output, keep=out.columns())
    with training_progress("update") as report:
        fitted = models.plsa(
            parts, k=k, iterations=iterations, seed=seed, report=report, **vocabulary.limits()
        )
    if plot:
        plot.write(views.plot_topic_words(fitted.topic_terms(top=out.top)))
    out.write_model(fitted)
