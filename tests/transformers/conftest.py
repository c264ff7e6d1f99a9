"""Tests of the extra `transformers`: skipped where its packages are not installed."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.transformers import tiny

MISSING = [name for name in ("torch", "transformers", "peft", "trl") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Gives the folder of a tiny model of a kind of `tiny.MAKERS`, made once per session."""

    @cache
    def made(kind: str) -> str:
        folder: Path = tmp_path_factory.mktemp("tiny") / kind
        return str(tiny.make(kind, folder))

    return made
