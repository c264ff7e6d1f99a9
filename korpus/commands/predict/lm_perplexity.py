from functools import partial

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.language_options import LanguageModel, LanguageSource
from korpus.cli.models import load_language_model
from korpus.cli.outputs import TableOutput


@command
def lm_perplexity(
    source: LanguageSource,
    out: TableOutput,
    model: LanguageModel = "kiwi",
    by: options.By = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus lm perplexity test.jsonl -m lm.safetensors"""
    from korpus.models import lm

    found = load_language_model(model)
    documents = source.of_tokens(found.needs_tokens)
    stage = partial(lm.sequence_parts, unit=found.unit, by=by, texts=not found.needs_tokens)
    parts = documents.parts(stage, out.output, jobs)
    out.write(lm.lm_perplexity(parts, found, by=by))
