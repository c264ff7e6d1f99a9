"""Rooms import their names when they are used."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from korpus.rooms import load_when_used
from tests.support import ROOT

ROOMS = [
    ".".join(path.parent.relative_to(ROOT).parts)
    for path in sorted((ROOT / "korpus").rglob("__init__.py"))
    if load_when_used.__name__ in path.read_text()
]


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_room_is_there(room: str) -> None:
    module = import_module(room)
    assert module.__all__
    for name in module.__all__:
        value = getattr(module, name)
        import_module(getattr(value, "__module__", None) or room)  # as Python binds submodules
        assert not isinstance(value, ModuleType)
        assert getattr(module, name) is value
    with pytest.raises(AttributeError, match=f"module '{room}' has no attribute 'nothing'"):
        module.nothing  # noqa: B018


def test_a_function_keeps_its_name_when_its_module_is_imported_first() -> None:
    code = "import korpus.tokens.freq; from korpus.tokens import freq; assert callable(freq)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_command_imports_only_what_it_uses(sample_tokens: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "korpus", "freq", str(sample_tokens)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rooms = set(re.findall(r"korpus\.([a-z]+)\.", done.stderr))
    assert {"tokens", "files", "cli"} <= rooms
    assert not rooms & {"analyzers", "documents", "models", "networks", "views", "reports", "spark"}


def test_help_imports_no_options() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "korpus", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "korpus.cli.registry" in done.stderr and "korpus.cli.options" not in done.stderr
