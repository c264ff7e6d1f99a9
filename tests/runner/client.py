"""Ask the command server (server.py) to run a command; also a program that stands for `korpus`.

As a program (`python -I -S client.py ADDRESS ARGUMENT...`) it gives the command its own arguments,
environment, folder and standard streams, and ends as the command ended. It imports only built-in
modules, so it starts in a few milliseconds.
"""

import _socket
import marshal
import posix
import sys

NEEDS_NEW_INTERPRETER = 1 << 16  # no exit status
# Forks of a small process take less time. So commands that import no large library, as far as
# their arguments tell, are run by one server, those that need Kiwi or transformers by servers that
# have loaded these, and the others by a fourth.
LARGE, KIWI, TRANSFORMERS = ".large", ".kiwi", ".transformers"  # at the end of an address
CHARTS = ".charts"  # at the end of that of the process which draws; see charts.py
_SMALL = set(
    b"read clean space spell sentences dedupe where sample split join head"
    b" morph stopwords words code freq info recipe lengths".split()  # the last is README's example
)
_KIWI = {b"space", b"spell", b"sentences"}  # words learn needs a Kiwi with threads
_KIWI_UNLESS = {b"agree": b"-a", b"lm": b"-m"}  # without this option
_LARGE = (b"xls", b"parquet", b"--plot")  # parts of arguments
_STREAMS = (0, 1, 2)


def request(
    address: str,
    arguments: list[bytes],
    environment: dict[bytes, bytes],
    folder: bytes,
    streams: tuple[int, int, int],
    more: list[list[bytes]] = [],  # noqa: B006
    *,
    is_bare: bool = False,
) -> "_socket.socket":
    """Send a command. The connection gives its exit status when it ends: see `answer`.

    `address`: that of the server for commands that import little. `streams`: the command's standard
    input, output and error; -1 for a closed one. `more`: the arguments of other commands, which the
    same fork runs after this one; its output is then what each gave (see server.py). `is_bare`: at
    the address is a server for all commands (see bare.py).
    """
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(address if is_bare else address + _server(arguments))
    mask = posix.umask(0)
    posix.umask(mask)
    is_open = [stream >= 0 for stream in streams]
    body = marshal.dumps((arguments, environment, folder, mask, is_open, more))
    given = b"".join(s.to_bytes(4, sys.byteorder) for s in streams if s >= 0)
    head = len(body).to_bytes(4, "big")
    connection.sendmsg([head], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, given)] if given else [])
    connection.sendall(body)
    return connection


def _server(arguments: list[bytes]) -> str:
    if b"--help" in arguments or b"-h" in arguments:
        return ""
    if arguments[:1] == [b"tf"]:
        return TRANSFORMERS
    if not _KIWI.isdisjoint(arguments) or (b"kiwi" in arguments and b"learn" not in arguments):
        return KIWI
    option = _KIWI_UNLESS.get(arguments[0]) if arguments else None
    if option and option not in arguments:
        return KIWI
    return "" if is_small(arguments) else LARGE


def is_small(arguments: list[bytes]) -> bool:
    """Whether a command imports no large library, as far as its arguments tell."""
    name = next((argument for argument in arguments if not argument.startswith(b"-")), b"read")
    return name in _SMALL and not any(part in line for part in _LARGE for line in arguments)


def answer(connection: "_socket.socket") -> int:
    """Wait for the end of a command. Its exit code, or minus the signal that ended it."""
    try:
        data = connection.recv(4)
    finally:
        connection.close()  # which ends the command, if this is interrupted
    if len(data) < 4:
        raise EOFError("the command server is gone")
    return int.from_bytes(data, "big", signed=True)


def _is_open(stream: int) -> bool:
    try:
        posix.fstat(stream)
    except OSError:
        return False
    return True


def main() -> None:
    """Run `korpus` with the arguments after the server's address."""
    address, *arguments = sys.argv[1:]
    streams = tuple(stream if _is_open(stream) else -1 for stream in _STREAMS)
    encoded = [argument.encode("utf-8", "surrogateescape") for argument in arguments]
    environment = dict(posix.environ)
    status = answer(request(address, encoded, environment, posix.getcwdb(), streams))  # type: ignore[arg-type]
    if status == NEEDS_NEW_INTERPRETER:
        posix.execve(sys.executable, [sys.executable, "-m", "korpus", *arguments], environment)
    if status < 0:
        import _signal

        _signal.signal(-status, _signal.SIG_DFL)
        posix.kill(posix.getpid(), -status)
    posix._exit(status)


if __name__ == "__main__":
    main()
