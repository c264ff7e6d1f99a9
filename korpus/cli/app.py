"""The Typer application. A command's module is imported when the command runs or shows its help."""

import gettext
import inspect
import logging
import os
from collections import Counter
from difflib import get_close_matches
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from korpus.cli import registry
from korpus.errors import UsageError
from korpus.messages import LOCALE, _, language
from korpus.version import __version__

logger = logging.getLogger("korpus")

HELP = """Korean text mining in commands that chain (한국어 텍스트 마이닝).

Example: korpus morph reviews.csv | korpus stopwords | korpus freq --top 20"""
EPILOG = (
    "Anywhere: -q, --quiet errors only · -v, --verbose more messages · --debug tracebacks · "
    "--log FILE appends what the run read and wrote · "
    "--max-size 100G limit on decompressed input (default: 256M, or 200 times the file)"
)
_SETTINGS = {"help_option_names": ["-h", "--help"]}


def make_app() -> Any:
    """The application, as a Click group, in the reader's language."""
    # Typer translates its own words by gettext; the catalogue has them too.
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("korpus", LOCALE)
    gettext.textdomain("korpus")
    app = typer.Typer(
        name="korpus",
        cls=_Commands,
        help=_(HELP),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        epilog=_(EPILOG),
    )
    app.callback()(_korpus)
    return typer.main.get_command(app)


def load_command(entry: registry.Command) -> Any:
    """The Click command of a registry entry, with its help made from the entry."""
    function = registry.load(entry.target)
    details, _mark, example = (inspect.getdoc(function) or "").rpartition("Example: ")
    columns_in = f"{_('In:')} {_(entry.columns_in)}" if entry.columns_in else ""
    columns_out = f"{_('Out:')} {_(entry.columns_out)}"
    details = _(details.strip()) if details.strip() else ""  # gettext("") is the file's header
    parts = [_(entry.summary), details, columns_in, columns_out, f"{_('Example:')} {example}"]
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(
        entry.name.split()[-1],
        cls=_Command,
        help="\n\n".join(part for part in parts if part),
        epilog=_(EPILOG),
        context_settings=_SETTINGS,
    )(function)
    return typer.main.get_command(app)


def _translated(parameters: list[Any]) -> list[Any]:
    """The parameters of a command, with their help and its heading in the reader's language.

    {input_formats} and the like stand for what the tables of formats hold.
    """
    for parameter in parameters:
        if parameter.help:
            parameter.help = _(parameter.help)
        if "{" in (parameter.help or ""):
            parameter.help = parameter.help.format(**_formats())
        if panel := getattr(parameter, "rich_help_panel", None):
            parameter.rich_help_panel = _(panel)
    return parameters


def _formats() -> dict[str, str]:
    from korpus import files

    return {
        "input_suffixes": " ".join(files.input_suffixes()),
        "group": files.GROUP,
        "shapes": ", ".join(files.shape_names()),
        "input_formats": ", ".join(files.input_formats()),
        "record_formats": ", ".join(files.output_formats(files.RECORDS)),
        "network_formats": ", ".join(files.output_formats(files.NETWORKS)),
        "table_formats": ", ".join(files.output_formats(files.TABLES)),
    }


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    """The first line of help; Click does not translate its first word."""
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=f"{_('Usage:')} ")


def _wrap_wide_letters() -> None:
    """Correct how Rich wraps help with wide letters, before it is shown.

    Rich takes the space off the end of a line by the number of letters, not by their width. A line
    that Hangul fills up would lose its last letters to `…`.
    """
    from rich.text import Text

    def rstrip_end(self: Text, size: int) -> None:
        spaces = len(self.plain) - len(self.plain.rstrip())
        excess = min(spaces, self.cell_len - size)
        if excess > 0:
            self.right_crop(excess)

    Text.rstrip_end = rstrip_end  # type: ignore[method-assign]


class _Command(TyperCommand):
    """A command whose help is translated."""

    def get_params(self, ctx: Any) -> list[Any]:
        """See TyperCommand."""
        return _translated(super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See TyperCommand. Says which options were given more often than they count.

        Raises UsageError where the value of an option is another option, as in -o --top 5.
        """
        values, _rest, order = self.make_parser(ctx).parse_args(args=list(args))
        names = {name for option in self.get_params(ctx) for name in option.opts}
        for option in order:
            value = values.get(option.name)
            if names.intersection(value if isinstance(value, list) else [str(value)]):
                message = _("{name}: a value is missing").format(name=option.opts[-1])
                hint = f"{ctx.command_path} --help"
                raise UsageError(message, hint)
        rest: list[str] = super().parse_args(ctx, args)
        for option, count in Counter(order).items():
            if count > 1 and not (option.multiple or getattr(option, "is_flag", True)):
                logger.warning(
                    _("%s is given %d times: only the last one counts"), option.opts[0], count
                )
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """See TyperCommand."""
        _wrap_wide_letters()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """See TyperCommand."""
        _write_usage(self, ctx, formatter)


class _Commands(TyperGroup):
    """The commands of the registry whose names begin with `words`.

    Help and completion list stubs; `resolve_command` loads the real command.
    """

    words: tuple[str, ...] = ()

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.entries = dict(registry.within(self.words))
        for word, entries in self.entries.items():
            self.commands[word] = self._stub(word, entries)

    def _stub(self, word: str, entries: list[registry.Command]) -> Any:
        panel = _(entries[0].group)
        if (*self.words, word) == tuple(entries[0].name.split()):
            summary = _(entries[0].summary)
            return TyperCommand(word, help=summary, callback=None, rich_help_panel=panel)
        group = type("_Subcommands", (_Commands,), {"words": (*self.words, word)})
        return group(
            name=word,
            help=_(registry.SUMMARIES[word]),
            rich_help_panel=panel,
            no_args_is_help=True,
            context_settings=_SETTINGS,
        )

    def get_params(self, ctx: Any) -> list[Any]:
        """See TyperGroup."""
        return _translated(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """See TyperGroup."""
        _wrap_wide_letters()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """See TyperGroup."""
        _write_usage(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the command that is called. Raises UsageError for an unknown name."""
        word = args[0]
        if word not in self.commands and not word.startswith("-"):
            close = get_close_matches(word, self.commands)
            hint = _("did you mean {names}?").format(names=", ".join(close)) if close else ""
            raise UsageError(
                _("no such command: {name}").format(name=" ".join([*self.words, word])),
                hint or f"{ctx.command_path} --help",
            )
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and not isinstance(command, _Commands):
            command = load_command(self.entries[name][0])
        return name, command, rest


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"korpus {__version__}")  # noqa: T201
        raise typer.Exit


def _korpus(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass
