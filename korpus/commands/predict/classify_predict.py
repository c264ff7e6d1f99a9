from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_for_workers
from korpus.cli.outputs import RecordOutput


@command
def classify_predict(
    model: options.ModelArgument,
    source: TokenSource,
    out: RecordOutput,
    active: Annotated[
        int | None,
        typer.Option(
            "--active",
            metavar="N",
            help="Only the N documents without a label that the model is least sure of: to label "
            "next.",
        ),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus classify predict m.safetensors new.jsonl -o out.jsonl"""
    from korpus.cli import runner
    from korpus.models import classify
    from korpus.records import Counts

    fitted = classify.classifier(load_for_workers(model))
    stage = partial(classify.classify_predict, model=fitted, active=active)
    batches = source.batches(out.output)  # the model checks their tokens
    if active is None:
        out.run(stage, batches, jobs=jobs, log_counts=fitted.log_predicted, log_ids=True)
        return
    counts = Counts()
    found = runner.run(stage, batches, jobs=jobs, counts=counts)
    out.write(classify.least_sure(found, active))
    fitted.log_predicted(counts)
