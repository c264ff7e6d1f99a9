"""Import what most tests import, so that Python has it compiled: python -m tests.runner.imports."""

import contextlib
import importlib

from tests.runner.server import LARGE_LIBRARIES, import_korpus

if __name__ == "__main__":
    import_korpus()
    for name in LARGE_LIBRARIES:
        with contextlib.suppress(ImportError):  # those that only tests need may come later
            importlib.import_module(name)
