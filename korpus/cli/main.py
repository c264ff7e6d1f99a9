"""Run the command line: signals, exit codes, one-line errors."""

import contextlib
import logging
import os
import re
import signal
import sys
from typing import Any, NoReturn

import typer

# Typer bundles Click and does not export its errors; tests/test_libraries.py watches these names.
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoSuchOption,
)
from typer._click.exceptions import UsageError as ClickUsageError

from korpus.cli import progress, registry
from korpus.cli.app import make_app
from korpus.errors import KorpusError, NoInput, OutputClosed, UsageError
from korpus.messages import _, one_line, to_stderr

# These may stand anywhere on the command line.
_ANYWHERE = {
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--debug": "debug",
}
_MAX_SIZE, _LOG = "--max-size", "--log"  # these take a value
_RAISED_AGAIN = 20  # seconds after a signal, if the run still goes on
_errors: list[str] = []  # of this run
_SIGNALS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


def main() -> NoReturn:
    """Run the command line and exit with a code of README's table."""
    sys.exit(_run(sys.argv[1:]))


def _run(argv: list[str]) -> int:
    arguments = [part for argument in argv for part in _apart(argument)]
    given = {_ANYWHERE[argument] for argument in arguments if argument in _ANYWHERE}
    arguments = [argument for argument in arguments if argument not in _ANYWHERE]
    arguments, sizes = _split_values(arguments, _MAX_SIZE)
    arguments, logs = _split_values(arguments, _LOG)
    _open_closed_streams()
    _log_to_stderr(given)
    progress.start(logs[-1] if logs else None)
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    log = None
    if logs:
        from korpus.cli.run_log import Log

        try:
            log = Log(logs[-1], argv)
        except OSError as error:
            reason = error.strerror or str(error)
            message = _("{name}: cannot be written ({reason})").format(name=logs[-1], reason=reason)
            return _fail(message, _("choose another name"), 1)
        except UsageError as error:
            return _fail(error.message, error.hint, error.exit_code)
    code = 1
    try:
        code = _call(arguments, sizes, debug="debug" in given)
    except SystemExit as error:  # a signal
        code = int(error.code or 0)
        raise
    finally:
        if log:
            log.write(code, _errors[-1] if _errors else None)
    return code


def _call(arguments: list[str], sizes: list[str], *, debug: bool) -> int:
    """Run a command. Gives the exit code."""
    app = make_app()
    arguments = registry.full_name(arguments)
    try:
        for size in sizes:
            from korpus.files import limit_size

            limit_size(size)
        code = int(app(arguments, prog_name="korpus", standalone_mode=False, obj=arguments) or 0)
        sys.stdout.flush()  # help and version go out here
        return code
    except NoInput as error:
        with contextlib.redirect_stdout(sys.stderr):
            app([*_command_words(arguments), "--help"], prog_name="korpus", standalone_mode=False)
        return _fail(error.message, error.hint, error.exit_code)
    except KorpusError as error:
        if debug:
            raise
        return _fail(error.message, error.hint, error.exit_code)
    except ClickUsageError as error:
        if not error.format_message():  # no arguments: Typer has shown the help
            return error.exit_code
        return _fail(*usage_message(error), error.exit_code)
    except ClickException as error:
        return _fail(error.format_message(), None, error.exit_code)
    except (OutputClosed, BrokenPipeError):
        _drop_stdout()
        return 0
    except SystemExit as error:
        if error.code == 1:  # raised by Rich when the reader of help has closed the pipe
            return 0
        raise
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except MemoryError:
        return _fail(_("out of memory"), _("split the input, or drop columns and rare terms"), 1)
    except Exception as error:
        if debug:
            raise
        _drop_stdout()
        return _fail(
            _("unexpected {error}: {message}").format(
                error=type(error).__name__, message=" ".join(str(error).split())
            ),
            _("run it again with --debug and report what it prints"),
            1,
        )


def usage_message(error: ClickUsageError) -> tuple[str, str]:
    """Message and hint of an error of Click, which is not translated, in the reader's language."""
    context = error.ctx
    hint = f"{context.command_path} --help" if context else "korpus --help"
    if isinstance(error, NoSuchOption):
        message = _("no such option: {name}").format(name=error.option_name)
        close = ", ".join(sorted(error.possibilities or []))
        return message, _("did you mean {names}?").format(names=close) if close else hint
    if isinstance(error, MissingParameter) and error.param is not None:
        if context and context.command.help:
            hint = _("for example: {command}").format(
                command=context.command.help.rpartition(": ")[2]
            )
        return _("missing: {name}").format(name=error.param.get_error_hint()), hint
    if isinstance(error, BadParameter) and error.param is not None:
        name = error.param.get_error_hint()
        message = _("{name}: invalid value ({reason})")
        return message.format(name=name, reason=_reason(error)), hint
    if isinstance(error, BadOptionUsage):
        missing = "requires" in error.message
        message = _("{name}: a value is missing") if missing else _("{name}: takes no value")
        return message.format(name=error.option_name), hint
    extra = error.message.partition("extra argument(s) (")[2].removesuffix(")")
    if extra:
        return _("too many arguments: {arguments}").format(arguments=extra), hint
    return error.format_message().rstrip("."), hint


def _reason(error: BadParameter) -> str:
    """Why a value is invalid. Typer checks values by pydantic, which is not translated."""
    errors: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    kind, limits = (errors[0]["type"], errors[0].get("ctx", {})) if errors else ("", {})
    if kind == "int_parsing":
        return _("not a whole number")
    if kind == "float_parsing":
        return _("not a number")
    if kind == "greater_than_equal":
        return _("less than {limit}").format(limit=limits["ge"])
    if kind == "less_than_equal":
        return _("more than {limit}").format(limit=limits["le"])
    return error.message


def _command_words(arguments: list[str]) -> list[str]:
    """The words that name the command, as far as the registry has them."""
    paths = [command.name.split() for command in registry.COMMANDS]
    return max((path for path in paths if arguments[: len(path)] == path), key=len, default=[])


def _apart(argument: str) -> list[str]:
    """-q and -v before another short option: -qf is -q -f."""
    if re.match(r"-[qv][a-zA-Z]", argument):
        return [argument[:2], *_apart(f"-{argument[2:]}")]
    return [argument]


def _split_values(arguments: list[str], option: str) -> tuple[list[str], list[str]]:
    """The arguments without an option (`--log X`, `--log=X`), and its values."""
    rest: list[str] = []
    values: list[str] = []
    queue = iter(arguments)
    for argument in queue:
        name, equals, value = argument.partition("=")
        if name == option:
            values.append(value if equals else next(queue, ""))
        else:
            rest.append(argument)
    return rest, values


def _open_closed_streams() -> None:
    """Replace streams that the shell closed (`2>&-`) by the null device."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115


def _drop_stdout() -> None:
    """Discard what is still buffered: Python would flush it at exit, and fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, hint: str | None, code: int) -> int:
    _errors.append(one_line(message))
    print(f"korpus: {_('error')}: {one_line(message)}", file=sys.stderr)  # noqa: T201
    if hint:
        print(f"{_('hint')}: {one_line(hint)}", file=sys.stderr)  # noqa: T201
    return code


def _log_to_stderr(given: set[str]) -> None:
    quiet, verbose = "quiet" in given, given & {"verbose", "debug"}
    to_stderr(logging.ERROR if quiet else logging.DEBUG if verbose else logging.INFO)


def _interrupt(number: int, frame: object) -> NoReturn:
    """Raise SIGINT and SIGTERM as exceptions, so that temporary files are removed.

    Later signals are ignored: `timeout` and impatient users send several.
    """
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):  # not on Windows
        # Python swallows an exception that a handler raises in a callback or a finalizer.
        signal.signal(signal.SIGALRM, lambda *_: _stop(number))
        signal.setitimer(signal.ITIMER_REAL, _RAISED_AGAIN)
    _stop(number)


def _stop(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)
