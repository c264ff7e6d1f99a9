"""Front door: the app, the grouped list of commands, signals and one-line errors."""

import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from typer._click.exceptions import ClickException
from typer._click.exceptions import UsageError as ClickUsageError

from korpus import __version__
from korpus.commands import (
    choose_k,
    doctor,
    freq,
    infer,
    info,
    lda,
    lsa,
    morph,
    nmf,
    plsa,
    read,
    similar,
    stopwords,
    tfidf,
    topics,
    word2vec,
    wordcloud,
)
from korpus.errors import KorpusError, NoInput, OutputClosed
from korpus.messages import one_line, to_stderr

# In the order of help: the way that data flows.
COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Read": {"read": read.read},
    "Analyze": {"morph": morph.morph, "stopwords": stopwords.stopwords},
    "Count": {"freq": freq.freq, "tfidf": tfidf.tfidf},
    "Model": {
        "lda": lda.lda,
        "nmf": nmf.nmf,
        "plsa": plsa.plsa,
        "lsa": lsa.lsa,
        "choose-k": choose_k.choose_k,
        "topics": topics.topics,
        "word2vec": word2vec.word2vec,
        "similar": similar.similar,
        "infer": infer.infer,
    },
    "Draw": {"wordcloud": wordcloud.wordcloud},
    "Inspect": {"info": info.info, "doctor": doctor.doctor},
}
# These may stand anywhere on the command line.
_ANYWHERE = {
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--debug": "debug",
}
_MAX_SIZE = "--max-size"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
_EPILOG = (
    "Anywhere: -q, --quiet only errors · -v, --verbose more messages · --debug tracebacks · "
    "--max-size 100G what .gz, .zst, .xlsx and .parquet may unpack to (default: 256M, or 200 times "
    "the file)"
)

app = typer.Typer(
    name="korpus",
    help="Korean text mining in commands that chain (한국어 텍스트 마이닝).\n\n"
    "Example: korpus morph reviews.csv | korpus stopwords | korpus freq --top 20",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
)
for _group, _commands in COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_group, epilog=_EPILOG)(_command)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"korpus {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _korpus(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


def main() -> NoReturn:
    """Run the command line; the exit codes are those of the README."""
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    given = {_ANYWHERE[argument] for argument in arguments if argument in _ANYWHERE}
    arguments = [argument for argument in arguments if argument not in _ANYWHERE]
    arguments, sizes = _without_sizes(arguments)
    debug = "debug" in given
    _open_closed_streams()
    _log_to_stderr(given)
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        for size in sizes:
            from korpus.files import limit_size

            limit_size(size)
        code = int(app(arguments, prog_name="korpus", standalone_mode=False) or 0)
        sys.stdout.flush()  # help and version go out here
        return code
    except NoInput as error:
        with contextlib.redirect_stdout(sys.stderr):
            app([*arguments[:1], "--help"], prog_name="korpus", standalone_mode=False)
        return _fail(error.message, error.hint, error.exit_code)
    except KorpusError as error:
        if debug:
            raise
        return _fail(error.message, error.hint, error.exit_code)
    except ClickUsageError as error:
        if not error.format_message():  # no arguments: Typer has shown the help
            return error.exit_code
        command = error.ctx.command_path if error.ctx else "korpus"
        return _fail(error.format_message().rstrip("."), f"{command} --help", error.exit_code)
    except ClickException as error:
        return _fail(error.format_message(), None, error.exit_code)
    except (OutputClosed, BrokenPipeError):
        _drop_stdout()
        return 0
    except SystemExit as error:
        if error.code == 1:  # Rich's, whose help nobody reads any more
            return 0
        raise
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except MemoryError:
        return _fail("out of memory", "split the input, or drop columns and rare terms before", 1)
    except Exception as error:
        if debug:
            raise
        _drop_stdout()
        return _fail(
            f"unexpected {type(error).__name__}: {' '.join(str(error).split())}",
            "run it again with --debug and report what it prints",
            1,
        )


def _without_sizes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments but for --max-size SIZE and --max-size=SIZE, and those sizes."""
    rest: list[str] = []
    sizes: list[str] = []
    queue = iter(arguments)
    for argument in queue:
        name, equals, value = argument.partition("=")
        if name == _MAX_SIZE:
            sizes.append(value if equals else next(queue, ""))
        else:
            rest.append(argument)
    return rest, sizes


def _open_closed_streams() -> None:
    """Streams that the shell closed (`2>&-`) are empty, and take anything."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115


def _drop_stdout() -> None:
    """Python would flush again at exit, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, hint: str | None, code: int) -> int:
    print(f"korpus: error: {one_line(message)}", file=sys.stderr)  # noqa: T201
    if hint:
        print(f"hint: {one_line(hint)}", file=sys.stderr)  # noqa: T201
    return code


def _log_to_stderr(given: set[str]) -> None:
    quiet, verbose = "quiet" in given, given & {"verbose", "debug"}
    to_stderr(logging.ERROR if quiet else logging.DEBUG if verbose else logging.INFO)


def _interrupt(number: int, frame: object) -> NoReturn:
    """SIGINT or SIGTERM as an exception, so that partial files are removed on the way out.

    The first is enough: `timeout` and a nervous hand send several.
    """
    for other in _SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)
