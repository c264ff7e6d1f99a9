"""The column `analysis`: the options of morph and the later steps that made the tokens, in order.

`--pos noun | stopwords --min-length 2`; after plain morph only the steps: `| stopwords`.
"""

from korpus.records import Record, rename_clashes

_SEPARATOR = "|"


def add_step(analysis: str | None, step: str) -> str:
    """The analysis with one more step at its end."""
    return f"{analysis or ''} {_SEPARATOR} {step}".strip()


def split_analysis(analysis: str | None) -> tuple[str, str]:
    """The options of morph, and the later steps; each is empty where there are none."""
    options, _, steps = (analysis or "").partition(_SEPARATOR)
    return options.strip(), steps.strip()


def with_analysis(record: Record) -> Record:
    """The record with an empty `analysis` after `analyzer`, or at the end if it has none.

    A column of the user's with that name is renamed.
    """
    if record.get("analysis") is not None:
        record = rename_clashes(record, ("analysis",))
    if "analysis" in record or "analyzer" not in record:
        return record
    ordered: Record = {}
    for key, value in record.items():
        ordered[key] = value
        if key == "analyzer":
            ordered["analysis"] = None
    return ordered
