"""The column `analysis`: the options of morph and the later steps that made the tokens, in order.

`--pos noun | stopwords --min-length 2`; after plain morph only the steps: `| stopwords`.
"""

_SEPARATOR = "|"


def add_step(analysis: str | None, step: str) -> str:
    """The analysis with one more step at its end."""
    return f"{analysis or ''} {_SEPARATOR} {step}".strip()


def split_analysis(analysis: str | None) -> tuple[str, str]:
    """The options of morph, and the later steps; each is empty where there are none."""
    options, _, steps = (analysis or "").partition(_SEPARATOR)
    return options.strip(), steps.strip()
