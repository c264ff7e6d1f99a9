"""The commands of the registry as a study file sees them."""

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

# Typer bundles Click; see korpus/cli/main.py.
from typer._click.exceptions import UsageError as ClickUsageError

from korpus.cli import registry
from korpus.cli.app import load_command
from korpus.cli.marks import Reads, Writes
from korpus.cli.options import INPUT, OUTPUT
from korpus.errors import KorpusError
from korpus.studies import CommandSpec, Parameter

_BY_NAME = {command.name: command for command in registry.COMMANDS}


class Commands(Mapping[str, CommandSpec]):
    """All commands by name; each is loaded when it is looked up."""

    def __getitem__(self, name: str) -> CommandSpec:
        return _spec(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_BY_NAME)

    def __len__(self) -> int:
        return len(_BY_NAME)


def values_of(arguments: list[str]) -> tuple[str, dict[str, Any], set[str]]:
    """Read a command line: the command, the values of its parameters, and which were given.

    Raises UsageError, or an error of Click, for what the command would refuse.
    """
    arguments = registry.full_name(arguments)
    name = max(
        (name for name in _BY_NAME if arguments[: len(name.split())] == name.split()),
        key=len,
        default="",
    )
    command = _click(name)
    with command.make_context(name, arguments[len(name.split()) :]) as context:
        given = {
            name
            for name in context.params
            if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
        }
        return name, {key: _plain(value) for key, value in context.params.items()}, given


def options_told(arguments: list[str]) -> dict[str, Any]:
    """The values of a command line that say what the command does.

    Not files that it writes, and how files are read and written only where that was chosen.
    """
    name, values, given = values_of(arguments)
    return {
        item.name: values[item.name]
        for item in _spec(name).parameters
        if not item.writes
        and values[item.name] is not None
        and (item.name in given or not item.is_shared)
    }


def check_arguments(arguments: list[str]) -> tuple[str, str | None]:
    """Why a command would refuse its arguments, with a hint; "" if it would not."""
    from korpus.cli.main import usage_message

    try:
        values_of(arguments)
    except KorpusError as error:
        return error.message, error.hint
    except ClickUsageError as error:
        return usage_message(error)
    return "", None


@cache
def _click(name: str) -> Any:
    return load_command(_BY_NAME[name])


@cache
def _spec(name: str) -> CommandSpec:
    marked = inspect.signature(registry.load(_BY_NAME[name].target)).parameters
    parameters = []
    gives_records = False
    for item in _click(name).params:
        hint = marked[item.name].annotation if item.name in marked else None
        marks = getattr(hint, "__metadata__", ())
        gives_records |= Writes("records") in marks
        is_argument = item.param_type_name == "argument"
        shown = [option.lstrip("-") for option in item.opts]
        parameters.append(
            Parameter(
                name=item.name,
                flag="" if is_argument else max(item.opts, key=len),
                off=next(iter(item.secondary_opts), ""),
                names=tuple(dict.fromkeys([*shown, item.name.replace("_", "-")])),
                is_flag=bool(getattr(item, "is_flag", False)),
                is_list=bool(item.multiple) if not is_argument else item.nargs != 1,
                reads=any(isinstance(mark, Reads) for mark in marks),
                writes=any(isinstance(mark, Writes) for mark in marks),
                is_shared=any(
                    getattr(mark, "rich_help_panel", None) in (INPUT, OUTPUT) for mark in marks
                ),
            )
        )
    known = tuple(item for item in parameters if item.name != "help")
    return CommandSpec(name, known, gives_records)


def _plain(value: Any) -> Any:
    """A value of Click as JSON."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
