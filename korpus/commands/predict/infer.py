from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def infer(model: options.VectorsArgument, source: TokenSource, out: TableOutput) -> None:
    """Example: korpus morph new.csv | korpus infer lda.safetensors -o topics.csv"""
    from korpus import models

    fitted = load_model(model)
    of_texts = isinstance(fitted, models.DocumentEmbeddings)
    records = source.records(out.output, needs_tokens=not of_texts)
    out.write(models.infer(records, fitted))
