from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def infer(model: options.VectorsArgument, source: TokenSource, out: TableOutput) -> None:
    """Example: korpus morph new.csv | korpus infer lda.safetensors -o topics.csv"""
    from korpus import models

    out.write(models.infer(source.records(out.output), load_model(model)))
