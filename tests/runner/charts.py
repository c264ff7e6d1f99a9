"""Draw the charts of all commands in one process: vl-convert takes 0.7 s to start, 0.03 s a chart.

A command gets what it would have drawn itself: its fonts and time zone count, and what vl-convert
says goes to its standard error. Each chart is validated here, which korpus does not do: it fails if
Vega-Lite does not know one of its properties or values.
"""

import contextlib
import json
import os
import pickle
import re
import select
import socket
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import altair
import vl_convert
from jsonschema import ValidationError

from korpus.files.writers import charts
from korpus.pictures import default_font

# What kind of chart has a property.
_COMPOUND = {name.lower(): name for name in ("Concat", "Facet", "HConcat", "Layer", "VConcat")}
_FONT = "font"  # a request for a part of it
_DRAW = ("vegalite_to_svg", "vegalite_to_png", "svg_to_pdf", "javascript_bundle")


def share_charts(address: str) -> None:
    """Start the process at a socket, and use it.

    It ends with the standard input of this process. A command that registers other fonts than the
    default one, or none, or is in another time zone, draws in its own process. The default font is
    cut down there too, once for the same characters.
    """
    folder = str(default_font().parent)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    if not os.fork():
        vl_convert.register_font_directory(folder)
        _serve(listener)
        os._exit(0)
    listener.close()
    use_charts(address)
    charts._font_face = lambda text: _ask(address, _FONT, ("".join(sorted(set(text))),), {})


def use_charts(address: str) -> None:
    """vl_convert asks the process at a socket from now on, here and in forks."""
    folder = str(default_font().parent)
    zone = os.environ.get("TZ")
    register = vl_convert.register_font_directory
    registered: set[str] = set()

    def draw(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if registered == {folder} and os.environ.get("TZ") == zone:
            return _ask(address, function.__name__, arguments, options)
        for path in registered:
            register(path)
        return function(*arguments, **options)

    vl_convert.register_font_directory = registered.add
    for name in _DRAW:
        setattr(vl_convert, name, partial(draw, getattr(vl_convert, name)))


def _ask(address: str, name: str, arguments: Any, options: Any) -> Any:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(address)
        with connection.makefile("rwb") as stream:
            pickle.dump((name, arguments, options), stream)
            stream.flush()
            found, error, said = pickle.load(stream)
    if said and sys.stderr:
        sys.stderr.write(said)
    if error:
        raise error
    return found


def _serve(listener: socket.socket) -> None:
    with tempfile.TemporaryFile() as messages:
        os.dup2(messages.fileno(), 2)
    while True:
        ready, _, _ = select.select([sys.stdin, listener], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listener.accept()
        # A command may be killed while it waits.
        with connection, contextlib.suppress(OSError, EOFError):  # noqa: SIM117
            with connection.makefile("rwb") as stream:
                stream.write(_answer(pickle.dumps(pickle.load(stream))))


@cache
def _answer(request: bytes) -> bytes:
    """What a function gives, the error that it raises, and what it says."""
    name, arguments, options = pickle.loads(request)
    found = error = None
    try:
        if name.startswith("vegalite"):
            validate(arguments[0])
        function = charts._font_face if name == _FONT else getattr(vl_convert, name)
        found = function(*arguments, **options)
    except Exception as raised:
        error = raised
    said = os.pread(2, 1 << 20, 0).decode()
    os.ftruncate(2, 0)
    os.lseek(2, 0, os.SEEK_SET)
    return pickle.dumps((found, error, said))


def validate(chart: str | dict[str, Any]) -> None:
    """Raise an error if Vega-Lite does not know a chart. Those that only differ in data are one."""
    spec = json.loads(chart) if isinstance(chart, str) else chart
    named = json.dumps({name: value for name, value in spec.items() if name != "datasets"})
    _validate_kind(re.sub(r'"data-[0-9a-f]{32}"', '"data"', named))


@cache
def _validate_kind(chart: str) -> None:
    spec = json.loads(chart)
    kind = next((kind for name, kind in _COMPOUND.items() if name in spec), "")
    try:
        getattr(altair, f"{kind}Chart").validate(spec)
    except ValidationError as error:  # which cannot be pickled
        raise ValueError(f"no chart of Vega-Lite: {error.message}") from None
