"""Libraries that korpus does not install by default."""

import contextlib
from collections.abc import Iterator

from korpus.errors import UsageError
from korpus.messages import _


@contextlib.contextmanager
def needs_extra(extra: str, name: str) -> Iterator[None]:
    """Turn the ImportError of a library of an extra into the command that installs it."""
    try:
        yield
    except ImportError:
        raise UsageError(
            _("{name}: reading it needs the extra {extra}").format(name=name, extra=extra),
            _("install it: {command}").format(command=f"pip install 'korpus[{extra}]'"),
        ) from None
