"""Marks of options: which files they name, and which others they need. `command` checks them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reads:
    """Marks an option or argument that names files to read."""


@dataclass(frozen=True)
class Writes:
    """Marks an option that names a file to write.

    `kind`: records, tables, picture, chart or prose, whose writers know their formats; folder; or
    the suffixes that are allowed.
    """

    kind: str | tuple[str, ...]


class WritesTable:
    """Marks a flag with which a command that writes records writes a table instead."""


@dataclass(frozen=True)
class OnlyWith:
    """Marks an option that does nothing unless the parameter `name` is given.

    `values`: unless it has one of these.
    """

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotWith:
    """Marks an option that does nothing if one of these parameters is given."""

    names: tuple[str, ...]
