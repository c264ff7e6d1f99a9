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
) -> None:
    """Example: korpus lm perplexity test.jsonl -m lm.safetensors"""
    from korpus.models import lm

    found = load_language_model(model)
    records = source.of_tokens(found.needs_tokens).records(
        out.output, needs_tokens=found.needs_tokens
    )
    out.write(lm.lm_perplexity(records, found, by=by))
