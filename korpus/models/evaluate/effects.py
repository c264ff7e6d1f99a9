"""Options of evaluate that do nothing with the others."""

from collections.abc import Sequence

from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.evaluate.evaluate import LABELS, MORPH
from korpus.models.evaluate.texts import OF_TOKENS


def check_effects(
    measures: Sequence[str], tokenize: str | None, analyzer: str | None, *, has_documents: bool
) -> None:
    """Raises UsageError for an option that was given and does nothing."""
    of_measures = "--measures " + ",".join(measures)
    needs_tokens = bool(OF_TOKENS.intersection(measures))
    for option, is_given, works, other in (
        ("--documents", has_documents, set(measures) != {LABELS}, of_measures),
        ("--tokenize", tokenize, needs_tokens, of_measures),
        ("--analyzer", analyzer, needs_tokens, of_measures),
        ("--analyzer", analyzer, tokenize in (None, MORPH), f"--tokenize {tokenize}"),
    ):
        if is_given and not works:
            raise UsageError(
                _("{option} does nothing with {other}").format(option=option, other=other),
                _("leave one out"),
            )
