from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput
from korpus.cli.progress import training_progress
from korpus.cli.topic_options import LdaExtensions


@command
def lda(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    extensions: LdaExtensions,
    k: Annotated[
        int | None,
        typer.Option("-k", "--topics", metavar="K", help="Number of topics (default: 20)."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="tomotopy (Gibbs sampling), gensim or sklearn.")
    ] = "tomotopy",
    alpha: Annotated[
        float | None,
        typer.Option(
            "--alpha",
            help="Prior of topics in documents (default: learned by tomotopy; else 1/k).",
        ),
    ] = None,
    eta: Annotated[
        float | None,
        typer.Option(
            "--eta",
            help="Prior of terms in topics (default: tomotopy 0.01, or 0.05 below 10,000 "
            "documents; else 1/k).",
        ),
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations",
            metavar="N",
            max=1_000_000,
            help="Sweeps (tomotopy: 500), or maximum updates per document (gensim: 50, sklearn: "
            "100).",
        ),
    ] = None,
    passes: Annotated[
        int | None,
        typer.Option(
            "--passes",
            metavar="N",
            max=100_000,
            help="Passes over the documents (gensim, sklearn: 10).",
        ),
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
) -> None:
    """Example: korpus lda tokens.jsonl -k 20 -m lda.safetensors -o terms.csv"""
    from korpus import models, views

    more = extensions.arguments
    parts = source.term_counts(out.output, keep=[*out.columns(), *extensions.columns()])
    with training_progress("iteration" if engine == "tomotopy" else "pass") as report:
        fitted = models.lda(
            parts,
            k=k,
            engine=engine,
            alpha=alpha,
            eta=eta,
            iterations=iterations,
            passes=passes,
            seed=seed,
            jobs=options.threads(jobs),
            report=report,
            **more,
            **vocabulary.limits(),
        )
    extensions.write_priors(fitted, out.excel)
    if plot and isinstance(fitted, models.DmrModel):
        plot.write(views.plot_priors(fitted.priors(), fitted.topic_terms(top=3)))
    elif plot:
        plot.write(views.plot_topic_words(fitted.topic_terms(top=out.top)))
    out.write_model(fitted)
