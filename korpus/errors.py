"""Errors that korpus raises on purpose: a message, and a hint about what to do."""


class KorpusError(Exception):
    """Bad data, or a failure at run time (exit code 1).

    `message` says what is wrong, `hint` what to do next.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type, tuple[str, str | None]]:
        """How a worker process sends it: with both arguments, of which Exception keeps one."""
        return type(self), (self.message, self.hint)


class UsageError(KorpusError):
    """Invalid options or arguments (exit code 2)."""

    exit_code = 2


class TokensNeeded(KorpusError):
    """The input has no tokens. The command layer adds the command to run first."""


class NoInput(UsageError):
    """No source was given and standard input is a terminal: the command's help is shown."""


class OutputClosed(Exception):
    """The reader of our output closed it, as `head` does. Not a failure."""
