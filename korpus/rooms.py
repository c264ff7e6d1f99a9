"""The names of a room are imported when they are first used.

A command uses few modules of a room: to import all of them took longer than to count the words of
a small file.
"""

import ast
import inspect
import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    _modules: dict[str, str]  # the module of each name

    def __getattr__(self, name: str) -> Any:
        module = self._modules.get(name)
        if module is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = getattr(import_module(module), name)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        # Python gives a package each of its modules that is imported: korpus.tokens.freq would be
        # the module then, and is the function.
        if not (isinstance(value, ModuleType) and name in self._modules):
            super().__setattr__(name, value)


def load_when_used(room: str) -> None:
    """Let a package import names when they are asked for: those under its `if TYPE_CHECKING:`."""
    package = sys.modules[room]
    package.__dict__["_modules"] = {
        alias.name: node.module
        for node in ast.walk(ast.parse(inspect.getsource(package)))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    package.__class__ = _Room
