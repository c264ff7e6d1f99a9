"""What a study needs to know of a command: its parameters, and the arguments they become."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class Parameter(NamedTuple):
    """A parameter of a command.

    `name`: in Python. `flag`: its long option; "" for an argument. `off`: the option that switches
    it off; "" if it has no such option. `names`: its names in a study. `is_flag`: takes no
    value. `is_list`: takes several. `reads`, `writes`: it names files. `is_shared`: it says how
    files are read or written, as many commands do.
    """

    name: str
    flag: str
    off: str
    names: tuple[str, ...]
    is_flag: bool
    is_list: bool
    reads: bool
    writes: bool
    is_shared: bool

    def words(self, value: Any) -> Iterator[str]:
        """The words on the command line that give it a value."""
        if not self.flag:
            yield from texts(value)
        elif self.is_flag:
            if word := self.flag if value else self.off:
                yield word
        else:
            items = texts(value)
            for item in items if self.is_list else [",".join(items)]:
                yield from [f"{self.flag}={item}"] if item.startswith("-") else [self.flag, item]


@dataclass(frozen=True)
class CommandSpec:
    """A command: its name, and its parameters in the order of its help.

    `gives_records`: its output is documents, not a table.
    """

    name: str
    parameters: tuple[Parameter, ...]
    gives_records: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """The parameter that a key of a study stands for; None if there is none."""
        wanted = name.replace("_", "-")
        return next((item for item in self.parameters if wanted in item.names), None)

    @property
    def source(self) -> Parameter | None:
        """The argument that the inputs of a step are."""
        read = [item for item in self.parameters if item.reads and not item.flag]
        named = [item for item in read if item.name in ("source", "sources")]
        return next(iter(named or read), None)

    @property
    def reads_pipe(self) -> bool:
        """Whether it reads standard input if no source is given."""
        return self.source is not None and self.source.name in ("source", "sources")

    @property
    def output(self) -> Parameter | None:
        """The option -o."""
        return next((item for item in self.parameters if item.name == "output"), None)

    def arguments(self, values: Mapping[str, Any]) -> list[str]:
        """The command line of parameters with values, by their names in Python."""
        options: list[str] = []
        positional: list[str] = []
        for name, value in values.items():
            parameter = next(item for item in self.parameters if item.name == name)
            if parameter.flag:
                options += parameter.words(value)
        for parameter in self.parameters:
            if not parameter.flag and parameter.name in values:
                positional += parameter.words(values[parameter.name])
        guard = ["--"] if any(item.startswith("-") and item != "-" for item in positional) else []
        return [*self.name.split(), *options, *guard, *positional]


def texts(value: Any) -> list[str]:
    """The items of a value of TOML as words."""
    items = value if isinstance(value, list) else [value]
    return [item.isoformat() if hasattr(item, "isoformat") else str(item) for item in items]
