"""Draw the charts of all commands in one process: vl-convert takes 0.7 s to start, 0.03 s a chart.

A command gets what it would have drawn itself: its fonts and time zone count, and what vl-convert
says goes to its standard error.
"""

import contextlib
import os
import pickle
import select
import socket
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import vl_convert

from korpus.files.writers import charts
from korpus.pictures import default_font

_DRAW = ("vegalite_to_svg", "vegalite_to_png", "svg_to_pdf", "javascript_bundle")


def share_charts(address: str) -> None:
    """Start the process at a socket, and use it.

    It ends with the standard input of this process. A command that registers other fonts than the
    default one, or none, or is in another time zone, draws in its own process.
    """
    folder = str(default_font().parent)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    if not os.fork():
        vl_convert.register_font_directory(folder)
        # Vega is bundled for a page in 2 s.
        vl_convert.javascript_bundle = cache(vl_convert.javascript_bundle)
        _serve(listener)
        os._exit(0)
    listener.close()
    use_charts(address)


def share_font() -> None:
    """Read the tables of the default font, which takes half of the time of cutting it down.

    The first picture of a fork cuts this font down, and each later one a font of its own.
    """
    read = [charts.open_default_font()]
    for table in ("cmap", "glyf", "hmtx"):
        read[0][table]
    open_font = charts.open_default_font
    charts.open_default_font = lambda: read.pop() if read else open_font()


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
                name, arguments, options = pickle.load(stream)
                found = error = None
                try:
                    found = getattr(vl_convert, name)(*arguments, **options)
                except Exception as raised:
                    error = raised
                said = os.pread(2, 1 << 20, 0).decode()
                os.ftruncate(2, 0)
                os.lseek(2, 0, os.SEEK_SET)
                pickle.dump((found, error, said), stream)
