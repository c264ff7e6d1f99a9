"""Checks of options that several stages share. The option is named as on the command line."""

from collections.abc import Iterable

from korpus.errors import UsageError
from korpus.messages import _


def check_choice(option: str, value: str, choices: Iterable[str]) -> None:
    """Raises UsageError for a value that is not among the choices; the hint lists them."""
    names = list(choices)
    if value not in names:
        raise UsageError(
            _("{option} {value} is unknown").format(option=option, value=value),
            _("one of: {names}").format(names=", ".join(names)),
        )


def check_most(option: str, value: int | None, most: int, hint: str | None = None) -> None:
    """Raises UsageError for a number above `most`. None stands for a number that is not given."""
    if value is not None and value > most:
        raise UsageError(
            _("{option} {value} is more than {limit}").format(
                option=option, value=value, limit=most
            ),
            hint,
        )


def check_least(option: str, value: int | None, least: int, hint: str | None = None) -> None:
    """Raises UsageError for a number below `least`. None stands for a number that is not given."""
    if value is not None and value < least:
        raise UsageError(
            _("{option} {value} is less than {least}").format(
                option=option, value=value, least=least
            ),
            hint,
        )
