"""Import the tests and what most of them import, so that Python has it compiled.

Each process of pytest would else compile all tests again: python -m tests.runner.imports.
"""

import contextlib
import importlib

import pytest

from tests.runner.server import LARGE_LIBRARIES, import_korpus

if __name__ == "__main__":
    import_korpus()
    for name in LARGE_LIBRARIES:
        with contextlib.suppress(ImportError):  # those that only tests need may come later
            importlib.import_module(name)
    pytest.main(["--collect-only", "-qqq", "-rN", "-n0"])
