"""What every command does around its stage.

`command` turns a function into one that Typer can run. Parameters whose type is a dataclass of
options (`TokenSource`, `TableOutput` …) become those options on the command line. Before the
function runs, all outputs are checked: formats, folders, inputs that would be overwritten. What a
command reads and writes stands in the types of its options, so no command can skip a check.
"""

import inspect
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, NamedTuple, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo

from korpus.cli import on_cluster, progress
from korpus.cli.marks import NotWith, OnlyWith, Reads, Writes, WritesTable
from korpus.cli.options import INPUT, OUTPUT, STDIN, STDOUT
from korpus.cli.rejects import Rejects, set_aside, start
from korpus.errors import TokensNeeded, UsageError
from korpus.messages import _

_LARGEST = 2**32 - 1


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Make a command of a function; its docstring ends with `Example: korpus …`."""
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return")
    parameters = list(_parameters(function, hints))
    runs_elsewhere = function.__name__ in on_cluster.COMMANDS  # join has another --on
    if runs_elsewhere:
        parameters.append(_Parameter("on", on_cluster.On, None))

    def run(ctx: typer.Context, **values: Any) -> None:
        with on_cluster.started(values["on"] if runs_elsewhere else None, parameters, values):
            start_checked(ctx, values)

    def start_checked(ctx: typer.Context, values: dict[str, Any]) -> None:
        _check_paths(parameters, values)
        _check_numbers(parameters, values)
        _check_effects(parameters, values, ctx)
        arguments = {name: _value(name, hint, values) for name, hint in hints.items()}
        with _rejects(parameters, values) as aside:
            try:
                function(**arguments)
            except TokensNeeded as error:
                error.hint = _morph_first(ctx.obj, values.get("source"))
                raise
            if aside is not None:
                aside.write_rows()
        code = 0 if aside is None else aside.end()
        progress.log_end(set_aside(), values.get("output"))
        if code:
            raise typer.Exit(code)

    shown = [_Parameter("ctx", typer.Context, inspect.Parameter.empty), *parameters]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                item.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=item.default,
                annotation=item.hint,
            )
            for item in shown
        ]
    )
    run.__annotations__ = {item.name: item.hint for item in shown}
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__module__ = function.__module__
    return run


def _value(name: str, hint: Any, values: dict[str, Any]) -> Any:
    """The value of a parameter; a group of options is made of the values of its options."""
    if not is_dataclass(hint):
        return values[name]
    return hint(**{field.name: values[field.name] for field in fields(hint)})  # type: ignore[operator]


class _Parameter(NamedTuple):
    name: str
    hint: Any
    default: Any

    def role(self, kind: type) -> Any:
        """What marks the parameter as one that reads or writes files; None without a mark."""
        return next((mark for mark in self.marks if isinstance(mark, kind)), None)

    @property
    def marks(self) -> tuple[Any, ...]:
        """What its type is annotated with."""
        return self.hint.__metadata__ if get_origin(self.hint) is Annotated else ()

    @property
    def heading(self) -> str | None:
        """The heading of help under which it stands; None for "Options"."""
        return next((m.rich_help_panel for m in self.marks if hasattr(m, "rich_help_panel")), None)

    @property
    def option(self) -> str:
        """Its last name on the command line, the long one; of an argument the one in help."""
        info = self.hint.__metadata__[0]  # Typer takes the first name for a default here
        return str(info.metavar if self.is_argument else [info.default, *info.param_decls][-1])

    @property
    def is_argument(self) -> bool:
        """Whether it is given by its place, without a name."""
        return isinstance(self.hint.__metadata__[0], ArgumentInfo)


def _parameters(function: Callable[..., None], hints: dict[str, Any]) -> Iterator[_Parameter]:
    """The options of a command; those that it shares with others, of reading and writing, last."""
    shared: list[_Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        if not is_dataclass(hint):
            yield _Parameter(name, hint, parameter.default)
            continue
        types = get_type_hints(hint, include_extras=True)
        for field in fields(hint):
            default = inspect.Parameter.empty if field.default is MISSING else field.default
            shared.append(_Parameter(field.name, types[field.name], default))
    yield from sorted(shared, key=lambda item: item.heading in (INPUT, OUTPUT))


def _inputs(parameters: list[_Parameter], values: dict[str, Any]) -> list[str]:
    """The paths that a command reads, as far as they were given."""
    inputs: list[str] = []
    for item in parameters:
        value = values[item.name]
        if item.role(Reads) and value is not None:
            inputs += [value] if isinstance(value, str) else value
    if inputs.count(STDIN) > 1:
        raise UsageError(
            _("standard input is named twice"), _("one of the inputs has to be a file")
        )
    return inputs


def _check_paths(parameters: list[_Parameter], values: dict[str, Any]) -> None:
    """Raises UsageError or KorpusError, before any work, for paths that cannot be used."""
    from korpus import files

    named = _inputs(parameters, values)
    written = [values[item.name] for item in parameters if item.role(Writes)]
    if "" in named or "" in written:  # else it would mean this folder
        raise UsageError(
            _("the name of a file is empty"), _("is it a variable of the shell that is not set?")
        )
    inputs = [STDIN, *named]
    seen: dict[str, str] = {}
    if progress.log_path is not None:
        _check_unique("--log", progress.log_path, seen)
    is_table = any(values[item.name] for item in parameters if WritesTable in item.marks)
    for item in parameters:
        role, path = item.role(Writes), values[item.name]
        if role is None or path is None:
            continue
        is_output = item.name == "output"
        kind = files.TABLES if is_output and is_table else role.kind
        files.check_format(kind, path, values.get("format") if is_output else None)
        if role.kind == "folder":
            _check_unique(f"--{item.name.replace('_', '-')}", path, seen)
            files.check_folder(path, inputs[1:], no_clobber=values["no_clobber"])
            continue
        for written in [path, *files.matrix_names(path)]:
            _check_unique(f"--{item.name.replace('_', '-')}", written, seen)
            files.check_output(
                written,
                inputs,
                no_clobber=values["no_clobber"],
                in_parts=item.name == "output" and on_cluster.current() is not None,
            )


def _check_numbers(parameters: list[_Parameter], values: dict[str, Any]) -> None:
    """Raises UsageError for a number that libraries could not take, which is a slip of the keys."""
    for item in parameters:
        value = values[item.name]
        if isinstance(value, int) and value > _LARGEST:
            raise UsageError(
                _("{option} {value} is more than {limit}").format(
                    option=item.option, value=value, limit=_LARGEST
                )
            )


def _check_effects(
    parameters: list[_Parameter], values: dict[str, Any], ctx: typer.Context
) -> None:
    """Raises UsageError for an option that does nothing with the others that were given."""
    by_name = {item.name: item for item in parameters if _is_given(item.name, ctx)}
    for item in by_name.values():
        if needed := item.role(OnlyWith):
            other = next(other for other in parameters if other.name == needed.name)
            _check_needed(item.option, other.option, values[needed.name], needed.values)
        useless = item.role(NotWith)
        for name in useless.names if useless else ():
            if name in by_name and values[name]:
                pair = sorted((item, by_name[name]), key=lambda one: not one.is_argument)
                raise UsageError(
                    _("{option} does nothing with {other}").format(
                        option=pair[0].option, other=pair[1].option
                    ),
                    _("leave one out"),
                )


def _is_given(name: str, ctx: typer.Context) -> bool:
    """Whether a parameter stands on the command line."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _check_needed(option: str, other: str, value: object, wanted: tuple[str, ...]) -> None:
    if not value:
        raise UsageError(
            _("{option} does nothing without {other}").format(option=option, other=other),
            _("leave it out, or add {other}").format(other=other),
        )
    if wanted and value not in wanted:
        raise UsageError(
            _("{option} does nothing with {other}").format(option=option, other=f"{other} {value}"),
            _("leave it out, or choose {other}").format(other=f"{other} {wanted[0]}"),
        )


def _rejects(
    parameters: list[_Parameter], values: dict[str, Any]
) -> AbstractContextManager[Rejects | None]:
    """The rejects of a command that reads rows."""
    if "rejects" not in values:
        return nullcontext()
    return start(_inputs(parameters, values), values.get("output"), values["rejects"])


def _check_unique(option: str, path: str, seen: dict[str, str]) -> None:
    real = path if path == STDOUT else os.path.realpath(path)
    if real in seen:
        shown = _("standard output") if path == STDOUT else path
        raise UsageError(
            _("{first} and {second} are both {path}").format(
                first=seen[real], second=option, path=shown
            ),
            _("give each its own file"),
        )
    seen[real] = option


def _morph_first(arguments: list[str], source: str | None) -> str:
    """The hint for documents without tokens: the user's own command after korpus morph."""
    if cluster := on_cluster.current():  # which cannot read a pipe
        return _("first run: korpus morph {source} -o tokens.jsonl --on {url}").format(
            source=shlex.quote(str(source)), url=shlex.quote(cluster.url)
        )
    shown = "FILE" if source in (STDIN, None) else source
    rest = [argument for argument in arguments if argument != source]
    return _("run: korpus morph {source} | korpus {command}").format(
        source=shlex.quote(str(shown)), command=shlex.join(rest)
    )
