"""Points where a disk may fail and a process may die, so that tests can make it happen there.

Nothing happens unless KORPUS_TEST_FAULT is set, which is for tests warm_up:
`POINT:N:WHAT` means that the Nth time POINT is reached (`*`: any point) WHAT happens, `KILL`
(SIGKILL) or the name of an errno (`ENOSPC`, `EIO`); `POINT:N+:WHAT`, then and ever after.
KORPUS_TEST_POINTS names a file to which each point that is reached adds a line, `POINT` or
`POINT WHAT`.
"""

import errno
import os
import signal

_FAULT, _POINTS = "KORPUS_TEST_FAULT", "KORPUS_TEST_POINTS"
_times: dict[str, int] = {}


def reached(point: str) -> None:
    """Say that an open, write, fsync or rename of an output comes next.

    Raises OSError, or ends the process, where a test has asked for it.
    """
    if _FAULT in os.environ or _POINTS in os.environ:
        _act(point, os.environ.get(_FAULT, ""))


def _act(point: str, plan: str) -> None:
    happens = ""
    if plan:
        where, number, what = plan.split(":")
        if where in (point, "*"):
            _times[plan] = times = _times.get(plan, 0) + 1
            wanted = int(number.rstrip("+"))
            if times == wanted or (times > wanted and number.endswith("+")):
                happens = what
    if log := os.environ.get(_POINTS):
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, f"{point} {happens}".rstrip().encode() + b"\n")
        os.close(handle)
    if happens == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    if happens:
        code = getattr(errno, happens)
        raise OSError(code, os.strerror(code))
