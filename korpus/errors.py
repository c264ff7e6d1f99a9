"""The errors that korpus raises on purpose: one line of what happened, one of what to do."""


class KorpusError(Exception):
    """Bad data or a failure while running (exit code 1).

    `message` says what is wrong, `hint` what to do next.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type, tuple[str, str | None]]:
        """For the way back from a worker process: an exception keeps only its first argument."""
        return type(self), (self.message, self.hint)


class UsageError(KorpusError):
    """A command line that cannot be run as it stands (exit code 2)."""

    exit_code = 2


class TokensNeeded(KorpusError):
    """Plain documents where tokens are needed; the command layer adds the command to run first."""


class NoInput(UsageError):
    """Standard input is a terminal: the command's help is shown."""


class OutputClosed(Exception):
    """Whoever read our output has stopped reading, as `head` does. Not a failure."""
